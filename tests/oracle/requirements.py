"""Whether somebody meets a requirement, and how many people do."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import singledispatch

from tests.oracle.days import since
from tests.oracle.figures import ZERO, legs_of, value, whole_of
from tests.oracle.groups import frontline, heads, leg_of, levels_below
from tests.oracle.money import hundredths_cut_off
from tests.oracle.phrases import (
    All,
    AtLeast,
    AtLeastShare,
    Count,
    Group,
    HasRank,
    HasTitle,
    IsActive,
    Joined,
    LegLimit,
    OneOf,
    People,
    RankBefore,
    Requirement,
    WasRank,
)
from tests.oracle.run import Run
from tests.oracle.trees import downline


def is_met(run: Run, requirement: Requirement, id: str) -> bool:
    return meets(requirement, run, id)


@singledispatch
def meets(requirement: Requirement, run: Run, id: str) -> bool:
    raise NotImplementedError(requirement)


@meets.register
def meets_all(requirement: All, run: Run, id: str) -> bool:
    return all(is_met(run, each, id) for each in requirement.of)


@meets.register
def meets_one_of(requirement: OneOf, run: Run, id: str) -> bool:
    return any(is_met(run, each, id) for each in requirement.of)


@meets.register
def meets_active(requirement: IsActive, run: Run, id: str) -> bool:
    return run.active[id]


@meets.register
def meets_volume(requirement: AtLeast, run: Run, id: str) -> bool:
    return value(run, requirement.volume, id) >= requirement.points


@meets.register
def meets_share(requirement: AtLeastShare, run: Run, id: str) -> bool:
    part = value(run, requirement.of, id) * requirement.share
    return value(run, requirement.volume, id) >= part


@meets.register
def meets_leg_limit(requirement: LegLimit, run: Run, id: str) -> bool:
    return counts_with_limit(run, requirement, id) >= requirement.points


def counts_with_limit(run: Run, limit: LegLimit, id: str) -> Fraction:
    """Return what counts of a volume: of no leg more than its most, nor (if said) of oneself."""
    key = str(limit), id
    if key not in run.limited:
        meaning = run.plan.volumes[limit.volume]
        assert isinstance(meaning, Group)
        seen = run.seen_for(str(limit), run.trees[meaning.tree])
        legs = legs_of(run, meaning, id, seen)
        most = hundredths_cut_off(limit.points * limit.share)
        own = whole_of(run, meaning, id, seen) - sum(legs, ZERO)
        if limit.or_oneself:
            own = min(own, most)
        run.limited[key] = own + sum((min(leg, most) for leg in legs), ZERO)
    return run.limited[key]


@meets.register
def meets_rank(requirement: HasRank, run: Run, id: str) -> bool:
    return run.ranks[id].paid_as >= run.plan.number_of(requirement.rank)


@meets.register
def meets_title(requirement: HasTitle, run: Run, id: str) -> bool:
    return run.ranks[id].title >= run.plan.number_of(requirement.rank)


@meets.register
def meets_rank_before(requirement: WasRank, run: Run, id: str) -> bool:
    before = run.plan.number_of(run.state.text(id, "rank.paid_as"))
    return before >= run.plan.number_of(requirement.rank)


@meets.register
def meets_rank_in_periods(requirement: RankBefore, run: Run, id: str) -> bool:
    """The rank was qualified for in so many of the periods before."""
    return periods_with(run, requirement, id) >= requirement.times


def periods_with(run: Run, asked: RankBefore, id: str) -> int:
    """Return in how many of the periods before the rank, or a higher one, was qualified for."""
    had = [qualified_before(run, id, number) for number in range(1, asked.periods + 1)]
    return sum(each >= run.plan.number_of(asked.rank) for each in had)


def qualified_before(run: Run, id: str, number: int) -> int:
    """Return the rank qualified for in the period so many before this one."""
    label = run.longer.start_of_earlier(number)
    return run.plan.number_of(run.state.text(id, f"rank.qualified@{label}"))


@meets.register
def meets_joining(requirement: Joined, run: Run, id: str) -> bool:
    """Days or months from joining to the last day of the period."""
    passed = since_joining(run, id, requirement.unit)
    return passed < requirement.number if requirement.below else passed >= requirement.number


def since_joining(run: Run, id: str, unit: str) -> int:
    return since(run.member(id).joined.date(), run.period.last_day, unit)


@meets.register
def meets_count(requirement: Count, run: Run, id: str) -> bool:
    return count(run, requirement.people, id) >= requirement.number


def count(run: Run, people: People, id: str) -> int:
    """Return how many customers, people or legs there are who meet the conditions."""
    key = str(people), id
    if key not in run.counts:
        run.counts[key] = len(list(counted(run, people, id)))
    return run.counts[key]


def counted(run: Run, people: People, id: str) -> Iterator[str]:
    """Yield who is counted; of a leg, its head."""
    if people.whom == "customers":
        yield from customers(run, people, id)
        return
    tree = run.trees[tree_of(people)]
    seen = run.seen_for(str(people), tree)
    if people.whom == "legs":
        for head in heads(run, tree, id, seen):
            leg = [head, *downline(tree, head, seen)]
            if any(fits(run, people, each) for each in leg):
                yield head
    else:
        yield from (each for each in asked_about(run, people, id) if fits(run, people, each))


def tree_of(people: People) -> str:
    return "enroller" if people.whom == "enrolled" else people.tree


def asked_about(run: Run, people: People, id: str) -> list[str]:
    """Return the frontline, or the downline, or some levels of it."""
    tree = run.trees[tree_of(people)]
    seen = run.seen_for(str(people), tree)
    if people.whom == "downline" and people.levels is None:
        return list(downline(tree, id, seen))
    if people.whom == "downline":
        levels = levels_below(run, tree, id, people.levels or 0, seen)
        return [each for level in levels for each in level]
    directly = list(frontline(run, tree, id, seen))
    if people.leg is None:
        return directly
    leg = leg_of(run.trees[people.tree], id, {"left": 1, "right": 2}[people.leg])
    return [each for each in directly if each in leg]


def fits(run: Run, people: People, id: str) -> bool:
    return all(is_met(run, condition, id) for condition in people.conditions)


def customers(run: Run, people: People, id: str) -> Iterator[str]:
    """Yield the different customers who have each bought that much of this distributor."""
    if not run.member(id).policies.keeps_volume:
        return
    bought: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for sold in run.counted:
        if sold.owner == id and sold.is_customer_order:
            for need in people.conditions:
                assert isinstance(need, AtLeast)
                bought[sold.buyer][need.volume] += run.base(need.volume, sold)
    for buyer, figures in bought.items():
        if all(
            isinstance(need, AtLeast) and figures[need.volume] >= need.points
            for need in people.conditions
        ):
            yield buyer
