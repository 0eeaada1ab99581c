"""A binary placement tree as companies have it: grown by spillover, lopsided, of any size at once.

Whoever joins is placed below their sponsor, and what a sponsor's own people do not fill is filled
from above. Sponsors differ in how they build, each in one of three ways for good: in the leg into
which fewer were placed so far, step by step down to the first free place; at the outer end of the
side where they have enrolled fewer people; or always at the outer end of the same side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.snapshot import Placement
from commissions.engine.tree import depths

Rows = NDArray[np.int32]
Ways = NDArray[np.int8]

WEAKER, OUTER, ONE_SIDE = range(3)
SHARES: Final = (0.5, 0.35, 0.15)
"""How many of all sponsors build in each way."""
LEFT, RIGHT = 0, 1


@dataclass(frozen=True, slots=True)
class Depths:
    """How deep a tree is, in levels below the top."""

    mean: float
    most: int


def grow(sponsor: Rows, random: np.random.Generator) -> Placement:
    """Return everybody's place, in the order of joining: row 0 is the top, sponsors come first.

    The same sponsors and the same generator give the same tree.
    """
    n = len(sponsor)
    way = random.choice(np.array([WEAKER, OUTER, ONE_SIDE], np.int8), n, p=SHARES)
    side = random.integers(0, 2, n).astype(np.int8)
    parent, leg = _grow(sponsor, way, side)
    return Placement(parent, leg)


@kernel
def _grow(sponsor: Rows, way: Ways, side: Ways) -> tuple[Rows, Rows]:
    """Place one after the other.

    `outer[s, row]` leads towards the outer end of that side, and is moved on whenever it is used,
    so that long ends cost nothing. `placed` counts who went down into each leg of somebody, and
    `enrolled` whom somebody sponsored on each side.
    """
    n = len(sponsor)
    parent, leg = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    child = np.full((n, 2), -1, np.int32)
    outer = np.empty((n, 2), np.int32)
    placed, enrolled = np.zeros((n, 2), np.int32), np.zeros((n, 2), np.int32)
    for row in range(n):
        outer[row, 0], outer[row, 1] = row, row
    for row in range(1, n):
        at = sponsor[row]
        if way[at] == WEAKER:
            to = _fewer(placed, at, side[at])
            enrolled[at, to] += 1
            while child[at, to] >= 0:
                placed[at, to] += 1
                at = child[at, to]
                to = _fewer(placed, at, side[at])
        else:
            to = side[at] if way[at] == ONE_SIDE else _fewer(enrolled, at, side[at])
            enrolled[at, to] += 1
            placed[at, to] += 1
            at = _outer_end(outer, child, at, to)
        placed[at, to] += 1
        child[at, to] = row
        parent[row], leg[row] = at, to + 1
    return parent, leg


@kernel
def _fewer(count: Rows, at: int, otherwise: int) -> int:
    """Return the side with the smaller count."""
    if count[at, 0] == count[at, 1]:
        return otherwise
    return 0 if count[at, 0] < count[at, 1] else 1


@kernel
def _outer_end(outer: Rows, child: Rows, start: int, to: int) -> int:
    """Return the last of the chain of children on one side, and let all on the way point there."""
    at = start
    while child[at, to] >= 0:
        further = outer[at, to]
        at = further if further != at else child[at, to]
    end = at
    at = start
    while at != end:
        further = outer[at, to]
        following = further if further != at else child[at, to]
        outer[at, to] = end
        at = following
    return end


def depths_of(parent: Rows) -> Depths:
    """Return how deep a tree is whose rows are in an order in which parents come first.

    >>> depths_of(np.array([-1, 0, 1, 0], np.int32))
    Depths(mean=1.0, most=2)
    """
    depth = depths(parent)
    return Depths(float(depth.mean()), int(depth.max()))
