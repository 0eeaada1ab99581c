"""Money and rates as fractions, and the three ways of rounding."""

import math
from collections.abc import Callable
from fractions import Fraction

DECIMALS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}


def half_away_from_zero(value: Fraction) -> int:
    """
    >>> [half_away_from_zero(Fraction(n, 2)) for n in (-3, -1, 1, 3)]
    [-2, -1, 1, 2]
    """
    size = math.floor(abs(value) + Fraction(1, 2))
    return size if value > 0 else -size


def half_to_even(value: Fraction) -> int:
    """
    >>> [half_to_even(Fraction(n, 2)) for n in (-3, -1, 1, 3)]
    [-2, 0, 0, 2]
    """
    below = math.floor(value)
    over = value - below
    if over == Fraction(1, 2):
        return below if below % 2 == 0 else below + 1
    return below if over < Fraction(1, 2) else below + 1


def toward_zero(value: Fraction) -> int:
    """
    >>> [toward_zero(Fraction(n, 2)) for n in (-3, -1, 1, 3)]
    [-1, 0, 0, 1]
    """
    return math.floor(value) if value > 0 else math.ceil(value)


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "half away from zero": half_away_from_zero,
    "half to even": half_to_even,
    "toward zero": toward_zero,
}


def per_cent(text: str) -> Fraction:
    """
    >>> per_cent("5.5%")
    Fraction(11, 200)
    """
    return Fraction(text.removesuffix("%")) / 100
