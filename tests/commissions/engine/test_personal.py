"""Retail and personal: own sales pay their owner, flat or by size."""

from __future__ import annotations

from typing import Any

from commissions.engine import calculate_run, lines_of
from commissions.engine.plan import Past, PastFigure, PersonalRule, Rates, RoundAt
from tests.commissions.engine.plans import (
    CV,
    at_least,
    build_period,
    build_plan,
    by_rank,
    has_rank,
    paid,
    rank,
    rates,
    state,
)

ALICE, BOB = 1, 2
ANN, BEN = 91, 92


def test_retail_pays_on_customers_orders_only() -> None:
    period = build_period([0, 1], [(BOB, 0, 10000), (BOB, ANN, 5005)])
    rule = PersonalRule(name="Retail", pays_on=CV, rates=rates(100_000), customers_only=True)

    result = calculate_run(period, build_plan(rule))

    assert paid(result, "Retail") == {(BOB, 0): 501}


def test_personal_pays_on_all_sales_by_rank() -> None:
    period = build_period([0, 1], [(ALICE, 0, 10000), (BOB, 0, 2000), (BOB, ANN, 3000)])
    plan = build_plan(
        PersonalRule(name="Personal", pays_on=CV, rates=by_rank([50_000], [100_000])),
        ranks=[rank("Bronze", at_least(CV, 10000))],
    )

    assert paid(calculate_run(period, plan), "Personal") == {(ALICE, 0): 1000, (BOB, 0): 250}


def test_money_is_paid_once_for_each_sale_above_zero() -> None:
    period = build_period([0], [(ALICE, ANN, 1), (ALICE, BEN, 90000), (ALICE, ANN, -5)])
    rule = PersonalRule(name="Retail", pays_on=CV, rates=rates(250, money=True))

    result = calculate_run(period, build_plan(rule))

    assert paid(result, "Retail") == {(ALICE, 0): 500}
    assert result.earnings.rate_ppm.tolist() == [0]


def test_nobody_is_paid_who_does_not_meet_what_is_required() -> None:
    period = build_period([0, 1], [(ALICE, 0, 10000), (BOB, 0, 2000)])
    plan = build_plan(
        PersonalRule(name="Personal", pays_on=CV, rates=rates(100_000), requires=((has_rank(1),),)),
        ranks=[rank("Bronze", at_least(CV, 10000))],
    )

    assert paid(calculate_run(period, plan), "Personal") == {(ALICE, 0): 1000}


def tiered(**others: Any) -> PersonalRule:
    return PersonalRule(
        name="Tiers", pays_on=CV, rates=rates(100_000, 200_000), tiers=((10000, 20000),), **others
    )


def test_whole_pays_all_of_a_buyers_sales_at_the_highest_tier_reached() -> None:
    sales = [(ALICE, ANN, 15000), (ALICE, BEN, 19999), (ALICE, ANN, 5000), (ALICE, 0, 9999)]
    plan = build_plan(tiered(by_buyer=True))

    result = calculate_run(build_period([0], sales), plan)

    # Ann bought 200.00 together: 20 %. Ben 199.99: 10 %. Alice herself reaches no tier.
    assert paid(result, "Tiers") == {(ALICE, 2): 4000, (ALICE, 1): 2000}


def test_whole_by_sale_looks_at_each_sale_by_itself() -> None:
    sales = [(ALICE, ANN, 15000), (ALICE, ANN, 5000), (ALICE, ANN, 20000)]

    result = calculate_run(build_period([0], sales), build_plan(tiered(by_sale=True)))

    assert paid(result, "Tiers") == {(ALICE, 1): 1500, (ALICE, 2): 4000}


def test_whole_takes_returns_off_the_size_and_off_the_pay() -> None:
    sales = [(ALICE, ANN, 25000), (ALICE, ANN, -6000)]

    result = calculate_run(build_period([0], sales), build_plan(tiered(by_buyer=True)))

    assert paid(result, "Tiers") == {(ALICE, 1): 1900}


def test_money_of_a_tier_is_paid_for_each_sale_above_zero() -> None:
    sales = [(ALICE, ANN, 15000), (ALICE, ANN, 10000), (ALICE, ANN, -1000), (ALICE, BEN, 10000)]
    rule = PersonalRule(
        name="Tiers", pays_on=CV, rates=rates(100, 300, money=True), tiers=((10000, 20000),),
        by_buyer=True,
    )  # fmt: skip

    result = calculate_run(build_period([0], sales), build_plan(rule))

    assert paid(result, "Tiers") == {(ALICE, 2): 600, (ALICE, 1): 100}


