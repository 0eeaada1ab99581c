"""Trees besides the sponsor tree, each in an order of its own: parents first, downlines one range.

The engine's columns are in network order, which is the sponsor tree's preorder. A primitive that
needs another tree's order works on that tree's `Frame`; columns go over and come back by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.errors import BadNetwork
from commissions.engine.network import Network
from commissions.engine.plan import SPONSOR, Plan, TreeKind, TreeRule
from commissions.engine.snapshot import NOT_IN_TREE, Snapshot

Rows = NDArray[np.int32]
Array = TypeVar("Array", bound=NDArray[Any])


@dataclass(frozen=True, eq=False)
class Frame:
    """One tree. `parent` is by network row and holds network rows, -1 at a top.

    `row` and `place` lead from this tree's order to network rows and back; None: it is the
    network order itself. `inside` tells who has a place in the tree (None: everybody); who has
    none is a top with nobody below. `leg` counts from 1, 0 where there is none.
    """

    rule: TreeRule
    parent: Rows
    row: Rows | None = None
    place: Rows | None = None
    inside: NDArray[np.bool_] | None = None
    leg: Rows | None = None

    def there(self, values: Array) -> Array:
        """Return a column of network rows in this tree's order."""
        return values if self.row is None else gathered(values, self.row)

    def back(self, values: Array) -> Array:
        """Return a column of this tree's order by network row."""
        return values if self.place is None else gathered(values, self.place)

    @cached_property
    def ordered_parent(self) -> Rows:
        """Return each row's parent with both in this tree's order."""
        if self.row is None or self.place is None:
            return self.parent
        return _through(self.place, gathered(self.parent, self.row))


def sponsor_frame(network: Network, plan: Plan) -> Frame:
    """Return the sponsor tree, which is in order already."""
    return Frame(plan.trees[0], network.sponsor)


def order_trees(snapshot: Snapshot, network: Network, plan: Plan) -> dict[int, Frame]:
    """Return the trees that the plan's rules look at, in order, by their places in `Plan.trees`.

    They hold network rows, so they belong to that network: whoever keeps both warm makes both anew
    when somebody has moved in any of the trees.
    """
    rules = (*plan.bonuses, *plan.figures)
    asked = {getattr(rule, name, SPONSOR) for rule in rules for name in ("tree", "leg_tree")}
    frames = {}
    for index in sorted(index for index in asked if index > SPONSOR):
        frames[index] = make_frame(snapshot, network, plan, index)
        # Made here and kept; otherwise the first run would make it
        _ = frames[index].ordered_parent
    return frames


def make_frame(snapshot: Snapshot, network: Network, plan: Plan, index: int) -> Frame:
    """Return a tree of the plan. `BadNetwork` if it goes round in a circle or is not given."""
    rule = plan.trees[index]
    if rule.kind == TreeKind.SPONSOR:
        return sponsor_frame(network, plan)
    if rule.kind == TreeKind.ENROLLER:
        return _ordered(rule, _in_network(network, snapshot.enroller), network)
    if rule.kind == TreeKind.PASS_UP:
        below = make_frame(snapshot, network, plan, rule.of)
        joined = snapshot.joined[network.order]
        return _ordered(rule, _passed_up(below, joined, network.member, rule.first), network)
    if rule.name not in snapshot.placements:
        raise BadNetwork(f"no places in the tree {rule.name} are given")
    placement = snapshot.placements[rule.name]
    inside = (placement.parent != NOT_IN_TREE)[network.order]
    parent = _in_network(network, np.maximum(placement.parent, -1))
    return _ordered(rule, parent, network, inside, placement.leg[network.order])


def _in_network(network: Network, parent: Rows) -> Rows:
    """Return parents given by snapshot rows as network rows, by network row."""
    return _through(network.row, gathered(parent, network.order))


@kernel
def _through(place: Rows, above: Rows) -> Rows:
    out = np.empty(len(above), np.int32)
    for i in range(len(above)):
        out[i] = place[above[i]] if above[i] >= 0 else -1
    return out


def _ordered(
    rule: TreeRule,
    parent: Rows,
    network: Network,
    inside: NDArray[np.bool_] | None = None,
    leg: Rows | None = None,
) -> Frame:
    try:
        row = tree.preorder(parent)
    except BadNetwork as problem:
        raise BadNetwork(f"in the tree {rule.name}: {problem}") from problem
    place = np.empty(len(row), np.int32)
    place[row] = np.arange(len(row), dtype=np.int32)
    return Frame(rule, parent, row, place, inside, leg)


def _passed_up(
    frame: Frame, joined: NDArray[np.int64], member: NDArray[np.int64], first: int
) -> Rows:
    """Return parents of the pass-up tree: the first ones of everybody go to their parent's own."""
    order = np.lexsort((member, joined, frame.parent))
    ordinal = np.zeros(len(member), np.int64)
    of = frame.parent[order]
    begins = np.flatnonzero(np.diff(of, prepend=-2) != 0)
    counted = np.arange(len(of)) - np.repeat(begins, np.diff(np.append(begins, len(of))))
    ordinal[order] = counted
    row = np.arange(len(member), dtype=np.int32) if frame.row is None else frame.row
    return _pass_up(row, frame.parent, ordinal, first)


@kernel
def _pass_up(row: Rows, parent: Rows, ordinal: NDArray[np.int64], first: int) -> Rows:
    """Walk from the top down: who received the parent receives the parent's first ones.

    >>> row = np.arange(4, dtype=np.int32)
    >>> _pass_up(row, np.array([-1, 0, 1, 1], np.int32), np.array([0, 1, 0, 1]), 1)
    array([-1,  0,  0,  1], dtype=int32)
    """
    taken = np.full(len(parent), -1, np.int32)
    for i in range(len(row)):
        at = row[i]
        above = parent[at]
        if above >= 0 and ordinal[at] < first and taken[above] >= 0:
            taken[at] = taken[above]
        else:
            taken[at] = above
    return taken
