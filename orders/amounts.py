"""Sharing whole cents and points: exact, and adding up."""

from __future__ import annotations

from collections.abc import Sequence


def part_of(total: int, part: int, whole: int) -> int:
    """Return `part / whole` of a total that is not negative, rounded half up.

    >>> part_of(100, 1, 3), part_of(100, 2, 3), part_of(5, 1, 2)
    (33, 67, 3)
    """
    return (2 * total * part + whole) // (2 * whole)


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total in proportion to weights by largest remainder; the sum is the total exactly.

    Among equal remainders the earlier one is first.

    >>> shared(100, [1, 1, 1])
    [34, 33, 33]
    >>> shared(0, [])
    []
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