def test_marginal_pays_each_part_of_a_sale_at_its_tier() -> None:
    # 0..150 and 150..250: nothing up to 100, 10 % up to 200, 20 % above.
    sales = [(ALICE, 0, 15000), (ALICE, ANN, 10000)]

    result = calculate_run(build_period([0], sales), build_plan(tiered(marginal=True)))

    assert paid(result, "Tiers") == {(ALICE, 1): 1000, (ALICE, 2): 1000}
    lines = lines_of(result)
    assert lines.source.tolist() == [1, 2, 2]
    assert lines.base.tolist() == [5000, 5000, 5000]


def test_marginal_takes_sales_in_the_order_of_numbers_whoever_bought() -> None:
    # The customer's order has the lower number: it fills the first tiers, the own one the last.
    sales = [(ALICE, ANN, 10000), (ALICE, 0, 15000)]

    lines = lines_of(calculate_run(build_period([0], sales), build_plan(tiered(marginal=True))))

    assert lines.source.tolist() == [2, 2]
    assert lines.level.tolist() == [1, 2]
    assert lines.base.tolist() == [10000, 5000]


def test_a_sale_below_zero_is_taken_off_the_end() -> None:
    sales = [(ALICE, 0, 25000), (ALICE, 0, -10000)]

    lines = lines_of(calculate_run(build_period([0], sales), build_plan(tiered(marginal=True))))

    assert lines.level.tolist() == [1, 1, 2, 2]
    assert lines.base.tolist() == [10000, -5000, 5000, -5000]
    assert lines.amount.tolist() == [1000, -500, 1000, -1000]


def test_a_marginal_count_begins_with_what_earlier_periods_added() -> None:
    plan = build_plan(
        tiered(marginal=True, begins_with=3), figures=[PastFigure("LCV", CV, Past.LIFETIME)]
    )
    period = build_period(
        [0], [(ALICE, 0, 10000)], carried=state(("lifetime.CV", ALICE, -1, 15000))
    )

    assert paid(calculate_run(period, plan), "Tiers") == {(ALICE, 1): 500, (ALICE, 2): 1000}


def test_tiers_differ_by_market() -> None:
    rule = PersonalRule(
        name="Tiers", pays_on=CV, rates=Rates(rates(1).by, (((100_000,),), ((300_000,),))),
        tiers=((10000,), (5000,)),
    )  # fmt: skip
    period = build_period([0, 1], [(ALICE, 0, 6000), (BOB, 0, 6000)], market=[0, 1])

    result = calculate_run(period, build_plan(rule, markets=("JP",)))

    assert paid(result, "Tiers") == {(BOB, 1): 1800}


def test_rounding_by_bonus_rounds_the_exact_sum_of_all_tiers_once() -> None:
    sales = [(ALICE, 0, 10), (ALICE, 0, 11)]
    rule = PersonalRule(
        name="Tiers", pays_on=CV, rates=rates(250_000, 150_000), tiers=((0, 10),), marginal=True,
        round_at=RoundAt.BONUS,
    )  # fmt: skip

    result = calculate_run(build_period([0], sales), build_plan(rule))

    # 2.5 + 1.65 = 4.15 cents: 4, where each by itself would be 3 + 2.
    assert result.total == 4
    assert lines_of(result).amount.sum() == 4


def test_units_left_go_by_the_numbers_of_sales_where_remainders_are_equal() -> None:
    # Two lines of 2.5 cents, 5 together: the unit left goes to the customer's order, the first.
    rule = PersonalRule(name="Personal", pays_on=CV, rates=rates(500_000), round_at=RoundAt.BONUS)

    lines = lines_of(
        calculate_run(build_period([0], [(ALICE, ANN, 5), (ALICE, 0, 5)]), build_plan(rule))
    )

    assert dict(zip(lines.source.tolist(), lines.amount.tolist(), strict=True)) == {1: 3, 2: 2}


def test_many_buyers_of_one_owner_are_told_apart() -> None:
    sales = [(ALICE, 900 + buyer % 40, 6000) for buyer in range(80)]

    result = calculate_run(build_period([0], sales), build_plan(tiered(by_buyer=True)))

    assert paid(result, "Tiers") == {(ALICE, 1): 80 * 600}
