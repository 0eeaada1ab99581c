"""The way up of a sale: whom it meets, and the table that says what happens to each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from tests.oracle.lines import Grounds, Line, Met
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import depth_of, meets_requires, part_of, rates_for, seems_active
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.trees import Tree

SKIPPED = (1, 2, 3, 4)
PAID = 9

Covers = Callable[[str, int], bool]


def sales_of(run: Run, bonus: Bonus) -> Iterator[tuple[Sold, str, Fraction]]:
    """Yield the sales that a bonus looks at, each with its owner and its base, which is not 0."""
    for sold in run.paying:
        base = run.base(bonus.keys["pays_on"], sold)
        if sold.owner is not None and base != 0:
            yield sold, sold.owner, base


def met_by(tree: Tree, sold: Sold, owner: str = "is level 1") -> Iterator[str]:
    """Yield the owner of a customer's order or the buyer's parent, and then everybody above.

    With `owner = "is left out"` the way up of a customer's order, too, begins at the parent.
    """
    if sold.owner is None:
        return
    if sold.is_customer_order and owner == "is level 1":
        yield sold.owner
    yield from tree.upline(sold.owner)


def rule_for(
    run: Run, bonus: Bonus, id: str, *, covers: bool, may_skip_uncovered: bool = True
) -> int:
    """Return the first line of the documentation's table that fits the distributor met."""
    policies = run.member(id).policies
    is_active = seems_active(run, bonus, id)
    qualifies = meets_requires(run, bonus, id)
    compression = compression_of(bonus)
    is_dynamic = compression == "dynamic"
    table = {
        1: not policies.occupies_level,
        2: not is_active and compression in ("inactive", "dynamic"),
        3: not qualifies and is_dynamic,
        4: not covers and is_dynamic and may_skip_uncovered,
        5: not policies.earns,
        6: not is_active,
        7: not qualifies,
        8: not covers,
        9: True,
    }
    return next(rule for rule, fits in table.items() if fits)


def compression_of(bonus: Bonus) -> str:
    return str(bonus.keys.get("compression", "none"))


def walk(
    run: Run,
    bonus: Bonus,
    people: Iterable[str],
    evidence: str,
    rates: Callable[[str], Sequence[Rate]] | None = None,
    *,
    may_skip_uncovered: bool = True,
) -> Iterator[Met]:
    """Yield each one met with the level to be paid and the line of the table that decided."""
    depth, level = depth_of(run, bonus), 1
    for id in people:
        if level > depth:
            return
        row = rates(id) if rates else rates_for(run, bonus, id)
        rule = rule_for(
            run,
            bonus,
            id,
            covers=level <= len(row),
            may_skip_uncovered=may_skip_uncovered,
        )
        yield Met(bonus.name, evidence, id, level, rule)
        if rule not in SKIPPED:
            level += 1


def line_on_sale(
    run: Run, bonus: Bonus, earner: str, sold: Sold, *, level: int, base: Fraction, rate: Rate
) -> Iterator[Line]:
    """Yield the line of a payment on a sale, unless the rate is 0, or money of a base below 0."""
    if rate.money is None:
        exact = part_of(run, bonus, base, rate.per_cent)
        is_paid = rate.per_cent != 0
    else:
        exact = Fraction(rate.money)
        is_paid = base > 0 and rate.money != 0
    if is_paid:
        volume = bonus.keys["pays_on"]
        whole = run.base(volume, sold)
        yield Line(
            earner=earner,
            bonus=bonus.name,
            level=level,
            evidence=sold.id,
            base=base,
            rate=rate.per_cent,
            amount=run.plan.rounded(exact),
            exact=exact,
            buyer=sold.buyer,
            grounds=Grounds(volume, {sold.id: whole}, whole),
        )
