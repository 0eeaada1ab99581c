"""What enters the two legs of a binary in a period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.bonuses.lots import Lots
from commissions.engine.errors import BadNetwork
from commissions.engine.ground import Ground
from commissions.engine.plan import BinaryRule, OnReturn
from commissions.engine.sales import summed_by_owner
from commissions.engine.snapshot import Flag
from commissions.engine.sold import sold_on

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOWHERE, IN_LEFT, IN_RIGHT, IN_WEAKER = range(4)
"""`BinaryRule.own_volume`."""


def new_volume(ground: Ground, rule: BinaryRule) -> tuple[Int64s, Int64s, Int64s]:
    """Return what everybody below adds to the left and the right leg, and each one's own volume.

    Who keeps no volume adds nothing.
    """
    if ground.snapshot.calm:
        own = sold_on(ground, rule.pays_on)
    else:
        keeps = ground.allowed(Flag.KEEPS_VOLUME)
        own = summed_by_owner(ground.sales.start, paid_in_legs(ground, rule), keeps)
    return *in_legs(ground, rule, own), own


def paid_in_legs(ground: Ground, rule: BinaryRule) -> Int64s:
    """Return what each sale adds to legs, by its place; late returns, too, if the rule says so."""
    return ground.paying(rule, late_too=rule.on_return == OnReturn.VOLUME)


def in_legs(ground: Ground, rule: BinaryRule, values: Int64s) -> tuple[Int64s, Int64s]:
    """Return what everybody below in the left and in the right leg has together."""
    frame = ground.frame(rule.tree)
    if frame.leg is None:
        raise BadNetwork(f"the tree {frame.rule.name} has no legs")
    group = frame.back(tree.downline_total(frame.ordered_parent, frame.there(values)))
    return _by_leg(frame.parent, frame.leg, group)


@kernel
def _by_leg(parent: Rows, leg: Rows, group: Int64s) -> tuple[Int64s, Int64s]:
    """Return the groups of those directly below, on the left and on the right.

    >>> parent, leg = np.array([-1, 0, 0], np.int32), np.array([0, 2, 1], np.int32)
    >>> _by_leg(parent, leg, np.array([9, 4, 5]))
    (array([5, 0, 0]), array([4, 0, 0]))
    """
    left, right = np.zeros(len(parent), np.int64), np.zeros(len(parent), np.int64)
    for row in range(len(parent)):
        if parent[row] >= 0:
            if leg[row] == 1:
                left[parent[row]] += group[row]
            elif leg[row] == 2:
                right[parent[row]] += group[row]
    return left, right


def lay_legs(ground: Ground, rule: BinaryRule, adds_new: Bools) -> tuple[Lots, Lots]:
    """Return both legs with all that they have; new volume only of those who add it."""
    left, right, own = new_volume(ground, rule)
    carried = [
        Lots.of(ground, f"{rule.name}.{side}", new, oldest=rule.carry_expires)
        for side, new in (("left", left), ("right", right))
    ]
    if rule.own_volume != NOWHERE:
        _enter(rule.own_volume, own, carried[0], carried[1])
    if not adds_new.all():
        for lots in carried:
            _forget_new(lots.start, lots.value, adds_new)
    return carried[0], carried[1]


def _enter(where: int, own: Int64s, left: Lots, right: Lots) -> None:
    _enter_leg(where, own, left.start, left.value, right.start, right.value)


@kernel
def _enter_leg(
    where: int, own: Int64s, left_start: Int64s, left: Int64s, right_start: Int64s, right: Int64s
) -> None:
    """Add everybody's own volume to the new lot of a leg; to the weaker one, if `where` is 3."""
    for row in range(len(own)):
        to_left = where == 1
        if where == 3:
            difference = 0
            for place in range(left_start[row], left_start[row + 1]):
                difference += left[place]
            for place in range(right_start[row], right_start[row + 1]):
                difference -= right[place]
            to_left = difference <= 0
        if to_left:
            left[left_start[row + 1] - 1] += own[row]
        else:
            right[right_start[row + 1] - 1] += own[row]


@kernel
def _forget_new(start: Int64s, value: Int64s, adds_new: Bools) -> None:
    for row in range(len(adds_new)):
        if not adds_new[row]:
            value[start[row + 1] - 1] = 0
