"""Figures that count people or limit legs, worked out one by one when ranks are known."""

from __future__ import annotations

from typing import Any

from commissions.engine import calculate_run
from commissions.engine.plan import (
    ENROLLER,
    Figure,
    GroupFigure,
    LimitedFigure,
    PeopleFigure,
    Scope,
    TreeKind,
)
from tests.commissions.engine.plans import (
    BINARY,
    GV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    has_rank,
    placed,
    rank,
    tree,
)

SPONSOR = [0, 1, 1, 2]
SALES: list[Sale] = [(1, 0, 10), (2, 0, 50), (3, 0, 30), (4, 0, 70)]


def figures(*late: Figure, **period: Any) -> list[list[int]]:
    plan = build_plan(
        figures=[GroupFigure("BV", PV, Scope.DOWNLINE, BINARY)],
        late_figures=late,
        ranks=[rank("Bronze", at_least(PV, 50))],
        trees=[tree("binary", TreeKind.BINARY, 2)],
    )
    period.setdefault("placements", {"binary": placed([2, 4, 2, 0], [1, 1, 2, 0])})
    result = calculate_run(build_period(SPONSOR, SALES, **period), plan)
    return [
        result.ground.standings.figures[4 + at][result.network.row].tolist()
        for at in range(len(late))
    ]


def test_people_with_a_rank_are_counted() -> None:
    bronze = (has_rank(1),)

    assert figures(
        PeopleFigure("frontline", Scope.FRONTLINE, bronze),
        PeopleFigure("downline", Scope.DOWNLINE, bronze),
        PeopleFigure("legs", Scope.LEGS, bronze),
    ) == [[1, 1, 0, 0], [2, 1, 0, 0], [1, 1, 0, 0]]


def test_another_tree_is_gone_through_from_its_own_bottom() -> None:
    # Enrolled the other way round: 4 above 3, above 2, above 1.
    enroller = {"enroller": [1, 2, 3, -1]}
    downline = PeopleFigure("downline", Scope.DOWNLINE, (has_rank(1),), ENROLLER)

    assert figures(downline, **enroller) == [[0, 0, 1, 1]]


def test_legs_are_limited_in_the_sponsor_tree_and_in_a_placement() -> None:
    # In the binary 4 is the top, 2 is below, and below that are 1 and 3.
    assert figures(
        LimitedFigure("sponsor", GV, 40),
        LimitedFigure("binary", 3, 40),
        LimitedFigure("own, too", GV, 40, own_too=True),
    ) == [[80, 90, 30, 70], [0, 40, 0, 40], [80, 80, 30, 40]]
