"""Tree primitives. Each is linear in the size of the network and indifferent to its depth.

Except for `preorder`, which makes the order, all expect rows in an order in which a parent comes
before its children; -1 is the parent of a row at the top.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.errors import BadNetwork

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_PARENT = -1


@kernel
def _links(parent: Rows) -> tuple[Rows, Rows, int]:
    """Return first child, next sibling (both in the order of rows) and the first top row."""
    first = np.full(len(parent), NO_PARENT, np.int32)
    sibling = np.full(len(parent), NO_PARENT, np.int32)
    top = NO_PARENT
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above == NO_PARENT:
            sibling[row] = top
            top = row
        else:
            sibling[row] = first[above]
            first[above] = row
    return first, sibling, top


@kernel
def _walk(parent: Rows, first: Rows, sibling: Rows, top: int) -> tuple[Rows, int]:
    """Return rows in preorder, and how many were reached from the top."""
    order = np.empty(len(parent), np.int32)
    reached = 0
    row = top
    while row != NO_PARENT:
        order[reached] = row
        reached += 1
        if first[row] != NO_PARENT:
            row = first[row]
            continue
        while row != NO_PARENT and sibling[row] == NO_PARENT:
            row = parent[row]
        if row != NO_PARENT:
            row = sibling[row]
    return order, reached


@kernel
def _row_in_circle(parent: Rows, order: Rows, reached: int) -> int:
    """Return a row that is among its own upline; there is one if not all rows were reached."""
    seen = np.zeros(len(parent), np.bool_)
    seen[order[:reached]] = True
    row = 0
    while seen[row]:
        row += 1
    while not seen[row]:
        seen[row] = True
        row = parent[row]
    return row


def preorder(parent: Rows) -> Rows:
    """Return the rows so that each parent comes first and each downline is one range.

    Siblings, and rows at the top, keep the order in which they come. A parent that does not
    exist and a circle are refused.

    >>> preorder(np.array([2, -1, 1, 1], np.int32))
    array([1, 2, 0, 3], dtype=int32)
    >>> preorder(np.array([-1, 2, 1], np.int32))
    Traceback (most recent call last):
    commissions.engine.errors.BadNetwork: row 1 is among its own upline
    >>> preorder(np.array([-1, 7], np.int32))
    Traceback (most recent call last):
    commissions.engine.errors.BadNetwork: row 1 has parent 7, and there are 2 rows
    """
    wrong = np.flatnonzero((parent < NO_PARENT) | (parent >= len(parent)))
    if len(wrong):
        row = int(wrong[0])
        raise BadNetwork(f"row {row} has parent {parent[row]}, and there are {len(parent)} rows")
    first, sibling, top = _links(parent)
    order, reached = _walk(parent, first, sibling, top)
    if reached < len(parent):
        raise BadNetwork(f"row {_row_in_circle(parent, order, reached)} is among its own upline")
    return order


def check_order(parent: Rows) -> None:
    """Refuse rows that do not come after their parents.

    >>> check_order(np.array([-1, 1], np.int32))
    Traceback (most recent call last):
    commissions.engine.errors.BadNetwork: row 1 does not come after its parent 1
    """
    wrong = np.flatnonzero((parent >= np.arange(len(parent))) | (parent < NO_PARENT))
    if len(wrong):
        row = int(wrong[0])
        raise BadNetwork(f"row {row} does not come after its parent {parent[row]}")


@kernel
def downline_end(parent: Rows) -> Rows:
    """Return for each row of a preorder the row after the last of its downline.

    >>> downline_end(np.array([-1, 0, 1, 0], np.int32))
    array([4, 3, 3, 4], dtype=int32)
    """
    end = np.empty(len(parent), np.int32)
    for row in range(len(parent)):
        end[row] = row + 1
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above != NO_PARENT and end[row] > end[above]:
            end[above] = end[row]
    return end


@kernel
def depths(parent: Rows) -> Rows:
    """Return how far below its top each row is, in levels; parents come first.

    >>> depths(np.array([-1, 0, 1, 0], np.int32))
    array([0, 1, 2, 1], dtype=int32)
    """
    depth = np.zeros(len(parent), np.int32)
    for row in range(len(parent)):
        if parent[row] != NO_PARENT:
            depth[row] = depth[parent[row]] + 1
    return depth


@kernel
def downline_total(parent: Rows, values: Int64s) -> Int64s:
    """Return each row's value plus the values of its whole downline.

    >>> downline_total(np.array([-1, 0, 1, 0], np.int32), np.array([1, 10, 100, 1000]))
    array([1111,  110,  100, 1000])
    """
    total = values.copy()
    for row in range(len(parent) - 1, 0, -1):
        if parent[row] != NO_PARENT:
            total[parent[row]] += total[row]
    return total


@kernel
def nearest(parent: Rows, keep: Bools) -> Rows:
    """Return the nearest row that is kept, going up from each row, itself first; -1 if none is.

    >>> nearest(np.array([-1, 0, 1, 2], np.int32), np.array([True, False, False, True]))
    array([0, 0, 0, 3], dtype=int32)
    """
    found = np.empty(len(parent), np.int32)
    for row in range(len(parent)):
        if keep[row]:
            found[row] = row
        elif parent[row] == NO_PARENT:
            found[row] = NO_PARENT
        else:
            found[row] = found[parent[row]]
    return found


@kernel
def frontline_total(parent: Rows, values: Int64s, heads: Bools) -> Int64s:
    """Return the sum of the frontline's values; who is no head has the own frontline in place.

    >>> parent, heads = np.array([-1, 0, 1, 0], np.int32), np.array([True, False, True, True])
    >>> frontline_total(parent, np.array([1, 10, 100, 1000]), heads)
    array([1100,  100,    0,    0])
    """
    total = np.zeros(len(parent), np.int64)
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above != NO_PARENT:
            total[above] += values[row] if heads[row] else total[row]
    return total


@kernel
def largest_leg(parent: Rows, group: Int64s, heads: Bools) -> Int64s:
    """Return the largest of the legs' values; who is no head has the own legs in place.

    >>> parent, heads = np.array([-1, 0, 1, 0], np.int32), np.array([True, False, True, True])
    >>> largest_leg(parent, np.array([1111, 110, 100, 50]), heads)
    array([100, 100,   0,   0])
    """
    most = np.zeros(len(parent), np.int64)
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above != NO_PARENT:
            value = group[row] if heads[row] else most[row]
            if value > most[above]:
                most[above] = value
    return most


@kernel
def level_totals(parent: Rows, values: Int64s, stands: Bools, high: int) -> Int64s:
    """Return for each level from 1 to `high` the sum of the values of those who stand on it.

    Who stands on no level has the own frontline in place. One row for each level.

    >>> parent, stands = np.array([-1, 0, 1, 0], np.int32), np.array([True, False, True, True])
    >>> level_totals(parent, np.array([1, 10, 100, 1000]), stands, 2)[:, 0]
    array([1100,    0])
    """
    totals = np.zeros((high, len(parent)), np.int64)
    for row in range(len(parent) - 1, -1, -1):
        above = parent[row]
        if above == NO_PARENT:
            continue
        if stands[row]:
            totals[0, above] += values[row]
            for level in range(1, high):
                totals[level, above] += totals[level - 1, row]
        else:
            for level in range(high):
                totals[level, above] += totals[level, row]
    return totals


@kernel
def leg_total(parent: Rows, group: Int64s, leg: Rows, which: int) -> Int64s:
    """Return each row's value of `group` in one leg, 0 where nobody stands there.

    >>> leg_total(np.array([-1, 0, 0], np.int32), np.array([9, 4, 5]),
    ...           np.array([0, 1, 2], np.int32), 2)
    array([5, 0, 0])
    """
    total = np.zeros(len(parent), np.int64)
    for row in range(len(parent)):
        if parent[row] != NO_PARENT and leg[row] == which:
            total[parent[row]] += group[row]
    return total
