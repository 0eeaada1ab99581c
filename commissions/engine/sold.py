"""Where sales are: what lines rest on that are not paid sale by sale."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int32]


@kernel
def _numbers(start: Int64s, at: Rows, there: Bools) -> Int64s:
    """Return how many of each owner's sales are there.

    >>> start, at = np.array([0, 2, 3, 3]), np.array([2, 0, 1], np.int32)
    >>> _numbers(start, at, np.array([True, False, True]))
    array([2, 0])
    """
    number = np.zeros(len(start) - 2, np.int64)
    for row in range(len(number)):
        for place in range(start[row], start[row + 1]):
            number[row] += there[at[place]]
    return number


def sale_numbers(ground: Ground) -> Int64s:
    """Return how many sales each row owns that this run pays on and of which something is left."""
    snapshot = ground.snapshot
    there = np.zeros(len(snapshot.sale), np.bool_)
    for values in snapshot.columns.values():
        there |= values != 0
    if not snapshot.calm:
        there &= snapshot.pays & ~snapshot.late
    return _numbers(ground.sales.start, ground.sales.at, there)


@kernel
def numbers_with_base(start: Int64s, base: Int64s) -> Int64s:
    """Return how many of each owner's sales have a base that is not 0.

    >>> numbers_with_base(np.array([0, 2, 3, 3]), np.array([5, 0, -1]))
    array([1, 1])
    """
    number = np.zeros(len(start) - 2, np.int64)
    for row in range(len(number)):
        for place in range(start[row], start[row + 1]):
            number[row] += base[place] != 0
    return number


def by_level(frame: Frame, values: Int64s) -> Iterator[Int64s]:
    """Yield what those on level 1, 2 and so on of everybody have together, by network row.

    Everybody stands on a level here, whatever their state. It has no end.
    """
    parent, everybody = frame.ordered_parent, np.ones(len(values), np.bool_)
    level = frame.there(values)
    while True:
        level = tree.frontline_total(parent, level, everybody)
        yield frame.back(level)


def of_downline(frame: Frame, values: Int64s) -> Int64s:
    """Return what everybody's downline has together, oneself not included."""
    own = frame.there(values)
    return frame.back(tree.downline_total(frame.ordered_parent, own) - own)
