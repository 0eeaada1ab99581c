"""Pairing by cycles: how often a step can be taken off two legs, without counting up to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

STRONG, WEAK, TIMES = range(3)
"""Columns of the table of steps; `TIMES` 0 has no end."""

NO_END = 2**62


@kernel
def cycle_once(left: int, right: int, strong: int, weak: int, want: int) -> tuple[int, int, int]:
    """Return a number of cycles that follow each other, at most `want`, and what they leave.

    0 cycles: there is no other. The leg that has more gives `strong`, the left if they are equal.
    As long as one leg stays ahead, or the legs take turns, the number is known at once; the rest
    are single cycles, of which there are never more than a few.

    >>> cycle_once(1000, 100, 20, 10, NO_END), cycle_once(800, 0, 20, 10, NO_END)
    ((10, 800, 0), (0, 800, 0))
    >>> cycle_once(100, 101, 20, 10, NO_END), cycle_once(10, 11, 20, 10, NO_END)
    ((6, 10, 11), (0, 10, 11))
    """
    lesser, greater = min(left, right), max(left, right)
    if lesser < weak or greater < strong:
        return 0, left, right
    step, ahead = strong - weak, left - right
    if step == 0:
        number = min(want, lesser // strong)
        return number, left - number * strong, right - number * strong
    if want > 1 and lesser >= strong + weak and -step <= ahead and ahead < step:
        pairs = min(want // 2, lesser // (strong + weak))
        return 2 * pairs, left - pairs * (strong + weak), right - pairs * (strong + weak)
    if ahead >= 0:
        number = min(want, ahead // step + 1, left // strong, right // weak)
        return number, left - number * strong, right - number * weak
    number = min(want, (-ahead - 1) // step + 1, right // strong, left // weak)
    return number, left - number * weak, right - number * strong


@kernel
def cycle_everybody(
    left: Int64s, right: Int64s, paired: Bools, done: Int64s, steps: Int64s, most: int,
    beyond_used_up: bool, taken_left: Int64s, taken_right: Int64s, cycles: Int64s,
) -> Int64s:  # fmt: skip
    """Return how many cycles of each step (first index) each row is paid.

    `done` are the cycles before this period, which decide the step that is next. Cycles beyond
    `most` (0: no limit) are not paid: they stay, or are taken off all the same. Fills in what is
    taken off each leg, and how many cycles there were.
    """
    paid = np.zeros((len(steps), len(left)), np.int64)
    for row in range(len(left)):
        if not paired[row]:
            continue
        step, at = 0, done[row]
        while steps[step, TIMES] > 0 and at >= steps[step, TIMES]:
            at -= steps[step, TIMES]
            step += 1
        here, there = left[row], right[row]
        while True:
            want = NO_END if most == 0 or beyond_used_up else most - cycles[row]
            if steps[step, TIMES] > 0:
                want = min(want, steps[step, TIMES] - at)
            number, here, there = cycle_once(
                here, there, steps[step, STRONG], steps[step, WEAK], want
            )
            if number == 0:
                break
            paid[step, row] += number if most == 0 else max(min(number, most - cycles[row]), 0)
            cycles[row] += number
            at += number
            if steps[step, TIMES] > 0 and at == steps[step, TIMES]:
                step += 1
                at = 0
        taken_left[row], taken_right[row] = left[row] - here, right[row] - there
    return paid
