"""Late returns: what a posted line gives back, in as many parts as the goods come back."""

from collections.abc import Callable, Sequence
from fractions import Fraction


def taken_back(
    rounded: Callable[[Fraction], int], base: Fraction, amount: int, parts: Sequence[Fraction]
) -> list[int]:
    """Return what each return of a part of the base takes back of a line's amount.

    >>> from tests.oracle.money import half_away_from_zero
    >>> taken_back(half_away_from_zero, Fraction(3), 10, [Fraction(1)] * 3)
    [3, 4, 3]
    """
    takes: list[int] = []
    returned = Fraction(0)
    for part in parts:
        returned = as_far_as(base, returned + part)
        takes.append(rounded(amount * returned / base) - sum(takes))
    return takes


def as_far_as(base: Fraction, returned: Fraction) -> Fraction:
    """Return what has been returned, but no more than there was (of a negative base: no less)."""
    return min(returned, base) if base > 0 else max(returned, base)
