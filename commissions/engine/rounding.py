"""Rates and ways of rounding: what a plan needs to know of money, without a compiler."""

from __future__ import annotations

from enum import IntEnum
from math import gcd

PPM = 1_000_000


class Rounding(IntEnum):
    """What happens to a part of the smallest unit. All are symmetrical about zero."""

    HALF_AWAY = 0
    HALF_EVEN = 1
    TOWARD_ZERO = 2


def reduced(num: int, den: int) -> tuple[int, int]:
    """Return the same fraction in its lowest terms.

    >>> reduced(50_000, 1_000_000)
    (1, 20)
    """
    common = gcd(num, den)
    return num // common, den // common
