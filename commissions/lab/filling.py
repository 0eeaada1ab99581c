"""Places that nobody gave: found breadth-first, in the order of joining."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from commissions.engine.plan import TreeRule
from commissions.engine.snapshot import NOT_IN_TREE, Placement

TOP = -1


def fill_breadth_first(
    given: Placement, rule: TreeRule, enroller: NDArray[np.int32], joined: NDArray[np.int64]
) -> Placement:
    """Return the tree with a place for everybody; all columns are by engine row.

    Who has no place is placed below the enroller, in the first free place level by level, from
    the lowest leg on; below the first top if the enroller has no place. Who comes first of all
    becomes the top.

    >>> from commissions.engine.plan import TreeKind
    >>> rule = TreeRule("matrix", TreeKind.MATRIX, width=2, finds_places=True)
    >>> nobody = np.full(4, NOT_IN_TREE, np.int32)
    >>> found = fill_breadth_first(
    ...     Placement(nobody, np.zeros(4, np.int32)), rule, np.array([-1, 0, 0, 0]), np.arange(4)
    ... )
    >>> found.parent, found.leg
    (array([-1,  0,  0,  1], dtype=int32), array([0, 1, 2, 1], dtype=int32))
    """
    parent, leg = given.parent.copy(), given.leg.copy()
    waiting = np.flatnonzero(parent == NOT_IN_TREE)
    waiting = waiting[np.argsort(joined[waiting], kind="stable")]
    tops = np.flatnonzero(parent == TOP)
    top = int(tops[0]) if len(tops) else -1
    free = _FreePlaces(given, rule.width)
    for row in waiting.tolist():
        if top < 0:
            top = row
            parent[row] = TOP
            continue
        over = int(enroller[row])
        if over < 0 or parent[over] == NOT_IN_TREE:
            over = top
        parent[row], leg[row] = free.take(over, row)
    return Placement(parent, leg)


class _FreePlaces:
    """Where the next free place below somebody is.

    A place that is taken stays taken, so whoever has been looked at once and was full is never
    looked at again from the same person: each person has a queue of those below, level by level,
    from which full ones have been dropped. In a tree of width 1 there are no levels to go
    through: everybody leads straight to the end of the line, as far as it is known.
    """

    def __init__(self, given: Placement, width: int) -> None:
        self.width = width
        self.below: dict[int, dict[int, int]] = {}
        self.queues: dict[int, deque[int]] = {}
        self.ends: dict[int, int] = {}
        for row, (parent, leg) in enumerate(
            zip(given.parent.tolist(), given.leg.tolist(), strict=True)
        ):
            if parent >= 0:
                self.below.setdefault(parent, {})[leg] = row

    def take(self, over: int, row: int) -> tuple[int, int]:
        """Give a row the first free place below somebody; return its parent and leg."""
        parent = self._end(over) if self.width == 1 else self._first_with_room(over)
        taken = self.below.setdefault(parent, {})
        leg = next(leg for leg in range(1, self.width + 1) if leg not in taken)
        taken[leg] = row
        return parent, leg

    def _first_with_room(self, over: int) -> int:
        queue = self.queues.setdefault(over, deque([over]))
        while len(taken := self.below.get(queue[0], {})) == self.width:
            queue.popleft()
            queue.extend(taken[leg] for leg in range(1, self.width + 1))
        return queue[0]

    def _end(self, over: int) -> int:
        path = []
        at = over
        while at in self.below:
            path.append(at)
            at = self.ends.get(at, self.below[at][1])
        for row in path:
            self.ends[row] = at
        return at
