"""Shares of amounts, held against exact fractions."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commissions.engine import TooLarge
from commissions.engine.money import LIMIT, Rounding, apply_rate, reduced, share, shares

MODES = {
    Rounding.HALF_AWAY: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.TOWARD_ZERO: ROUND_DOWN,
}


def exactly(value: Fraction, rounding: Rounding) -> int:
    """Return a fraction rounded, by Python's decimals."""
    doubled = Decimal((abs(value) * 2).__floor__())
    rest = abs(value) * 2 - (abs(value) * 2).__floor__()
    half = (doubled + (Decimal("0.5") if rest else 0)) / 2
    size = int(half.quantize(Decimal(1), MODES[rounding], Context(prec=60)))
    return size if value >= 0 else -size


@given(
    st.integers(-300, 300) | st.integers(-(10**15), 10**15),
    st.sampled_from([1, 3, 20, 40, 1000, 12345]),
    st.sampled_from([1, 2, 3, 8, 20, 1000, 10**14]),
    st.sampled_from(list(Rounding)),
)
def test_a_share_is_the_exact_fraction_rounded_the_short_way_and_the_long_way(
    base: int, num: int, den: int, rounding: Rounding
) -> None:
    assume(abs(base) * num // den < LIMIT)  # what is larger is refused before it comes here
    expected = exactly(Fraction(base * num, den), rounding)

    assert share(base, num, den, int(rounding), product_fits=False) == expected
    if abs(base) * num + den < 2**62:
        assert share(base, num, den, int(rounding), product_fits=True) == expected


@given(st.integers(-300, 300), st.sampled_from([10_000, 50_000, 125_000]))
def test_a_clawback_is_the_exact_negative(base: int, ppm: int) -> None:
    both = apply_rate(np.array([base, -base]), ppm)

    assert both.sum() == 0


def test_a_base_near_the_limit_of_64_bits_is_exact() -> None:
    base = np.array([4 * 10**18, -4 * 10**18])

    assert apply_rate(base[:1], 999_999).tolist() == [3999996000000000000]
    assert shares(base, *reduced(999_999, 1_000_000), 0, product_fits=False).sum() == 0


def test_sums_that_could_leave_64_bits_are_refused() -> None:
    with pytest.raises(TooLarge):
        apply_rate(np.array([4 * 10**18] * 3), 999_999)
