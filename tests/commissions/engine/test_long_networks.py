"""Chains and stars of a hundred thousand: every kind that sales go up for, without recursion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commissions.engine import (
    RunResult,
    calculate_run,
    explain_sale,
    lines_of,
    make_snapshot,
    missed_by,
)
from commissions.engine.plan import ENROLLER, PeopleFigure, Scope, TreeKind
from commissions.engine.snapshot import Placement
from tests.commissions.engine.every_way import PLAN
from tests.commissions.engine.networks import MANY, chain, star
from tests.commissions.engine.plans import ACTIVE, BINARY, build_plan, tree

Shape = Callable[[], Any]


def run_on(shape: Shape) -> RunResult:
    """Return a period in which everybody has bought something, the last one again and again."""
    sponsor = shape()
    last = len(sponsor) - 1
    seller = np.append(np.arange(len(sponsor)), [last] * 3)
    points = np.append(np.full(len(sponsor), 20), [1000] * 3)
    snapshot = make_snapshot(
        member=np.arange(1, len(sponsor) + 1), sponsor=sponsor, sale=np.arange(len(seller)),
        seller=seller, own=np.ones(len(seller), np.bool_), customer=np.full(len(seller), -1),
        columns={"pv": points, "cv": points},
    )  # fmt: skip
    return calculate_run(snapshot, PLAN)


@pytest.fixture(scope="module", params=[chain, star])
def result(request: pytest.FixtureRequest) -> RunResult:
    return run_on(request.param)


def test_a_network_of_any_depth_is_worked_out(result: RunResult) -> None:
    assert len(result.member) == MANY
    assert result.standings.figures[2][0] == 20 * MANY + 3000
    assert result.total > 0


def test_its_lines_and_reasons_are_told(result: RunResult) -> None:
    sale = MANY + 2

    paid = [step for step in explain_sale(result, sale) if step.outcome == 0]
    lines = lines_of(result, rows=range(MANY - 10, MANY))

    assert paid
    assert int(lines.amount.sum()) == int(
        result.earnings.amount[result.earnings.earner >= MANY - 10].sum()
    )
    assert missed_by(result, 1) is not None
    assert missed_by(result, MANY) is not None


def test_a_downline_whose_leaders_all_do_not_count_is_looked_through() -> None:
    """Nobody but the last counts as a leg or has a level: everybody looks through all below."""
    sponsor = chain()
    flags = np.full(MANY, 8, np.uint8)
    flags[-1] = 31
    count = PeopleFigure("frontline", Scope.FRONTLINE, (ACTIVE,))
    plan = replace(PLAN, figures=(*PLAN.figures, count), during=(*PLAN.during, len(PLAN.figures)))
    snapshot = make_snapshot(
        member=np.arange(1, MANY + 1), sponsor=sponsor, flags=flags, sale=[1], seller=[MANY - 1],
        own=[True], customer=[-1], columns={"pv": [100], "cv": [100]},
    )  # fmt: skip

    result = calculate_run(snapshot, plan)

    assert result.standings.figures[-1].tolist()[:2] == [1, 1]


def test_people_enrolled_below_a_long_line_of_the_terminated_are_counted_in_a_leg() -> None:
    """All of the line, who head no leg, look through each other at those whom the last enrolled."""
    half = MANY // 2
    enroller = np.append(np.arange(-1, half - 1), np.full(MANY - half, half - 1))
    flags = np.append(np.zeros(half), np.full(MANY - half, 31)).astype(np.uint8)
    count = PeopleFigure("", Scope.FRONTLINE, (ACTIVE,), ENROLLER, leg_tree=BINARY, leg=1)
    plan = build_plan(late_figures=(count,), trees=[tree("binary", TreeKind.BINARY, 2)])
    snapshot = make_snapshot(
        member=np.arange(1, MANY + 1), sponsor=np.full(MANY, -1), enroller=enroller, flags=flags,
        placements={"binary": Placement(chain(), np.ones(MANY, np.int32))},
        columns={"pv": [], "cv": []},
    )  # fmt: skip

    result = calculate_run(snapshot, plan)

    counted = result.standings.figures[-1]
    assert (counted[:half] == MANY - half).all()
    assert not counted[half:].any()
