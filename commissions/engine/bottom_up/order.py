"""In which order distributors are worked out: after those directly below, in all trees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.plan import SPONSOR

Rows = NDArray[np.int32]


def bottom_first(ground: Ground, trees: tuple[int, ...]) -> Rows:
    """Return network rows in that order; of the sponsor tree alone it is simply from the end."""
    others = [ground.frame(tree) for tree in trees if tree != SPONSOR]
    if not others:
        return np.arange(ground.size - 1, -1, -1, dtype=np.int32)
    if SPONSOR not in trees and len(others) == 1 and others[0].row is not None:
        return np.ascontiguousarray(others[0].row[::-1])
    parents = [ground.network.sponsor] if SPONSOR in trees else []
    return _peeled(np.array([*parents, *(frame.parent for frame in others)], np.int32))


def seen_frame(ground: Ground, index: int) -> Frame:
    """Return a tree as what is worked out with ranks sees it.

    Where trees contradict each other, whoever is worked out later than the one directly above
    stands below nobody there.
    """
    trees = ground.plan.rank_trees
    if len(trees) < 2 or index not in trees:
        return ground.frame(index)
    if index not in ground.seen_frames:
        turn = np.empty(ground.size, np.int32)
        turn[bottom_first(ground, trees)] = np.arange(ground.size, dtype=np.int32)
        for each in trees:
            frame = ground.frame(each)
            has_turn_later = turn > np.append(turn, ground.size)[frame.parent]
            parent = np.where(has_turn_later, np.int32(-1), frame.parent)
            ground.seen_frames[each] = replace(frame, parent=parent)
    return ground.seen_frames[index]


@kernel
def _peeled(parents: NDArray[np.int32]) -> Rows:  # noqa: C901, PLR0912 - one loop over what is left
    """Peel off those without anybody left below, again and again.

    Where trees contradict each other nobody is without; then the last row that is left goes next.

    >>> _peeled(np.array([[-1, 0, 0], [-1, 2, 0]], np.int32))
    array([1, 2, 0], dtype=int32)
    >>> _peeled(np.array([[-1, 0], [1, -1]], np.int32))
    array([1, 0], dtype=int32)
    """
    trees, n = parents.shape
    below = np.zeros(n, np.int32)
    for tree in range(trees):
        for row in range(n):
            if parents[tree, row] >= 0:
                below[parents[tree, row]] += 1
    order = np.empty(n, np.int32)
    done = np.zeros(n, np.bool_)
    size, taken = 0, 0
    for row in range(n - 1, -1, -1):
        if below[row] == 0:
            order[size] = row
            done[row] = True
            size += 1
    last = n - 1
    while taken < n:
        if taken == size:
            while done[last]:
                last -= 1
            order[size] = last
            done[last] = True
            size += 1
        row = order[taken]
        taken += 1
        for tree in range(trees):
            above = parents[tree, row]
            if above >= 0:
                below[above] -= 1
                if below[above] == 0 and not done[above]:
                    order[size] = above
                    done[above] = True
                    size += 1
    return order
