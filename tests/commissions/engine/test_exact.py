"""Rounding once over many lines: the sum is exact, and shared out by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, calculate_run
from commissions.engine.lines import lines_of
from commissions.engine.plan import Compression, PersonalRule, RoundAt, UnilevelRule
from commissions.engine.rounding import Rounding
from tests.commissions.engine.cast import ALICE, ANN, BOB, CARL
from tests.commissions.engine.plans import CV, build_period, build_plan, rates
from tests.commissions.engine.test_money import exactly


def personal(ppm: int, at: RoundAt = RoundAt.BONUS, **others: Any) -> PersonalRule:
    return PersonalRule(name=f"{ppm}", pays_on=CV, rates=rates(ppm), round_at=at, **others)


def run(*bonuses: PersonalRule, volumes: Sequence[int], **others: Any) -> RunResult:
    """Return what Alice's own sales of so many hundredths pay."""
    sales = [(ALICE, 0, volume) for volume in volumes]
    return calculate_run(build_period([0], sales), build_plan(*bonuses, **others))


def amounts(result: RunResult) -> list[int]:
    return [int(amount) for amount in lines_of(result).amount]


@pytest.mark.parametrize(
    ("at", "expected"),
    [(RoundAt.LINE, [1, 1, 1]), (RoundAt.BONUS, [1, 1, 0]), (RoundAt.EARNER, [1, 1, 0])],
)
def test_halves_are_rounded_line_by_line_or_once(at: RoundAt, expected: list[int]) -> None:
    """10 % of 0.05 three times: 1.5 cents, which is 2; the units go to the first sales."""
    assert amounts(run(personal(100_000, at), volumes=[5, 5, 5])) == expected


def test_the_largest_remainders_get_the_units_that_are_left() -> None:
    """0.3, 0.9, 0.8 and 1.0 of a cent are 3 together."""
    assert amounts(run(personal(100_000), volumes=[3, 9, 8, 10])) == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("rounding", "volumes", "expected"),
    [
        # -1 together; each is at least -1, and the unit that is left goes to the first
        (Rounding.HALF_AWAY, [-5, -5], [0, -1]),
        # -0.5: away from zero, to even, toward zero
        (Rounding.HALF_AWAY, [-5], [-1]),
        (Rounding.HALF_EVEN, [-5], [0]),
        (Rounding.TOWARD_ZERO, [-9], [0]),
        # 1.5 is even as 2, 2.5 as 2
        (Rounding.HALF_EVEN, [5, 5, 5], [1, 1, 0]),
        (Rounding.HALF_EVEN, [5] * 5, [1, 1, 0, 0, 0]),
        # 1.9, and -1.9
        (Rounding.TOWARD_ZERO, [9, 10], [0, 1]),
        (Rounding.TOWARD_ZERO, [-9, -10], [0, -1]),
        # 1.2 - 0.7 is a half
        (Rounding.HALF_AWAY, [12, -7], [1, 0]),
    ],
)
def test_sums_are_rounded_as_the_plan_rounds(
    rounding: Rounding, volumes: list[int], expected: list[int]
) -> None:
    assert amounts(run(personal(100_000), volumes=volumes, rounding=rounding)) == expected


def test_what_is_rounded_by_earner_is_added_up_over_bonuses() -> None:
    """5 % of 0.05 and of 0.05 are 0.25 each: half a cent together, which the first bonus has."""
    first, second = personal(50_000, RoundAt.EARNER), personal(50_000, RoundAt.EARNER)

    result = run(first, second, volumes=[5])

    assert amounts(result) == [1, 0]
    assert result.earnings.bonus.tolist() == [0, 1]


def test_bonuses_of_other_roundings_are_not_added() -> None:
    result = run(
        personal(50_000, RoundAt.EARNER), personal(50_000, RoundAt.BONUS),
        personal(50_000, RoundAt.LINE), volumes=[5],
    )  # fmt: skip

    assert result.total == 0


