"""Caps: limits are lines of their own, negative, named after what they limit."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.oracle.evidence import all_together
from tests.oracle.lines import Grounds, Line
from tests.oracle.money import share_out, toward_zero
from tests.oracle.plan import Bonus, Limit
from tests.oracle.rates import row_of
from tests.oracle.rounding import by_earner
from tests.oracle.run import Run


def on_bonus(run: Run, bonus: Bonus, paid: Sequence[Line]) -> list[Line]:
    """Return what is taken off a bonus: each limit sees what those before it left."""
    name, what = f"Cap on {bonus.name}", f" in {bonus.name}"
    found: list[Line] = []
    if bonus.cap.per_buyer:
        found += per_buyer(bonus, name, paid)
    found += per_earner(run, name, what, [*paid, *found], earner_limits(run, bonus))
    if bonus.cap.per_holder is not None:
        found += per_holder(run, name, what, [*paid, *found], bonus.cap.per_holder)
    if bonus.cap.total is not None:
        found += total(run, name, what, [*paid, *found], bonus.cap.total)
    return found


def on_plan(run: Run, lines: Sequence[Line]) -> list[Line]:
    """Return what the plan's own limits take off all bonuses that they are about."""
    cap = run.plan.cap
    inside = [each.name for each in run.plan.bonuses] if cap.inside is None else cap.inside
    names = {*inside, *(f"Cap on {name}" for name in inside)}
    paid = [line for line in lines if line.bonus in names]
    limits = {}
    for id in run.members:
        market = run.plan.market(run.member(id).market)
        limit = cap.per_earner if market.per_earner is None else market.per_earner
        if limit is not None:
            limits[id] = limit
    found = list(per_earner(run, "Payout cap", "", paid, limits))
    if cap.per_holder is not None:
        found += per_holder(run, "Payout cap", "", [*paid, *found], cap.per_holder)
    if cap.payout is not None:
        found += total(run, "Payout cap", "", [*paid, *found], cap.payout, "payout")
    return found


def cap_line(
    name: str, earner: str, what: str, off: Sequence[Line], amount: int, level: int, limit: str
) -> Line:
    """Return a line that takes off; it rests on the lines that it is taken off."""
    return Line(
        earner=earner,
        bonus=name,
        level=level,
        evidence=f"earnings of {earner}{what}",
        base=Fraction(0),
        rate=Fraction(0),
        amount=amount,
        exact=Fraction(amount),
        limit=limit,
        grounds=Grounds(whole=Fraction(sum(line.amount for line in off)), lines=tuple(off)),
    )


def per_buyer(bonus: Bonus, name: str, paid: Sequence[Line]) -> Iterator[Line]:
    """Limit what one buyer's sales pay one earner on one level."""
    limits = bonus.cap.per_buyer
    groups: dict[tuple[str, int, str | None], list[Line]] = defaultdict(list)
    for line in paid:
        groups[line.earner, line.level, line.buyer].append(line)
    for (earner, level, _), some in groups.items():
        if level > len(limits):
            continue
        too_much = sum(line.amount for line in some) - limits[level - 1]
        if too_much > 0:
            yield cap_line(name, earner, f" in {bonus.name}", some, -too_much, level, "per_buyer")


def earner_limits(run: Run, bonus: Bonus) -> dict[str, int]:
    """Return the limit of each earner who has one: by grade, and as the market says."""
    limits = {}
    for id in run.members:
        said = run.plan.market(run.member(id).market).bonuses.get(bonus.name)
        table = (said and said.per_earner) or bonus.cap.per_earner
        if table is not None:
            rates_by = "paid-as" if bonus.rates_by == "seller's paid-as" else bonus.rates_by
            for rate in row_of(run, table, rates_by, id):
                limits[id] = rate.money or 0
    return limits


def per_earner(
    run: Run, name: str, what: str, paid: Sequence[Line], limits: dict[str, int]
) -> Iterator[Line]:
    for id, some in by_earner(run, paid).items():
        too_much = sum(line.amount for line in some) - limits.get(id, 0)
        if id in limits and too_much > 0:
            yield cap_line(name, id, what, some, -too_much, 0, "per_earner")


def per_holder(run: Run, name: str, what: str, paid: Sequence[Line], limit: int) -> Iterator[Line]:
    """Limit what all members of one holder get; who has no holder's name holds alone."""
    held: dict[tuple[str, str], dict[str, list[Line]]] = defaultdict(dict)
    for id, some in by_earner(run, paid).items():
        holder = run.member(id).holder
        held[("holder", holder) if holder else ("member", id)][id] = some
    for members in held.values():
        has = {id: sum(line.amount for line in some) for id, some in members.items()}
        too_much = sum(has.values()) - limit
        if too_much > 0:
            parts = in_proportion(too_much, has)
            for id, part in parts.items():
                if part:
                    yield cap_line(name, id, what, members[id], -part, 0, "per_holder")


def total(
    run: Run, name: str, what: str, paid: Sequence[Line], limit: Limit, key: str = "total"
) -> Iterator[Line]:
    """Share the limit over all earners with more than zero: one factor for everybody."""
    earners = by_earner(run, paid)
    has = {id: sum(line.amount for line in some) for id, some in earners.items()}
    most = limit.money
    if limit.volume is not None:
        worth = run.plan.worth(all_together(run, limit.volume))
        most = max(toward_zero(worth * limit.per_cent), 0)
    if sum(has.values()) > most:
        for id, share in in_proportion(most, has).items():
            if share != has[id]:
                yield cap_line(name, id, what, earners[id], share - has[id], 0, key)


def in_proportion(amount: int, has: dict[str, int]) -> dict[str, int]:
    """Share an amount over those with more than zero, by largest remainder."""
    more = {id: each for id, each in has.items() if each > 0}
    exact = [Fraction(amount * each, sum(more.values())) for each in more.values()]
    return dict(zip(more, share_out(amount, exact), strict=True))
