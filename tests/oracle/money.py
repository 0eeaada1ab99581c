"""Money, per cents and points as fractions; ways of rounding; sharing to the last cent."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND".split()
FOUR_DECIMALS = "CLF UYW".split()


def decimals_of(currency: str) -> int:
    """Return the decimals of a currency by ISO 4217.

    >>> [decimals_of(currency) for currency in ("USD", "JPY", "KWD")]
    [2, 0, 3]
    """
    if currency in NO_DECIMALS:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    return 4 if currency in FOUR_DECIMALS else 2


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


def hundredth(points: Fraction) -> Fraction:
    """Return points rounded half away from zero to a hundredth of a point.

    >>> hundredth(Fraction("-0.125"))
    Fraction(-13, 100)
    """
    return Fraction(half_away_from_zero(points * 100), 100)


def hundredths_cut_off(points: Fraction) -> Fraction:
    """Return points with nothing beyond the second decimal.

    >>> hundredths_cut_off(Fraction("0.129"))
    Fraction(3, 25)
    """
    return Fraction(toward_zero(points * 100), 100)


def share_out(total: int, exact: Sequence[Fraction]) -> list[int]:
    """Part a total by largest remainder, when the exact parts are known.

    Each gets the whole units below the exact part (for negative ones: the next lower); the units
    left go one by one to the largest remainders, equal ones to the earlier.

    >>> share_out(10, [Fraction(10, 3)] * 3)
    [4, 3, 3]
    >>> share_out(-1, [Fraction(-1, 2), Fraction(-1, 2)])
    [0, -1]
    """
    whole = [math.floor(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[: total - sum(whole)]:
        whole[place] += 1
    return whole
