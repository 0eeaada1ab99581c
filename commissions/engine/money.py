"""Exact money: one way to take a share of an amount, symmetrical about zero.

A share is a fraction of integers. Nothing here overflows: a product that leaves 64 bits is taken
the long way, and a result that would is refused before (`check_bounds`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.errors import TooLarge
from commissions.engine.rounding import PPM, Rounding, reduced

__all__ = [
    "LIMIT",
    "PPM",
    "Rounding",
    "absolute_total",
    "apply_rate",
    "check_bounds",
    "exact_sum",
    "part_of",
    "product_fits",
    "reduced",
    "share",
    "share_fits",
    "shares",
]

Int64s = NDArray[np.int64]

LIMIT = 2**62
"""Half of what an int64 holds; every sum and every product must stay under it."""


@kernel
def long_share(size: int, num: int, den: int) -> tuple[int, int]:
    """Return quotient and remainder of `size * num / den`, bit by bit, without the product.

    >>> long_share(10**15, 10**9, 10**12)
    (1000000000000, 0)
    >>> long_share(7, 3, 4)
    (5, 1)
    """
    quotient = (size // den) * num
    part = size % den
    small, rest = 0, 0
    for bit in range(62, -1, -1):
        small *= 2
        rest *= 2
        if rest >= den:
            rest -= den
            small += 1
        if (num >> bit) & 1:
            rest += part
            if rest >= den:
                rest -= den
                small += 1
    return quotient + small, rest


@kernel
def share(base: int, num: int, den: int, rounding: int, product_fits: bool) -> int:
    """Return `base * num / den`, rounded once; `num` and `den` are positive.

    >>> share(105, 1, 10, 0, True), share(-105, 1, 10, 0, True), share(105, 1, 10, 1, False)
    (11, -11, 10)
    """
    size = base if base >= 0 else -base
    if product_fits:
        product = np.uint64(size) * np.uint64(num)
        whole = product // np.uint64(den)
        # numba would make a float of signed and unsigned together: back to signed explicitly.
        quotient: Any = np.int64(whole)
        rest: Any = np.int64(product - whole * np.uint64(den))
    else:
        quotient, rest = long_share(size, num, den)
    if rounding == 0:
        quotient += 2 * rest >= den
    elif rounding == 1:
        quotient += 2 * rest > den or (2 * rest == den and quotient % 2 == 1)
    signed: int = quotient if base >= 0 else -quotient
    return signed


@kernel
def shares(base: Int64s, num: int, den: int, rounding: int, product_fits: bool) -> Int64s:
    """Return `share` of each base.

    >>> shares(np.array([105, -105]), 1, 10, 2, True)
    array([ 10, -10])
    """
    amount = np.empty(len(base), np.int64)
    for i in range(len(base)):
        amount[i] = share(base[i], num, den, rounding, product_fits)
    return amount


def product_fits(largest: int, num: int, den: int) -> bool:
    """Tell whether a base as large as `largest` may be multiplied by `num` at once.

    >>> product_fits(10**9, 50_000, 1_000_000), product_fits(10**14, 50_000, 1_000_000)
    (True, False)
    """
    return largest * num + den < LIMIT


def share_fits(total: int, num: int, den: int) -> bool:
    """Tell whether a share stays within 64 bits, even the sum over all bases.

    >>> share_fits(10**18, 1, 1), share_fits(10**18, 10, 1)
    (True, False)
    """
    return max(num, den, total, total * num // den + 1) < LIMIT


def check_bounds(total: int, num: int, den: int) -> None:
    """Refuse a share of which even the sum over all bases could leave 64 bits.

    >>> check_bounds(10**20, 1, 10)
    Traceback (most recent call last):
    commissions.engine.errors.TooLarge: 1/10 of 100000000000000000000 leaves 64 bits
    """
    if not share_fits(total, num, den):
        raise TooLarge(f"{num}/{den} of {total} leaves 64 bits")


def absolute_total(values: Int64s) -> int:
    """Return the sum of the absolute values, exactly, however large it is.

    >>> absolute_total(np.array([2**62, -(2**62), 2**62])) == 3 * 2**62
    True
    """
    high, low = _halves_together(values, True)
    return (int(high) << 31) + int(low)


def exact_sum(values: Int64s) -> int:
    """Return the sum, exactly, however large it is.

    >>> exact_sum(np.array([2**62, 2**62, -1])) == 2**63 - 1
    True
    """
    high, low = _halves_together(values, False)
    return (int(high) << 31) + int(low)


@kernel
def _halves_together(values: Int64s, absolute: bool) -> tuple[int, int]:
    """Return the sums of the upper bits and of the lower 31: up to 2^31 values neither overflows.

    >>> _halves_together(np.array([2**31 + 5, -1]), True)
    (1, 6)
    """
    high, low = 0, 0
    for i in range(len(values)):
        size = -values[i] if absolute and values[i] < 0 else values[i]
        high += size >> 31
        low += size & (2**31 - 1)
    return high, low


def apply_rate(base: Int64s, rate_ppm: int, rounding: Rounding = Rounding.HALF_AWAY) -> Int64s:
    """Return `rate_ppm` of each base, each rounded once.

    Rounding is the same on both sides of zero, so that a clawback is the exact negative of the
    commission that it takes back.

    >>> apply_rate(np.array([105, -105]), 100_000)
    array([ 11, -11])
    >>> apply_rate(np.array([10**15]), 999_999)
    array([999999000000000])
    """
    num, den = reduced(rate_ppm, PPM)
    check_bounds(absolute_total(base), num, den)
    largest = int(np.abs(base).max(initial=0))
    return shares(base, num, den, int(rounding), product_fits(largest, num, den))


def part_of(values: Int64s, ppm: int) -> Int64s:
    """Return a part of each value, rounded half away from zero; a negative part turns the sign.

    >>> part_of(np.array([105, -105]), -100_000), part_of(np.array([7]), 1_000_000)
    (array([-11,  11]), array([7]))
    """
    if ppm == PPM:
        return values
    if ppm < 0:
        return -part_of(values, -ppm)
    if ppm == 0:
        return np.zeros(len(values), np.int64)
    return apply_rate(values, ppm)
