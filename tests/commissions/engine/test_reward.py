"""Reward: fixed money for a rank, for people, in time, each period or once for good."""

from __future__ import annotations

from typing import Any

from commissions.engine import RunResult, calculate_run, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.plan import (
    ENROLLER,
    Figure,
    GradeBy,
    PeopleFigure,
    RewardRule,
    Scope,
)
from commissions.engine.snapshot import Carried
from tests.commissions.engine.plans import (
    ACTIVE,
    GV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    by_rank,
    has_rank,
    paid,
    rank,
    rates,
    state,
    state_of,
)

ALICE, BOB, CARL, DORA = 1, 2, 3, 4
SPONSOR = [0, ALICE, ALICE, BOB]
RANKS = [rank("Bronze", at_least(GV, 100)), rank("Silver", at_least(GV, 300))]


def run(
    sales: list[Sale], *, figures: list[Figure] | None = None, carried: Carried | None = None,
    period: dict[str, Any] | None = None, **rule: Any,
) -> RunResult:  # fmt: skip
    given: dict[str, Any] = {"name": "Reward", "pays": rates(5000, money=True)}
    plan = build_plan(RewardRule(**(given | rule)), late_figures=figures or [], ranks=RANKS)
    others = dict(period or {})
    if carried is not None:
        others["carried"] = carried
    return calculate_run(build_period(SPONSOR, sales, **others), plan)


def test_the_money_of_the_own_rank_is_paid_each_period() -> None:
    result = run([(ALICE, 0, 100), (DORA, 0, 250)], pays=by_rank([], [1000], [2000], money=True))

    # Alice has 350 with her downline; Bob's 250 are Dora's.
    assert paid(result, "Reward") == {(ALICE, 0): 2000, (BOB, 0): 1000, (DORA, 0): 1000}
    lines = lines_of(result, earner=ALICE)
    assert lines.evidence.tolist() == [int(Evidence.GROUP)]
    assert (lines.base.tolist(), lines.rate_ppm.tolist()) == ([100], [0])


def test_without_any_sale_of_oneself_and_the_downline_it_is_not_paid() -> None:
    assert paid(run([(DORA, 0, 1)]), "Reward") == {
        (ALICE, 0): 5000, (BOB, 0): 5000, (DORA, 0): 5000,
    }  # fmt: skip
    assert not paid(run([]), "Reward")


def test_ranks_are_paid_once_for_good_also_those_that_were_passed_over() -> None:
    named = by_rank([], [1000], [2000], money=True, by=GradeBy.HIGHEST)
    sales: list[Sale] = [(ALICE, 0, 100), (DORA, 0, 250)]

    first = run(sales, pays=named, once=True)
    second = run(sales, pays=named, once=True, carried=first.carried)

    assert paid(first, "Reward") == {
        (ALICE, 1): 1000, (ALICE, 2): 2000, (BOB, 1): 1000, (DORA, 1): 1000,
    }  # fmt: skip
    assert not paid(second, "Reward")
    kept = {row for row in state_of(second) if row[0] == "Reward.rank"}
    assert kept == {
        ("Reward.rank", ALICE, -1, 1), ("Reward.rank", ALICE, -1, 2),
        ("Reward.rank", BOB, -1, 1), ("Reward.rank", DORA, -1, 1),
    }  # fmt: skip


def test_a_rank_that_is_not_named_is_not_paid_once() -> None:
    named = by_rank([], [], [2000], money=True)

    result = run([(ALICE, 0, 400)], pays=named, once=True)

    assert paid(result, "Reward") == {(ALICE, 2): 2000}


def test_a_rank_without_any_sale_stays_due() -> None:
    named = by_rank([], [1000], [2000], money=True, by=GradeBy.HIGHEST)
    before = state(("rank.highest", ALICE, -1, 1))

    due = run([], pays=named, once=True, carried=before)
    later = run([(DORA, 0, 1)], pays=named, once=True, carried=due.carried)

    assert not paid(due, "Reward")
    assert paid(later, "Reward") == {(ALICE, 1): 1000}


def test_it_is_paid_for_each_of_the_people_counted() -> None:
    frontline = PeopleFigure("frontline", Scope.FRONTLINE, (at_least(PV, 600),))
    sales: list[Sale] = [(BOB, 0, 600), (CARL, 0, 700), (DORA, 0, 599)]

    result = run(sales, figures=[frontline], for_each=3)

    assert paid(result, "Reward") == {(ALICE, 0): 10000}
    assert lines_of(result).base.tolist() == [200]


def test_people_counted_bring_their_own_sales_and_nobody_else_does() -> None:
    # Bob's frontline is active without having bought; Dora's sale is no sale of those counted.
    enrolled = PeopleFigure("enrolled", Scope.FRONTLINE, (ACTIVE,), ENROLLER)
    period = {"enroller": [-1, 0, 1, 0]}
    sales: list[Sale] = [(DORA, 0, 100)]

    result = run(sales, figures=[enrolled], for_each=3, period=period)

    # Alice enrolled Bob and Dora; Bob enrolled Carl, who has no sale, and has none himself.
    assert paid(result, "Reward") == {(ALICE, 0): 10000}
    own = run([(BOB, 0, 1)], figures=[enrolled], for_each=3, period=period)
    assert paid(own, "Reward") == {(ALICE, 0): 10000, (BOB, 0): 5000}


def test_people_with_a_rank_are_counted_in_another_tree() -> None:
    silver = PeopleFigure("downline", Scope.DOWNLINE, (has_rank(2),), ENROLLER)
    period = {"enroller": [3, 2, 0, -1]}

    # Enrolled the other way round: Dora above Alice, above Carl, above Bob.
    result = run([(BOB, 0, 300), (CARL, 0, 300)], figures=[silver], for_each=3, period=period)

    assert paid(result, "Reward") == {(DORA, 0): 15000, (ALICE, 0): 10000, (CARL, 0): 5000}


def test_later_than_within_nothing_is_paid() -> None:
    days = {"joined_day": [100, 101, 41, 40], "last_day": 100}
    months = {"joined_month": [10, 9, 8, 7], "last_month": 10}
    sales: list[Sale] = [(CARL, 0, 1), (DORA, 0, 1)]

    assert set(paid(run(sales, within_days=60, period=days), "Reward")) == {
        (ALICE, 0), (BOB, 0), (CARL, 0),
    }  # fmt: skip
    assert set(paid(run(sales, within_months=3, period=months), "Reward")) == {
        (ALICE, 0), (BOB, 0), (CARL, 0),
    }  # fmt: skip
