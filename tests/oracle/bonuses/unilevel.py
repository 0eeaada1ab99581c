"""`unilevel` and `fast-start`: pay on the sales of so many levels."""

from collections.abc import Callable, Iterator, Sequence

from tests.oracle.days import since
from tests.oracle.lines import Line, Met
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import NOTHING, depth_of, rates_for, row_of_rank, table_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import PAID, SKIPPED, line_on_sale, met_by, rule_for, sales_of, walk

RatesOf = Callable[[str], Sequence[Rate]]


def lines(run: Run, bonus: Bonus, met: list[Met]) -> Iterator[Line]:
    default_tree = "enroller" if bonus.kind == "fast-start" else "sponsor"
    tree = run.trees[bonus.keys.get("tree", default_tree)]
    for sold, owner, base in sales_of(run, bonus):
        if bonus.kind == "fast-start" and not is_in_time(bonus, sold):
            continue
        rates = rates_of_sale(run, bonus, owner)
        way_up = met_by(tree, sold, bonus.keys.get("owner", "is level 1"))
        people = up_to_the_stop(run, bonus, way_up)
        if bonus.keys.get("levels", "recounted") == "recounted":
            way = walk(
                run, bonus, people, sold.id, rates, may_skip_uncovered=not is_by_seller(bonus)
            )
        else:
            way = rolled_up(run, bonus, list(people), sold.id, rates)
        for each in way:
            met.append(each)
            if each.rule == PAID:
                rate = rates(each.member)[each.level - 1]
                yield from line_on_sale(
                    run, bonus, each.member, sold, level=each.level, base=base, rate=rate
                )


def is_in_time(bonus: Bonus, sold: Sold) -> bool:
    """Return whether a sale is a newcomer's: of the first order, or soon after joining."""
    within = bonus.keys["within"]
    if within == "first order":
        return sold.is_first_order
    number, unit = within.split()
    passed = since(sold.buyer_joined, sold.day, unit.removesuffix("s") + "s")
    return 0 <= passed < int(number)


def is_by_seller(bonus: Bonus) -> bool:
    return bonus.rates_by == "seller's paid-as"


def rates_of_sale(run: Run, bonus: Bonus, owner: str) -> RatesOf:
    """Return who has which rates for this sale: by the own grade, or by that of the owner."""
    if not is_by_seller(bonus):
        return lambda id: rates_for(run, bonus, id)

    def by_the_seller(id: str) -> Sequence[Rate]:
        table = table_for(run, bonus, id)
        if table is None or table.by == "everybody":
            return NOTHING if table is None else table.rows[None]
        return row_of_rank(run, table, run.ranks[owner].paid_as)

    return by_the_seller


def up_to_the_stop(run: Run, bonus: Bonus, people: Iterator[str]) -> Iterator[str]:
    """Yield people up to the first who occupies a level and has the rank at which it stops."""
    stop_at = bonus.keys.get("stop_at")
    for id in people:
        yield id
        if (
            stop_at is not None
            and run.member(id).policies.occupies_level
            and run.ranks[id].paid_as >= run.plan.number_of(stop_at)
        ):
            return


def rolled_up(
    run: Run, bonus: Bonus, people: list[str], evidence: str, rates: RatesOf
) -> Iterator[Met]:
    """Look, for each level of the tree, at who stands there and those above, until one decides.

    Who is passed on the way there has no level, and is met by the first line of the table.
    """
    standing = [at for at, id in enumerate(people) if run.member(id).policies.occupies_level]
    for level in range(1, min(depth_of(run, bonus), len(standing) + 1) + 1):
        begin = 0 if level == 1 else standing[level - 2] + 1
        for id in people[begin:]:
            rule = rule_for(
                run,
                bonus,
                id,
                covers=level <= len(rates(id)),
                may_skip_uncovered=not is_by_seller(bonus),
            )
            yield Met(bonus.name, evidence, id, level, rule)
            if rule not in SKIPPED:
                break
