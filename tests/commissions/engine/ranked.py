"""Plans whose ranks, and what is worked out with them, are what is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commissions.engine import Plan, RunResult, calculate_run
from commissions.engine.plan import Do, Figure, Rank, Requirement, Requirements, Step
from tests.commissions.engine.cast import ALICE, BOB, DORA
from tests.commissions.engine.plans import PV, at_least, build_period, build_plan

FIRST = 3
"""The place of the first figure that a test adds, after PV, CV and GV."""

SPONSOR = [0, ALICE, ALICE, BOB, BOB, DORA]
"""Alice > Bob > Dora > Finn; Bob > Eve; Alice > Carl."""


def run_of(plan: Plan, pv: Sequence[int], **period: Any) -> RunResult:
    """Return what a plan makes of everybody's own points; left out, `sponsor` is `SPONSOR`."""
    sales = [(member, 0, points * 100) for member, points in enumerate(pv, start=1)]
    return calculate_run(build_period(period.pop("sponsor", SPONSOR), sales, **period), plan)


def ranked(
    ranks: Sequence[Rank],
    *during: Figure,
    before: Sequence[Figure] = (),
    after: Sequence[Figure] = (),
    active: Requirements = (),
    active_at: int | None = None,
    **others: Any,
) -> Plan:
    """Return a plan in which `during` is worked out with the ranks.

    Figures stand in the order of `before`, `during`, `after`. Activity is known beforehand, or
    worked out after so many of `during`.
    """
    figures = (*before, *during, *after)
    first = FIRST + len(before)
    with_ranks = list(range(first, first + len(during)))
    earlier = [Step(Do.FIGURE, index) for index in range(first)]
    if active_at is None:
        earlier.append(Step(Do.ACTIVE))
    else:
        with_ranks.insert(active_at, -1)
    later = [Step(Do.FIGURE, first + len(during) + index) for index in range(len(after))]
    given: dict[str, Any] = {
        "active": (active,),
        "steps": (*earlier, Step(Do.RANKS), *later),
        "during": tuple(with_ranks),
        "rank_trees": (0,),
    }
    return build_plan(figures=figures, ranks=ranks, **(given | others))


def by_member(result: RunResult, column: Any) -> list[int]:
    """Return a column of network rows in the order of members' numbers."""
    found: list[int] = column[result.network.row].tolist()
    return found


def figure(result: RunResult, index: int = FIRST) -> list[int]:
    """Return a figure in the order of members' numbers."""
    return by_member(result, result.standings.figures[index])


def paid_as(result: RunResult) -> list[int]:
    """Return paid-as ranks in the order of members' numbers."""
    return by_member(result, result.standings.paid_as)


def ranks_with(*requirements: Requirement) -> list[Rank]:
    """Return Bronze, Silver and so on, each with one requirement and no other way to keep it."""
    names = ("Bronze", "Silver", "Gold")
    return [
        Rank(name, ((require,),), (None,))
        for name, require in zip(names, requirements, strict=False)
    ]


NEVER = ranks_with(at_least(PV, 10**12), at_least(PV, 10**12))
"""Ranks that are set by hand only."""
