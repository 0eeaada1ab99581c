"""What is found about each distributor before anybody is paid: activity, ranks, figures."""

from dataclasses import dataclass
from fractions import Fraction

import tests.oracle.weighted as weighted_levels_are_figures_too  # noqa: F401
from tests.oracle.figures import value
from tests.oracle.needs import Figure, Needs, working_order
from tests.oracle.phrases import Count, Joined, LegLimit, People, RankBefore, name_of, single
from tests.oracle.ranks import ranks_of
from tests.oracle.requirements import count, counts_with_limit, is_met, periods_with, since_joining
from tests.oracle.run import Run


@dataclass
class Standing:
    """A distributor's figures. `counts` is by phrase: `frontline with active and PV >= 100`.

    Of a leg limit it is what counts, with its whole phrase: `GV >= 2000, at most 60% of it ...`.
    """

    volumes: dict[str, Fraction]
    counts: dict[str, Fraction]
    is_active: bool
    qualified_as: str | None
    paid_as: str | None
    title: str | None
    highest: str | None


def work_out_ranks(run: Run) -> None:
    """Find out who is active and has which rank.

    Activity that depends on ranks is worked out with them, distributor by distributor.
    """
    needs = Needs(run.plan)
    figures = needs.with_ranks()
    run.dependent = {str(figure) for figure in figures}
    if "active" not in figures:
        for id in run.members:
            run.active[id] = is_active(run, id)
    trees = {tree for tree in map(needs.tree_of, figures) if tree is not None}
    order = working_order(run, trees)
    run.turns = {id: turn for turn, id in enumerate(order)}
    for id in order:
        if "active" in figures:
            run.active[id] = is_active(run, id)
        for figure in figures:
            look_at(run, figure, id)
        run.ranks[id] = ranks_of(run, id)


def is_active(run: Run, id: str) -> bool:
    market = run.plan.market(run.member(id).market)
    return is_met(run, market.active or run.plan.active, id)


def look_at(run: Run, figure: Figure, id: str) -> None:
    """Work a figure out, when it is the distributor's turn."""
    if isinstance(figure, People):
        count(run, figure, id)
    elif isinstance(figure, LegLimit):
        counts_with_limit(run, figure, id)
    elif figure != "active":
        value(run, figure, id)


def standings(run: Run) -> dict[str, Standing]:
    """Return every distributor's standing."""
    asked = {id: everything_counted(run, id) for id in run.members}
    name = run.plan.rank_name
    return {
        id: Standing(
            volumes={each: value(run, each, id) for each in run.plan.volumes if is_name(each)},
            counts=asked[id],
            is_active=run.active[id],
            qualified_as=name(run.ranks[id].qualified),
            paid_as=name(run.ranks[id].paid_as),
            title=name(run.ranks[id].title),
            highest=name(run.ranks[id].highest),
        )
        for id in run.members
    }


def is_name(volume: str) -> bool:
    """Return whether a volume is named, or a requirement asks for `lifetime PV` as it goes."""
    return " " not in volume


def everything_counted(run: Run, id: str) -> dict[str, Fraction]:
    """Return what requirements of the plan count besides volumes, by phrase."""
    unnamed = [volume for volume in run.plan.volumes if not is_name(volume)]
    found = {volume: value(run, volume, id) for volume in unnamed}
    for people in run.plan.people_for_each():
        found[str(people)] = Fraction(count(run, people, id))
    for requirement in run.plan.requirements():
        for each in single(requirement):
            if isinstance(each, Count):
                found[str(each.people)] = Fraction(count(run, each.people, id))
            elif isinstance(each, LegLimit):
                found[str(each)] = counts_with_limit(run, each, id)
            elif isinstance(each, RankBefore):
                periods = periods_with(run, each, id)
                found[f"{name_of(each.rank)} in the {each.periods} periods before"] = Fraction(
                    periods
                )
            elif isinstance(each, Joined):
                passed = since_joining(run, id, each.unit)
                found[f"{each.unit} since joining"] = Fraction(passed)
    return found
