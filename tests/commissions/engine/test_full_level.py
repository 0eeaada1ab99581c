"""Full level: a level of a matrix pays when all its places are taken by people who count."""

from __future__ import annotations

from typing import Any

from commissions.engine import RunResult, calculate_run, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.plan import FullLevelRule, TreeKind
from commissions.engine.snapshot import Carried, Flag
from tests.commissions.engine.plans import (
    ACTIVE,
    CV,
    MATRIX,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    paid,
    placed,
    rates,
    state,
    state_of,
    tree,
)

ALICE = 1
SPONSOR = [0, 1, 1, 2, 2, 3, 3]
"""Two below everybody, two levels deep."""
PLACES = {"matrix": placed(SPONSOR, [0, 1, 2, 1, 2, 1, 2])}
EVERYBODY: list[Sale] = [(member, 0, 1000) for member in range(1, 8)]


def run(sales: list[Sale], carried: Carried | None = None, **rule: Any) -> RunResult:
    given: dict[str, Any] = {
        "name": "Level", "tree": MATRIX, "pays_on": CV, "counted": (ACTIVE,),
        "rates": rates(100_000, 50_000),
    }  # fmt: skip
    plan = build_plan(
        FullLevelRule(**(given | rule)),
        trees=[tree("matrix", TreeKind.MATRIX, 2)],
        active=((at_least(PV, 1000),),),
    )
    others: dict[str, Any] = {} if carried is None else {"carried": carried}
    return calculate_run(build_period(SPONSOR, sales, placements=PLACES, **others), plan)


def test_each_full_level_pays_a_part_of_its_volume() -> None:
    result = run(EVERYBODY)

    assert paid(result, "Level") == {(1, 1): 200, (1, 2): 200, (2, 1): 200, (3, 1): 200}
    lines = lines_of(result, earner=ALICE)
    assert lines.evidence.tolist() == [int(Evidence.LEVEL)] * 2
    assert lines.base.tolist() == [2000, 4000]


def test_a_level_is_not_full_if_somebody_there_does_not_count() -> None:
    result = run([sale for sale in EVERYBODY if sale[0] != 7])

    assert paid(result, "Level") == {(1, 1): 200, (2, 1): 200}


def test_everybody_occupies_a_place_whatever_their_state() -> None:
    given: dict[str, Any] = {"name": "Level", "tree": MATRIX, "pays_on": CV, "counted": (ACTIVE,)}
    plan = build_plan(
        FullLevelRule(**given, rates=rates(100_000)), trees=[tree("matrix", TreeKind.MATRIX, 2)]
    )
    flags = [int(Flag.ALL), 0, *[int(Flag.ALL)] * 5]
    period = build_period(SPONSOR, EVERYBODY, placements=PLACES, flags=flags)

    # Nobody pays the terminated member 2, whose volume is not counted.
    assert paid(calculate_run(period, plan), "Level") == {(1, 1): 100, (3, 1): 200}


def test_money_is_paid_for_a_level_whatever_its_volume() -> None:
    assert paid(run(EVERYBODY, rates=rates(500, 700, money=True)), "Level") == {
        (1, 1): 500, (1, 2): 700, (2, 1): 500, (3, 1): 500,
    }  # fmt: skip


def test_a_full_level_without_any_sale_there_is_not_paid() -> None:
    assert not paid(run([], counted=(), everybody=True, rates=rates(500, money=True)), "Level")
    one = run([(7, 0, 1)], counted=(), everybody=True, rates=rates(500, money=True))
    assert paid(one, "Level") == {(3, 1): 500}


def test_a_level_that_is_paid_once_is_not_paid_again() -> None:
    before = state(("Level.level", ALICE, -1, 1))

    result = run(EVERYBODY, before, once=True)

    assert paid(result, "Level") == {(1, 2): 200, (2, 1): 200, (3, 1): 200}
    assert state_of(result) == {
        ("Level.level", 1, -1, 1), ("Level.level", 1, -1, 2), ("Level.level", 2, -1, 1),
        ("Level.level", 3, -1, 1),
    }  # fmt: skip


def test_a_level_that_is_not_paid_stays_due() -> None:
    assert state_of(run([], counted=(), once=True)) == set()


def test_levels_that_nobody_could_fill_are_not_looked_at() -> None:
    assert len(paid(run(EVERYBODY, rates=rates(*[100_000] * 60)), "Level")) == 4
