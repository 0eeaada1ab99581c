"""How ranks are kept from period to period: maintenance, grace, titles, windows, set by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commissions.engine import Plan, RunResult, calculate_run
from commissions.engine.plan import Keeping, Rank
from tests.commissions.engine.cast import ALICE, BRONZE, GOLD, SILVER
from tests.commissions.engine.plans import PV, at_least, build_period, state, state_of
from tests.commissions.engine.ranked import by_member, paid_as, ranked, ranks_with

BY_POINTS = ranks_with(at_least(PV, 100), at_least(PV, 200), at_least(PV, 300))
"""Bronze with 1 point, Silver with 2, Gold with 3."""

Row = tuple[str, int]


def run(points: int, *before: Row, plan: Plan | None = None, **period: Any) -> RunResult:
    """Return what a period of Alice alone comes to; `before` are keys of her state, undated."""
    rows = [(f"rank.{name}", ALICE, -1, value) for name, value in before]
    dated = period.pop("dated", [])
    given = {"carried": state(*rows, *dated)} if rows or dated else {}
    return calculate_run(
        build_period([0], [(ALICE, 0, points * 100)], **given, **period), plan or ranked(BY_POINTS)
    )


def title(result: RunResult) -> int:
    return by_member(result, result.standings.title)[0]


def left(result: RunResult) -> dict[str, int]:
    """Return the undated rows of ranks that are left."""
    return {name[5:]: value for name, _, age, value in state_of(result) if age == -1}


def test_who_was_paid_as_the_rank_keeps_it_with_less() -> None:
    """Gold asks for 3 points and for 2 of who was Gold; Silver for 2, and for 1 of who was it."""
    maintained = [
        Rank(rank.name, rank.require, ((at_least(PV, (number - 1) * 100),),))
        for number, rank in enumerate(BY_POINTS, start=1)
    ]
    plan = ranked(maintained)

    assert paid_as(run(2, ("paid_as", GOLD), plan=plan)) == [GOLD]
    assert paid_as(run(2, ("paid_as", SILVER), plan=plan)) == [SILVER]
    # A higher rank before is enough for the lower one, too.
    assert paid_as(run(1, ("paid_as", GOLD), plan=plan)) == [SILVER]
    assert paid_as(run(0, ("paid_as", GOLD), plan=plan)) == [BRONZE]
    assert paid_as(run(0, plan=plan)) == [0]


def graced(periods: int) -> Plan:
    return ranked(BY_POINTS, keeping=Keeping(grace=periods))


def test_who_falls_keeps_the_rank_for_so_many_periods_in_a_row() -> None:
    first = run(1, ("paid_as", GOLD), plan=graced(2))
    second = run(1, *left(first).items(), plan=graced(2))
    third = run(1, *left(second).items(), plan=graced(2))

    assert [paid_as(each) for each in (first, second, third)] == [[GOLD], [GOLD], [BRONZE]]
    assert [left(each).get("grace", 0) for each in (first, second, third)] == [1, 2, 0]


def test_a_period_without_grace_begins_the_count_anew() -> None:
    result = run(3, ("paid_as", GOLD), ("grace", 2), plan=graced(2))

    assert (paid_as(result), left(result).get("grace", 0)) == ([GOLD], 0)


def test_a_lower_rank_reached_by_grace_falls_from_there_again() -> None:
    """Gold is kept once; then Silver was reached, and is paid at once."""
    result = run(2, ("paid_as", GOLD), ("grace", 1), plan=graced(1))

    assert (paid_as(result), left(result).get("grace", 0)) == ([SILVER], 0)


def test_a_title_is_never_lost_and_pay_may_follow_it() -> None:
    by_title = ranked(BY_POINTS, keeping=Keeping(by_title=True))

    assert title(run(1, ("highest", GOLD))) == GOLD
    assert paid_as(run(1, ("highest", GOLD))) == [BRONZE]
    assert paid_as(run(1, ("highest", GOLD), plan=by_title)) == [GOLD]
    assert paid_as(run(2, ("highest", BRONZE), plan=by_title)) == [SILVER]


WINDOW = ranked(BY_POINTS, keeping=Keeping(window_met=3, window_of=5))
"""The title must be met in three of five periods; it falls by one step."""


def qualified(*ranks: int) -> list[tuple[str, int, int, int]]:
    """Return what Alice was qualified as in the periods before, the last one first."""
    return [("rank.qualified", ALICE, age, rank) for age, rank in enumerate(ranks, start=1) if rank]


@pytest.mark.parametrize(
    ("points", "held", "before", "expected"),
    [
        # Two misses of five are allowed, this period's included
        (1, 4, (GOLD, GOLD, BRONZE, GOLD), (GOLD, 5)),
        (1, 4, (GOLD, BRONZE, BRONZE, GOLD), (SILVER, 1)),
        # The rank itself, or a higher one: no miss, and it goes on
        (3, 9, (BRONZE, BRONZE, BRONZE, BRONZE), (GOLD, 10)),
        # Periods before the title was reached do not count
        (1, 2, (GOLD, GOLD, 0, 0), (GOLD, 3)),
        (0, 2, (SILVER, SILVER), (SILVER, 1)),
        # It falls to what was reached now, if that is more than one step down... from Gold to
        # Silver is one step, and Silver is reached: Silver
        (2, 5, (BRONZE, BRONZE, BRONZE, GOLD), (SILVER, 1)),
    ],
)
def test_a_title_falls_when_it_was_missed_too_often(
    points: int, held: int, before: tuple[int, ...], expected: tuple[int, int]
) -> None:
    result = run(points, ("title", GOLD), ("held", held), dated=qualified(*before), plan=WINDOW)

    assert (title(result), left(result)["held"]) == expected


def test_a_title_may_fall_to_what_was_reached() -> None:
    plan = replace(WINDOW, keeping=Keeping(window_met=3, window_of=5, falls_one_step=False))

    result = run(
        1, ("title", GOLD), ("held", 5), dated=qualified(BRONZE, BRONZE, BRONZE), plan=plan
    )

    assert title(result) == BRONZE


def test_a_higher_rank_is_a_new_title_held_for_one_period() -> None:
    result = run(3, ("title", BRONZE), ("held", 7), plan=WINDOW)

    assert (title(result), left(result)["held"]) == (GOLD, 1)


def test_a_window_with_a_title_that_nobody_has_yet() -> None:
    result = run(0, plan=WINDOW)

    assert title(result) == 0
    assert left(result) == {}


def test_a_rank_set_by_hand_is_paid_and_changes_nothing_else() -> None:
    result = run(2, ("paid_as", BRONZE), rank_override=[GOLD])

    assert paid_as(result) == [GOLD]
    assert by_member(result, result.standings.qualified) == [SILVER]
    assert left(result) == {"paid_as": GOLD, "title": SILVER, "highest": SILVER}


def test_no_rank_may_be_set_by_hand_and_no_grace_follows() -> None:
    result = run(3, ("paid_as", GOLD), ("grace", 1), rank_override=[0], plan=graced(2))

    assert paid_as(result) == [0]
    assert "grace" not in left(result)


def test_the_highest_rank_ever_is_the_highest_qualified_as() -> None:
    assert left(run(1, ("highest", SILVER)))["highest"] == SILVER
    assert left(run(3, ("highest", SILVER)))["highest"] == GOLD


def test_ranks_of_the_state_beyond_the_plans_count_as_its_highest() -> None:
    plan = ranked(BY_POINTS, keeping=Keeping(grace=1))

    assert paid_as(run(0, ("paid_as", 9), plan=plan)) == [GOLD]


def test_a_plan_without_ranks_pays_nobody_as_one() -> None:
    result = run(3, ("paid_as", GOLD), plan=ranked([]))

    assert paid_as(result) == [0]
    assert left(result) == {"paid_as": GOLD}
