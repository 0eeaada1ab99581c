"""State: what a run leaves, what it passes on, and what belongs to another rhythm."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, calculate_run
from commissions.engine.carried import Leaving
from commissions.engine.plan import (
    BinaryRule,
    Figure,
    Keeping,
    Past,
    PastFigure,
    RankBeforeFigure,
    ReserveFigure,
    TreeKind,
)
from commissions.engine.snapshot import Carried
from tests.commissions.engine.plans import (
    BINARY,
    CV,
    GV,
    PV,
    at_least,
    build_period,
    build_plan,
    placed,
    rank,
    rates,
    state,
    state_of,
    tree,
)

ALICE, BOB = 1, 2
SALES = [(ALICE, 0, 100), (BOB, 0, 30)]


def run(
    carried: Carried | None = None, figures: list[Figure] | None = None, **plan: Any
) -> RunResult:
    others: dict[str, Any] = {} if carried is None else {"carried": carried}
    return calculate_run(
        build_period([0, ALICE], SALES, **others), build_plan(figures=figures or [], **plan)
    )


def test_a_plan_that_asks_nothing_leaves_nothing() -> None:
    assert state_of(run()) == set()


def test_a_lifetime_volume_goes_on() -> None:
    before = state(("lifetime.PV", ALICE, -1, 1000))

    result = run(before, [PastFigure("LPV", PV, Past.LIFETIME)])

    assert state_of(result) == {("lifetime.PV", ALICE, -1, 1100), ("lifetime.PV", BOB, -1, 30)}


def test_past_volumes_are_kept_as_far_back_as_asked() -> None:
    before = state(*(("past.GV", ALICE, age, 10 * age) for age in (1, 2, 3)))

    result = run(
        before,
        [PastFigure("GV3", GV, Past.LAST, 3), PastFigure("GROWTH", GV, Past.GROWTH)],
    )

    # The next period asks for this one and the one before.
    assert state_of(result) == {
        ("past.GV", ALICE, 0, 130), ("past.GV", BOB, 0, 30), ("past.GV", ALICE, 1, 10),
    }  # fmt: skip


def test_the_period_before_alone_keeps_this_one_only() -> None:
    before = state(("past.PV", ALICE, 1, 7))

    result = run(before, [PastFigure("BEFORE", PV, Past.BEFORE)])

    assert state_of(result) == {("past.PV", ALICE, 0, 100), ("past.PV", BOB, 0, 30)}


def test_a_reserve_is_left() -> None:
    result = run(None, [ReserveFigure("EV", PV, at_once=20, most=50, draws_to=0)])

    assert state_of(result) == {("reserve.EV", ALICE, -1, 50), ("reserve.EV", BOB, -1, 10)}


RANKS = [rank("Bronze", at_least(PV, 30)), rank("Silver", at_least(PV, 100))]


def test_ranks_are_left_with_how_long_they_have_been_kept_by_grace() -> None:
    before = state(
        ("rank.paid_as", BOB, -1, 2), ("rank.highest", BOB, -1, 2), ("rank.title", BOB, -1, 2),
        ("rank.held", BOB, -1, 4),
    )  # fmt: skip

    result = run(before, ranks=RANKS, keeping=Keeping(grace=1))

    assert state_of(result) == {
        *((f"rank.{name}", ALICE, -1, 2) for name in ("paid_as", "title", "highest")),
        *((f"rank.{name}", BOB, -1, 2) for name in ("paid_as", "title", "highest")),
        ("rank.grace", BOB, -1, 1), ("rank.held", BOB, -1, 4),
    }  # fmt: skip


def test_qualified_ranks_are_kept_as_far_back_as_a_window_or_a_phrase_asks() -> None:
    before = state(*(("rank.qualified", BOB, age, 2) for age in (1, 2, 3)))

    window = run(before, ranks=RANKS, keeping=Keeping(window_met=1, window_of=3))
    phrase = run(before, [RankBeforeFigure("before", 1, 3)], ranks=RANKS)

    held = {row for row in state_of(window) if row[0] == "rank.held"}
    assert held == {("rank.held", ALICE, -1, 1), ("rank.held", BOB, -1, 1)}
    kept = {row for row in state_of(window) if row[0] == "rank.qualified"}
    assert kept == {
        ("rank.qualified", ALICE, 0, 2), ("rank.qualified", BOB, 0, 1),
        ("rank.qualified", BOB, 1, 2),
    }  # fmt: skip
    assert {row for row in state_of(phrase) if row[0] == "rank.qualified"} == {
        *kept, ("rank.qualified", BOB, 2, 2),
    }  # fmt: skip


def test_ranks_and_volumes_without_use_are_passed_on_unchanged() -> None:
    rows = (
        ("rank.title", ALICE, -1, 3), ("rank.qualified", BOB, 2, 1), ("lifetime.OLD", BOB, -1, 5),
        ("past.OLD", ALICE, 3, 5), ("reserve.OLD", ALICE, -1, 9),
    )  # fmt: skip

    assert state_of(run(state(*rows))) == set(rows)


def binary(name: str, cadence: str = "") -> BinaryRule:
    return BinaryRule(name=name, tree=BINARY, pays_on=CV, rates=rates(100_000), cadence=cadence)


def test_each_rhythm_leaves_the_state_of_its_own_bonuses_only() -> None:
    plan = build_plan(
        binary("Monthly"), binary("Weekly", "weekly"), ranks=RANKS,
        figures=[PastFigure("LPV", PV, Past.LIFETIME)],
        trees=[tree("binary", TreeKind.BINARY, 2)],
    )  # fmt: skip
    others: dict[str, Any] = {
        "placements": {"binary": placed([0, ALICE], [0, 1])},
        "carried": state(("Weekly.right", BOB, 1, 5), ("Monthly.right", BOB, 1, 7)),
    }

    month = calculate_run(build_period([0, ALICE], SALES, **others), plan)
    week = calculate_run(build_period([0, ALICE], SALES, cadence="weekly", **others), plan)

    assert {row for row in state_of(month) if not row[0].startswith(("rank.", "lifetime."))} == {
        ("Monthly.left", ALICE, 0, 30), ("Monthly.right", BOB, 1, 7),
    }  # fmt: skip
    assert ("lifetime.PV", ALICE, -1, 100) in state_of(month)
    assert state_of(week) == {("Weekly.left", ALICE, 0, 30), ("Weekly.right", BOB, 1, 5)}


VALUES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.integers(-1, 3), st.integers(1, 5)),
    max_size=12,
)  # fmt: skip


COLUMNS = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.integers(0, 2), min_size=4, max_size=4)
)


@given(rows=VALUES, columns=COLUMNS, order=st.permutations(range(4)))
def test_state_is_in_the_order_of_key_member_and_age(
    rows: list[tuple[str, int, int, int]], columns: dict[str, list[int]], order: list[int]
) -> None:
    leaving, everybody = Leaving(), []
    for name, values in columns.items():
        leaving.put(name, np.array(values, np.int64), age=0)
        everybody += [(name, row, 0, value) for row, value in enumerate(values) if value]
    for name, row, age, value in rows:
        leaving.put_rows(name, np.array([row], np.int32), age, np.array([value], np.int64))

    left = leaving.carried(np.argsort(order).astype(np.int32))

    names = list(dict.fromkeys([*columns, *(name for name, _, _, _ in rows)]))
    expected = sorted(
        (
            (names.index(name), order[row], age, value)
            for name, row, age, value in [*everybody, *rows]
        ),
        key=lambda found: found[:3],
    )
    told = (left.key, left.row, left.age, left.value)
    assert list(zip(*(column.tolist() for column in told), strict=True)) == expected
    assert left.names == tuple(names)
