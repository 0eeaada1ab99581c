"""Parting an amount in proportion, by largest remainder: exact, and to the last unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.errors import TooLarge
from commissions.engine.exact import hand_out
from commissions.engine.money import LIMIT, Rounding, absolute_total, long_share

Int64s = NDArray[np.int64]


def rounded_fraction(num: int, den: int, rounding: Rounding) -> int:
    """Return `num / den` rounded once, for sums of any size; `den` is above zero.

    >>> [rounded_fraction(num, 2, Rounding.HALF_AWAY) for num in (5, -5, 4)]
    [3, -3, 2]
    >>> rounded_fraction(5, 2, Rounding.HALF_EVEN), rounded_fraction(-5, 2, Rounding.TOWARD_ZERO)
    (2, -2)
    """
    whole, rest = divmod(abs(num), den)
    if rounding == Rounding.HALF_AWAY:
        whole += 2 * rest >= den
    elif rounding == Rounding.HALF_EVEN:
        whole += 2 * rest > den or (2 * rest == den and whole % 2 == 1)
    return whole if num >= 0 else -whole


@kernel
def _whole_parts(
    amount: int,
    weight: Int64s,
    total: int,
    product_fits: bool,
) -> tuple[Int64s, Int64s]:
    """Return the whole units of everybody's exact part, and the remainders in parts of `total`."""
    parts, rest = np.empty(len(weight), np.int64), np.empty(len(weight), np.int64)
    for i in range(len(weight)):
        if product_fits:
            product = amount * weight[i]
            parts[i] = product // total
            rest[i] = product - parts[i] * total
        else:
            parts[i], rest[i] = long_share(amount, weight[i], total)
    return parts, rest


def _largest(rest: Int64s, number: Int64s, count: int) -> NDArray[np.intp]:
    """Return the places of so many largest remainders; equal ones by the lower number."""
    if count == 0:
        return np.zeros(0, np.intp)
    edge = np.partition(rest, len(rest) - count)[len(rest) - count]
    above, equal = np.flatnonzero(rest > edge), np.flatnonzero(rest == edge)
    missing = count - len(above)
    if missing < len(equal):
        equal = equal[np.argpartition(number[equal], missing - 1)[:missing]]
    return np.concatenate([above, equal])


def part_by_weight(amount: int, weight: Int64s, number: Int64s) -> Int64s:
    """Return everybody's part of an amount (not negative), in proportion to weights above zero.

    Everybody gets the whole units of the exact part; the units left go to the largest remainders,
    equal ones by the lower number. Linear. Refuses sums that leave 64 bits.

    >>> part_by_weight(100, np.array([1, 1, 1]), np.array([7, 5, 6]))
    array([33, 34, 33])
    >>> part_by_weight(2**61, np.array([2**60, 2**60]), np.array([1, 2])) == 2**60
    array([ True,  True])
    """
    if not len(weight):
        return np.zeros(0, np.int64)
    total = absolute_total(weight)
    if max(total, amount) >= LIMIT:
        raise TooLarge(f"{amount} cannot be parted by {total} shares: that leaves 64 bits")
    parts, rest = _whole_parts(amount, weight, total, amount * int(weight.max()) < LIMIT)
    parts[_largest(rest, number, amount - int(parts.sum()))] += 1
    return parts


@kernel
def part_in_groups(first: Int64s, amount: Int64s, weight: Int64s) -> Int64s:
    """Return `part_by_weight` for groups: group g has places first[g] to first[g + 1] - 1.

    Equal remainders go by place; a weight of 0 gets nothing. The weights of a group whose amount is
    not 0 come to more than 0 together, and to less than 2^62.

    >>> part_in_groups(np.array([0, 2, 3]), np.array([5, 9]), np.array([1, 1, 4]))
    array([3, 2, 9])
    """
    parts, rest = np.zeros(len(weight), np.int64), np.zeros(len(weight), np.int64)
    for group in range(len(amount)):
        total, left = 0, amount[group]
        if left == 0:
            continue
        for i in range(first[group], first[group + 1]):
            total += weight[i]
        for i in range(first[group], first[group + 1]):
            parts[i], rest[i] = long_share(amount[group], weight[i], total)
            left -= parts[i]
        hand_out(parts, rest, first[group], first[group + 1], left)
    return parts
