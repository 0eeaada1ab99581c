"""`generation`: pay on so many generations of leaders."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tests.oracle.bonuses.guarantee import moves
from tests.oracle.leaders import IsLeader, IsPaid, leaders_met, leaders_of
from tests.oracle.lines import Line, Met
from tests.oracle.money import per_cent
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import is_qualified, one_rate_for, rates_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import PAID, line_on_sale, sales_of, walk


def lines(run: Run, bonus: Bonus, met: list[Met]) -> Iterator[Line]:
    for is_leader, is_paid in leaders_of(run, bonus):
        found = list(on_generations(run, bonus, is_leader, is_paid, met))
        yield from (line for _, line in found)
        if "guarantee" in bonus.keys:
            yield from moves(run, bonus, is_leader, found, rate_of_first)


def on_generations(
    run: Run, bonus: Bonus, is_leader: IsLeader, is_paid: IsPaid, met: list[Met]
) -> Iterator[tuple[str, Line]]:
    """Yield the lines of all sales, each with the leader of the group that the sale is in."""
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    for sold, owner, base in sales_of(run, bonus):
        leaders = leaders_met(bonus, tree, owner, is_leader)
        group_leader = next(leaders, None)
        if group_leader is None:
            continue
        if is_paid(group_leader):
            for line in on_own_group(run, bonus, group_leader, sold, base):
                yield group_leader, line
        above = [each for each in walk(run, bonus, leaders, sold.id) if is_paid(each.member)]
        met += above
        for each in above:
            for line in on_group_below(run, bonus, each, group_leader, sold, base):
                yield group_leader, line


def on_own_group(run: Run, bonus: Bonus, leader: str, sold: Sold, base: Fraction) -> Iterator[Line]:
    """Yield what the group leader, generation 0, is paid."""
    rate = one_rate_for(run, bonus, leader, "own_group")
    if rate is not None and is_qualified(run, bonus, leader):
        yield from line_on_sale(run, bonus, leader, sold, level=0, base=base, rate=rate)


def on_group_below(
    run: Run, bonus: Bonus, met: Met, group_leader: str, sold: Sold, base: Fraction
) -> Iterator[Line]:
    if met.rule == PAID:
        rate = rate_for(run, bonus, met.member, met.level, group_leader)
        yield from line_on_sale(run, bonus, met.member, sold, level=met.level, base=base, rate=rate)


def rate_for(run: Run, bonus: Bonus, id: str, generation: int, group_leader: str) -> Rate:
    """Return the rate, less that of the group's own leader if the plan says so."""
    rate = rates_for(run, bonus, id)[generation - 1]
    if not bonus.keys.get("less_leader", False):
        return rate
    less = first_of(rates_for(run, bonus, group_leader))
    minimum = per_cent(bonus.keys.get("minimum", "0%"))
    return replace(rate, per_cent=max(rate.per_cent - less, minimum))


def first_of(rates: Sequence[Rate]) -> Fraction:
    return rates[0].per_cent if rates else Fraction(0)


def rate_of_first(run: Run, bonus: Bonus, id: str, group_leader: str) -> Fraction:
    """Return what somebody's rate for generation 1 on a leader's group is."""
    return rate_for(run, bonus, id, 1, group_leader).per_cent
