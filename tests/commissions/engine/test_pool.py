"""Pool: a fund is parted by shares, by the value of a share, or by ranking."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, calculate_run, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.plan import PoolRule
from tests.commissions.engine.plans import (
    CV,
    GV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    paid,
)


def run(sales: list[Sale], size: int = 3, period: Any = None, **rule: Any) -> RunResult:
    given: dict[str, Any] = {"name": "Pool", "fund_of": CV, "fund_ppm": 20_000, "shares": PV}
    plan = build_plan(PoolRule(**(given | rule)))
    return calculate_run(build_period([0] * size, sales, **(period or {})), plan)


def test_the_fund_is_parted_in_proportion_by_largest_remainder() -> None:
    # 2 % of 60.25 is 1.205, rounded 1.21: 20.08.., 40.16.., 60.75.. cents.
    result = run([(1, 0, 1000), (2, 0, 2000), (3, 0, 3025)])

    assert paid(result, "Pool") == {(1, 0): 20, (2, 0): 40, (3, 0): 61}
    lines = lines_of(result)
    assert lines.evidence.tolist() == [int(Evidence.POOL)] * 3
    assert (lines.source.tolist(), lines.base.tolist()) == ([-1] * 3, [1000, 2000, 3025])


def test_equal_remainders_go_by_the_lower_number_wherever_one_stands() -> None:
    # In the network member 3, below member 1, comes before member 2.
    rule = PoolRule(name="Pool", fund_of=CV, fund_ppm=333)
    period = build_period([0, 0, 1], [(1, 0, 10000), (2, 0, 10000), (3, 0, 13000)])

    # 10.989 cents for three: 11, of which the two over go to members 1 and 2.
    result = calculate_run(period, build_plan(rule))

    assert paid(result, "Pool") == {(1, 0): 4, (2, 0): 4, (3, 0): 3}


def test_only_those_who_are_qualified_and_have_shares_are_paid() -> None:
    result = run([(1, 0, 5000), (2, 0, 4999)], requires=((at_least(PV, 5000),),))

    assert paid(result, "Pool") == {(1, 0): 200}


def test_what_is_kept_is_the_rest_of_the_value_of_a_share() -> None:
    # 2 % of 70.00 is 1.40; 70 points: 2 cents each, without a rest; with 3 people 46 each.
    sales: list[Sale] = [(1, 0, 1050), (2, 0, 2000), (3, 0, 3950)]

    assert paid(run(sales, rest_kept=True), "Pool") == {(1, 0): 21, (2, 0): 40, (3, 0): 79}
    equal = paid(run(sales, rest_kept=True, shares=-1), "Pool")
    assert equal == {(1, 0): 46, (2, 0): 46, (3, 0): 46}


def test_places_go_by_shares_then_by_joining_then_by_number() -> None:
    sales: list[Sale] = [(1, 0, 2000), (2, 0, 3000), (3, 0, 2000), (4, 0, 2000), (5, 0, 1000)]
    joined = {"joined": [7, 9, 5, 5, 1]}

    result = run(sales, 5, joined, places_ppm=(500_000, 300_000, 100_000))

    assert paid(result, "Pool") == {(2, 1): 100, (3, 2): 60, (4, 3): 20}


def test_places_that_nobody_takes_are_not_paid() -> None:
    result = run([(1, 0, 10000)], places_ppm=(500_000, 500_000))

    assert paid(result, "Pool") == {(1, 1): 100}


def test_a_fund_of_nothing_or_less_pays_nobody() -> None:
    assert not paid(run([(1, 0, 5000), (2, 0, -5000)]), "Pool")
    assert not paid(run([(1, 0, 5000), (2, 0, -6000)]), "Pool")
    assert not paid(run([]), "Pool")


def test_a_fund_of_a_group_volume_is_exact_where_the_sum_leaves_64_bits() -> None:
    n = 100_000
    chain = build_period([0, *range(1, n)], [(n, 0, 10**14)])
    rule = PoolRule(name="Pool", fund_of=GV, fund_ppm=1, shares=PV)

    result = calculate_run(chain, build_plan(rule))

    # 10^14 x 100,000 hundredths of a point: a millionth of that in cents.
    assert paid(result, "Pool") == {(n, 0): 10**13}


def test_a_place_of_nothing_makes_no_line_and_is_taken() -> None:
    result = run([(1, 0, 6000), (2, 0, 4000)], places_ppm=(0, 500_000))

    assert paid(result, "Pool") == {(2, 2): 100}


def test_the_fund_is_of_the_sales_that_the_run_pays_on() -> None:
    # The first sale was paid on in an earlier week, the last one is a late return.
    sales: list[Sale] = [(1, 0, 10000), (2, 0, 10000), (2, 0, -3000)]
    period = {"pays": [False, True, True], "counts": [True] * 3, "late": [False, False, True]}

    result = run(sales, 2, period)

    assert paid(result, "Pool") == {(1, 0): 100, (2, 0): 100}


def test_sales_of_who_keeps_no_volume_are_in_no_fund() -> None:
    result = run([(1, 0, 10000), (2, 0, 10000)], period={"flags": [31, 31 - 8, 31]})

    assert paid(result, "Pool") == {(1, 0): 200}


@given(
    volumes=st.lists(st.integers(-5, 500), min_size=1, max_size=12),
    ppm=st.sampled_from([1_000, 20_000, 123_456]),
    equal=st.booleans(),
)
def test_shares_add_up_to_the_fund_to_the_unit(
    volumes: list[int], ppm: int, *, equal: bool
) -> None:
    sales: list[Sale] = [(row + 1, 0, volume) for row, volume in enumerate(volumes)]

    result = run(sales, len(volumes), fund_ppm=ppm, shares=-1 if equal else PV)

    fund = max((2 * sum(volumes) * ppm + 10**6) // (2 * 10**6), 0)
    assert result.total == fund


@pytest.mark.parametrize("places", [(1_000_000,), (333_333, 333_333, 333_334)])
def test_places_are_rounded_one_by_one(places: tuple[int, ...]) -> None:
    result = run([(1, 0, 5000), (2, 0, 2500), (3, 0, 2400)], places_ppm=places)

    assert len(paid(result, "Pool")) == len(places)
