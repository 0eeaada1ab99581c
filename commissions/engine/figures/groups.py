"""Volumes of groups: figures added over people below in a tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.plan import CompressedFigure, GroupFigure, Scope, TreeKind
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int32]


def group_figure(ground: Ground, figure: GroupFigure, index: int) -> None:
    """Fill in a group volume that no rank decides."""
    frame = ground.frame(figure.tree)
    values = frame.there(ground.standings.figures[figure.of])
    ground.standings.figures[index] = frame.back(_added(ground, frame, figure, values))


def _added(ground: Ground, frame: Frame, figure: GroupFigure, values: Int64s) -> Int64s:
    parent = frame.ordered_parent
    if figure.scope in (Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE):
        total = tree.downline_total(parent, values)
        return total if figure.scope == Scope.SELF_AND_DOWNLINE else total - values
    if figure.scope in (Scope.FRONTLINE, Scope.SELF_AND_FRONTLINE):
        heads = frame.there(ground.allowed(Flag.COUNTS_AS_LEG))
        front = tree.frontline_total(parent, values, heads)
        return front if figure.scope == Scope.FRONTLINE else front + values
    if figure.scope == Scope.LEVELS:
        stands = frame.there(ground.allowed(Flag.OCCUPIES_LEVEL))
        levels = tree.level_totals(parent, values, stands, figure.high)
        added: Int64s = levels[figure.low - 1 :].sum(axis=0)
        return added
    group = tree.downline_total(parent, values)
    if figure.scope in (Scope.LARGEST_LEG, Scope.ALL_BUT_LARGEST):
        heads = frame.there(_heads(ground, frame))
        largest = tree.largest_leg(parent, group, heads)
        return largest if figure.scope == Scope.LARGEST_LEG else group - values - largest
    return _of_two_legs(frame, figure.scope, parent, group)


def _heads(ground: Ground, frame: Frame) -> Bools:
    """Tell who heads a leg: in binary and matrix trees everybody, as legs are places there."""
    if frame.rule.kind in (TreeKind.BINARY, TreeKind.MATRIX):
        return np.ones(ground.size, np.bool_)
    return ground.allowed(Flag.COUNTS_AS_LEG)


def _of_two_legs(frame: Frame, scope: Scope, parent: Rows, group: Int64s) -> Int64s:
    if frame.leg is None:
        raise TypeError(f"the tree {frame.rule.name} has no legs")
    leg = frame.there(frame.leg)
    if scope == Scope.LEFT_LEG:
        return tree.leg_total(parent, group, leg, 1)
    right = tree.leg_total(parent, group, leg, 2)
    if scope == Scope.RIGHT_LEG:
        return right
    left = tree.leg_total(parent, group, leg, 1)
    return np.minimum(left, right) if scope == Scope.WEAKER_LEG else np.maximum(left, right)


@kernel
def _moved_up(sponsor: Rows, values: Int64s, active: Bools) -> Int64s:
    """Move each value up to the nearest active row, itself first; who is not active has 0.

    >>> sponsor, active = np.array([-1, 0, 1], np.int32), np.array([True, False, False])
    >>> _moved_up(sponsor, np.array([1, 10, 100]), active)
    array([111,   0,   0])
    """
    moved = values.copy()
    for row in range(len(sponsor) - 1, -1, -1):
        if not active[row]:
            if sponsor[row] >= 0:
                moved[sponsor[row]] += moved[row]
            moved[row] = 0
    return moved


def compressed_figure(ground: Ground, figure: CompressedFigure, index: int) -> None:
    """Fill in a volume of compressed orders, where activity is known beforehand."""
    found = ground.standings
    found.figures[index] = _moved_up(ground.network.sponsor, found.figures[figure.of], found.active)
