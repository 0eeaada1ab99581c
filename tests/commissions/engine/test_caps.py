"""Limits of a bonus and of the plan, and deductions: in which order, and shared by whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, calculate_run, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.plan import (
    Cap,
    Compression,
    Deduction,
    MatchingRule,
    PersonalRule,
    Plan,
    PlanCap,
    Rates,
    RoundAt,
    UnilevelRule,
)
from tests.commissions.engine.plans import (
    CV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    by_rank,
    paid,
    rank,
    rates,
)

ALICE, BOB, CARL = 1, 2, 3
ANN, BEN = 91, 92


def personal(name: str = "Personal", ppm: int = 1_000_000, **others: Any) -> PersonalRule:
    return PersonalRule(name=name, pays_on=CV, rates=rates(ppm), **others)


def run(
    plan: Plan, sales: list[Sale], sponsor: list[int] | None = None, **others: Any
) -> RunResult:
    return calculate_run(build_period(sponsor or [0, ALICE, ALICE], sales, **others), plan)


SALES: list[Sale] = [(ALICE, 0, 1000), (BOB, 0, 600), (CARL, 0, 300)]


def test_an_earner_is_paid_no_more_than_the_limit() -> None:
    plan = build_plan(personal(cap=Cap(per_earner=rates(500, money=True))))

    result = run(plan, SALES)

    assert paid(result, "Cap on Personal") == {(ALICE, 0): -500, (BOB, 0): -100}
    assert result.total == 500 + 500 + 300
    lines = lines_of(result, earner=BOB)
    assert lines.evidence.tolist() == [int(Evidence.SALE), int(Evidence.EARNINGS)]
    assert (lines.source.tolist()[1], lines.source_bonus.tolist()[1]) == (BOB, 0)
    assert (lines.base.tolist()[1], lines.rate_ppm.tolist()[1]) == (0, 0)


def test_a_grade_without_a_limit_has_none() -> None:
    limits = by_rank([], [500], money=True)
    plan = build_plan(personal(cap=Cap(per_earner=limits)), ranks=[rank("High", at_least(PV, 700))])

    assert paid(run(plan, SALES), "Cap on Personal") == {(ALICE, 0): -500}


def test_limits_differ_by_market() -> None:
    limits = Rates(rates(1).by, (((500,),), ((900,),)), is_money=True)
    plan = build_plan(personal(cap=Cap(per_earner=limits)), markets=("JP",))

    result = run(plan, SALES, market=[1, 0, 0])

    assert paid(result, "Cap on Personal") == {(ALICE, 0): -100, (BOB, 0): -100}


def test_what_a_holder_has_too_much_is_taken_from_all_members_in_proportion() -> None:
    plan = build_plan(personal(cap=Cap(per_holder=1000)))

    # Alice and Bob are held by one: 1600, of which 600 are too much: 375 and 225.
    result = run(plan, SALES, holder=[5, 5, 6])

    assert paid(result, "Cap on Personal") == {(ALICE, 0): -375, (BOB, 0): -225}


def test_a_member_below_zero_takes_no_share_of_what_a_holder_has_too_much() -> None:
    plan = build_plan(personal(cap=Cap(per_holder=100)))

    result = run(plan, [(ALICE, 0, 300), (BOB, 0, -50), (CARL, 0, 101)], holder=[5, 5, 5])

    # 351 together, 251 too much: of 300 and 101 by 187.78 and 63.22.
    assert paid(result, "Cap on Personal") == {(ALICE, 0): -188, (CARL, 0): -63}


def test_all_together_are_cut_by_one_factor() -> None:
    plan = build_plan(personal(cap=Cap(total=1000)))

    result = run(plan, SALES)

    # 526.3, 315.8 and 157.9
    assert paid(result, "Cap on Personal") == {
        (ALICE, 0): 526 - 1000, (BOB, 0): 316 - 600, (CARL, 0): 158 - 300,
    }  # fmt: skip
    assert result.total == 1000


def test_a_limit_of_a_volume_is_rounded_toward_zero_and_amounts_below_zero_stay() -> None:
    plan = build_plan(personal(cap=Cap(total=500_000, total_of=CV)))

    result = run(plan, [(ALICE, 0, 1000), (BOB, 0, -1)])

    # 50 % of 9.99 is 499.5: 499 for Alice, and Bob keeps what he owes.
    assert paid(result, "Cap on Personal") == {(ALICE, 0): -501}


def test_a_limit_of_a_volume_below_zero_is_nothing() -> None:
    rule = personal(requires=((at_least(PV, 0),),), cap=Cap(total=500_000, total_of=CV))

    assert run(build_plan(rule), [(ALICE, 0, 1000), (BOB, 0, -2000)]).total == 0


def test_each_limit_sees_what_those_before_left() -> None:
    cap = Cap(per_earner=rates(800, money=True), per_holder=1200, total=1300)

    result = run(build_plan(personal(cap=cap)), SALES, holder=[5, 5, 6])

    # 800 + 600, of one holder: cut by 200 to 686 + 514; with 300 they are 1500, cut to 1300.
    assert result.total == 1300
    amounts = lines_of(result, earner=ALICE).amount.tolist()
    assert amounts == [1000, -200, -114, -91]


def fast_start(**others: Any) -> UnilevelRule:
    return UnilevelRule(
        name="Fast", pays_on=CV, compression=Compression.NONE, rates=rates(500_000, 100_000),
        **others,
    )  # fmt: skip


def test_the_sales_of_one_buyer_pay_a_level_no_more_than_the_limit() -> None:
    plan = build_plan(fast_start(cap=Cap(per_buyer=(400, 30))))
    sales: list[Sale] = [
        (BOB, ANN, 600), (BOB, BEN, 500), (BOB, ANN, 400), (BOB, 0, 700), (CARL, ANN, 900),
    ]  # fmt: skip

    result = run(plan, sales)

    # Ann's 1000 bring Bob 500 on level 1 and Alice 100 on level 2, Ben's 500 bring 250 and 50.
    # Bob's own order brings Alice 350 on level 1. Carl is another earner of Ann's.
    assert paid(result, "Cap on Fast") == {
        (BOB, 1): -100, (CARL, 1): -50, (ALICE, 2): -(190 - 30) - (50 - 30),
    }  # fmt: skip


def test_levels_beyond_the_list_have_no_limit_for_a_buyer() -> None:
    plan = build_plan(fast_start(cap=Cap(per_buyer=(1000,))))

    assert not paid(run(plan, [(BOB, ANN, 600)]), "Cap on Fast")


def test_a_buyers_sales_are_limited_where_the_bonus_is_rounded_as_a_whole() -> None:
    plan = build_plan(fast_start(cap=Cap(per_buyer=(10,)), round_at=RoundAt.BONUS))

    result = run(plan, [(BOB, ANN, 21), (BOB, BEN, 21)])

    # 10.5 and 10.5 cents are 21: 11 for Ann's order, 10 for Ben's.
    assert paid(result, "Cap on Fast") == {(BOB, 1): -1}


def test_matching_sees_the_capped_amounts() -> None:
    match = MatchingRule(name="Match", of=(0,), compression=Compression.NONE, rates=rates(100_000))
    plan = build_plan(personal(cap=Cap(per_earner=rates(500, money=True))), match)

    assert paid(run(plan, SALES), "Match") == {(ALICE, 0 + 1): 50 + 30}


def test_the_plans_limits_are_about_the_bonuses_inside_with_their_own_limits() -> None:
    plan = build_plan(
        personal("One", cap=Cap(per_earner=rates(700, money=True))),
        personal("Two", 500_000),
        personal("Outside"),
        cap=PlanCap(inside=(0, 1), per_earner=(900,), per_holder=1300, payout=1500),
    )

    result = run(plan, SALES, holder=[5, 5, 6])

    # 700 + 500, 600 + 300, 300 + 150: 900, 900, 450; of the holder 650 and 650; cut from 1750.
    assert paid(result, "Payout cap") == {
        (ALICE, 0): 557 - 1200, (BOB, 0): 557 - 900, (CARL, 0): 386 - 450,
    }  # fmt: skip
    assert result.total == 1500 + 1900


def test_the_plans_limit_of_an_earner_differs_by_market() -> None:
    plan = build_plan(personal(), cap=PlanCap(inside=(0,), per_earner=(None, 700)), markets=("JP",))

    assert paid(run(plan, SALES, market=[1, 0, 0]), "Payout cap") == {(ALICE, 0): -300}


def test_limits_that_are_not_reached_make_no_line() -> None:
    plan = build_plan(
        personal(cap=Cap(rates(1000, money=True), 5000, total=5000)),
        cap=PlanCap(inside=(0,), per_holder=5000, payout=1900),
    )

    result = run(plan, SALES)

    assert result.total == 1900
    assert len(result.earnings.earner) == 3


def test_deductions_are_each_of_what_is_left_after_all_limits() -> None:
    plan = build_plan(
        personal(), cap=PlanCap(inside=(0,), per_earner=(505,)),
        deductions=[Deduction("Tax", 50_000), Deduction("Service", 100_000)],
    )  # fmt: skip

    result = run(plan, [*SALES, (CARL, 0, -309)])

    # Alice and Bob have 505 each, Carl owes 9.
    assert paid(result, "Tax") == {(ALICE, 0): -25, (BOB, 0): -25}
    assert paid(result, "Service") == {(ALICE, 0): -51, (BOB, 0): -51}


@given(
    volumes=st.lists(st.integers(-20, 300), min_size=1, max_size=8),
    limit=st.integers(0, 900),
    holders=st.lists(st.integers(1, 3), min_size=8, max_size=8),
)
def test_limits_are_kept_exactly(volumes: list[int], limit: int, holders: list[int]) -> None:
    sales: list[Sale] = [(row + 1, 0, volume) for row, volume in enumerate(volumes)]
    size = len(volumes)
    plan = build_plan(
        personal(cap=Cap(per_holder=limit)), cap=PlanCap(inside=(0,), payout=2 * limit)
    )

    result = run(plan, sales, [0] * size, holder=holders[:size])

    held: dict[int, int] = {}
    for row, volume in enumerate(volumes):
        held[holders[row]] = held.get(holders[row], 0) + volume
    kept = paid(result, "Personal"), paid(result, "Cap on Personal")
    for holder, volume in held.items():
        members = [row + 1 for row in range(size) if holders[row] == holder]
        left = sum(part.get((member, 0), 0) for part in kept for member in members)
        assert left == min(volume, limit)
    together = sum(min(volume, limit) for volume in held.values())
    below = sum(part.get((member, 0), 0) for part in kept for member in range(1, size + 1)
                if sum(p.get((member, 0), 0) for p in kept) < 0)  # fmt: skip
    assert result.total == (together if together <= 2 * limit else 2 * limit + below)


@pytest.mark.parametrize("large", [10**15, 4 * 10**16])
def test_large_sums_are_shared_exactly(large: int) -> None:
    plan = build_plan(personal(cap=Cap(total=large + 1)))

    result = run(plan, [(ALICE, 0, large), (BOB, 0, large - 1), (CARL, 0, large)])

    assert result.total == large + 1
