"""Rounding once over many lines: exact sums, shared out by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import lcm

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.earned import Paid
from commissions.engine.earnings import Earnings
from commissions.engine.errors import TooLarge
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT, long_share
from commissions.engine.rounding import PPM, reduced

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]


def round_together(ground: Ground, paid: Mapping[int, Paid]) -> dict[int, Paid]:
    """Return what bonuses pay with each earner's exact sum over all of them rounded once.

    Their amounts are still to be worked out of bases and rates. The rounded sum is shared over the
    earnings by largest remainder; equal ones in the order of bonus, level, rate (the higher first).
    """
    places = sorted(paid)
    sizes = [len(paid[place].earned.earner) for place in places]
    earned = [paid[place].earned for place in places]
    earner = np.concatenate([part.earner for part in earned])
    base = np.concatenate([part.base for part in earned])
    rate = np.concatenate([part.rate_ppm for part in earned])
    bonus = np.repeat(np.array(places, np.int64), sizes)
    level = np.concatenate([part.level for part in earned])
    order = np.lexsort((-rate, level, bonus, earner))
    num, den, common = _fractions(ground, bonus[order], rate[order])
    amount = np.empty(len(order), np.int64)
    amount[order] = _settled(
        earner[order], base[order], num, den, common, int(ground.plan.rounding)
    )
    parts = np.split(amount, np.cumsum(sizes)[:-1])
    return {
        place: replace(paid[place], earned=replace(paid[place].earned, amount=part))
        for place, part in zip(places, parts, strict=True)
    }


def _fractions(
    ground: Ground, bonus: Int64s, rate: NDArray[np.int32]
) -> tuple[Int64s, Int64s, int]:
    """Return each row's fraction that makes money of a base, and the denominator common to all."""
    pairs = np.stack([bonus, rate.astype(np.int64)], axis=1)
    different, which = np.unique(pairs, axis=0, return_inverse=True)
    fractions = []
    for place, ppm in different.tolist():
        num, den = ground.plan.amount_of(PPM, ground.plan.bonuses[place].part_ppm)
        fractions.append(reduced(num * ppm, den * PPM))
    common = lcm(*(den for _, den in fractions)) if fractions else 1
    if common >= LIMIT // 4:
        raise TooLarge("rates, parts and the point value have no common fraction in 64 bits")
    num_of = np.array([num for num, _ in fractions], np.int64)
    den_of = np.array([den for _, den in fractions], np.int64)
    at = which.ravel()
    return num_of[at], den_of[at], common


@kernel
def exact_amount(base: int, num: int, den: int, common: int) -> tuple[int, int]:
    """Return the whole units below `base * num / den`, and the rest in parts of `common`.

    >>> exact_amount(105, 1, 10, 10), exact_amount(-105, 1, 10, 20)
    ((10, 5), (-11, 10))
    """
    size = base if base >= 0 else -base
    whole, rest = long_share(size, num, den)
    if base < 0:
        whole = -whole
        if rest > 0:
            whole -= 1
            rest = den - rest
    return whole, rest * (common // den)


@kernel
def rounded_up(rest: int, whole: int, common: int, rounding: int) -> int:
    """Return 0 or 1: what rounding adds to the whole units below, of a rest in parts of `common`.

    >>> rounded_up(5, 10, 10, 0), rounded_up(5, -11, 10, 0), rounded_up(5, 10, 10, 1)
    (1, 0, 0)
    >>> rounded_up(1, -11, 10, 2), rounded_up(1, 10, 10, 2)
    (1, 0)
    """
    if rest == 0:
        return 0
    if rounding == 2:
        return 1 if whole < 0 else 0
    if 2 * rest != common:
        return 1 if 2 * rest > common else 0
    if rounding == 1:
        return whole & 1
    return 0 if whole < 0 else 1


@kernel
def hand_out(amount: Int64s, rest: Int64s, first: int, last: int, units: int) -> None:
    """Add one unit each to the largest remainders of a stretch; equal ones from the front.

    >>> amount, rest = np.array([1, 2, 3]), np.array([5, 7, 7])
    >>> hand_out(amount, rest, 0, 3, 2)
    >>> amount
    array([1, 3, 4])
    """
    if units <= 0:
        return
    order = np.argsort(-rest[first:last], kind="mergesort")
    for k in range(units):
        amount[first + order[k]] += 1


@kernel
def _settled(
    earner: Rows, base: Int64s, num: Int64s, den: Int64s, common: int, rounding: int
) -> Int64s:
    """Return each row's share of its earner's rounded sum; rows are in the order of earner."""
    size = len(earner)
    amount, rest = np.empty(size, np.int64), np.empty(size, np.int64)
    for i in range(size):
        amount[i], rest[i] = exact_amount(base[i], num[i], den[i], common)
    first = 0
    while first < size:
        last = first
        whole, units, left = 0, 0, 0
        while last < size and earner[last] == earner[first]:
            whole += amount[last]
            left += rest[last]
            if left >= common:
                left -= common
                units += 1
            last += 1
        units += rounded_up(left, whole + units, common, rounding)
        hand_out(amount, rest, first, last, units)
        first = last
    return amount


def split_over_lines(
    ground: Ground, bonus: int, groups: Earnings, at: NDArray[np.intp], first: Int64s,
    number: Int64s, base: Int64s, amount: Int64s,
) -> None:  # fmt: skip
    """Fill in the amounts of lines: each earning's amount shared over them by largest remainder.

    Equal remainders go by the numbers of the lines' sales.
    """
    rate = groups.rate_ppm[at]
    num, den, common = _fractions(ground, np.full(len(at), bonus, np.int64), rate)
    _split(first[at], first[at + 1], groups.amount[at], number, base, num, den, common, amount)


@kernel
def _split(
    first: Int64s, last: Int64s, total: Int64s, number: Int64s, base: Int64s, num: Int64s,
    den: Int64s, common: int, amount: Int64s,
) -> None:  # fmt: skip
    rest = np.empty(len(base), np.int64)
    for group in range(len(first)):
        left = total[group]
        for i in range(first[group], last[group]):
            amount[i], rest[i] = exact_amount(base[i], num[group], den[group], common)
            left -= amount[i]
        if left > 0:
            order = first[group] + np.argsort(number[first[group] : last[group]], kind="mergesort")
            by_rest = order[np.argsort(-rest[order], kind="mergesort")]
            for k in range(left):
                amount[by_rest[k]] += 1