def test_equal_remainders_go_by_bonus_level_and_the_higher_rate() -> None:
    """Alice is paid 10 % on level 1, and on level 2 10 % again: 0.5 of a cent each, 1 together."""
    rule = UnilevelRule(
        name="U", pays_on=CV, compression=Compression.NONE, rates=rates(100_000, 100_000),
        round_at=RoundAt.BONUS,
    )  # fmt: skip
    period = build_period([0, ALICE, BOB], [(CARL, 0, 5), (BOB, 0, 5)])

    result = calculate_run(period, build_plan(rule))

    # Bob has half a cent of his own, which is 1. Of Alice's two halves level 1 gets the unit.
    found = zip(result.earnings.earner, result.earnings.level, result.earnings.amount, strict=True)
    assert [tuple(map(int, each)) for each in found] == [(0, 1, 1), (0, 2, 0), (1, 1, 1)]


def test_units_within_an_earning_go_by_the_number_of_the_sale_wherever_the_owner_is() -> None:
    """Sale 1 is Carl's, who is below Bob in another leg; both pay Alice half a cent."""
    rule = UnilevelRule(
        name="U", pays_on=CV, compression=Compression.NONE, rates=rates(100_000),
        round_at=RoundAt.BONUS,
    )  # fmt: skip
    result = calculate_run(
        build_period([0, ALICE, ALICE], [(CARL, 0, 5), (BOB, 0, 5)]), build_plan(rule)
    )

    lines = lines_of(result)

    found = dict(zip(lines.source.tolist(), lines.amount.tolist(), strict=True))
    assert found == {1: 1, 2: 0}


def shared(parts: list[Fraction], whole: int) -> list[int]:
    """Return whole units of each part, those left to the largest remainders, the first of equal."""
    units = [floor(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda at: (units[at] - parts[at], at))
    for at in order[: whole - sum(units)]:
        units[at] += 1
    return units


volumes = st.lists(st.integers(-40, 60), min_size=1, max_size=6)
ppms = st.sampled_from([10_000, 50_000, 125_000, 333_300])


@given(volumes, ppms, ppms, st.sampled_from(list(Rounding)), st.sampled_from([1_000_000, 700_000]))
def test_sums_and_shares_are_what_exact_fractions_say(
    bought: list[int], one: int, two: int, rounding: Rounding, part: int
) -> None:
    bonuses = [personal(ppm, RoundAt.EARNER, part_ppm=part) for ppm in (one, two)]

    result = run(*bonuses, volumes=bought, rounding=rounding)

    exact = [
        [Fraction(volume * ppm * part, 10**12) for volume in bought if volume] for ppm in (one, two)
    ]
    sums = [sum(each, Fraction(0)) for each in exact]
    together = exactly(sum(sums, Fraction(0)), rounding)
    earnings = shared(sums, together) if exact[0] else []
    assert result.total == (together if exact[0] else 0)
    assert result.earnings.amount.tolist() == earnings
    expected = [
        amount
        for each, whole in zip(exact, earnings or [0, 0], strict=True)
        for amount in shared(each, whole)
    ]
    assert amounts(result) == expected


@given(volumes, ppms, st.sampled_from(list(Rounding)))
def test_the_negative_of_all_sales_takes_back_the_sum(
    bought: list[int], ppm: int, rounding: Rounding
) -> None:
    paid = run(personal(ppm), volumes=bought, rounding=rounding)
    taken = run(personal(ppm), volumes=[-volume for volume in bought], rounding=rounding)

    assert taken.total == -paid.total


def test_a_customers_sale_is_shared_like_an_own_one() -> None:
    period = build_period([0], [(ALICE, ANN, 5), (ALICE, 0, 5)])

    result = calculate_run(period, build_plan(personal(100_000)))

    lines = lines_of(result)
    assert dict(zip(lines.source.tolist(), lines.amount.tolist(), strict=True)) == {1: 1, 2: 0}
