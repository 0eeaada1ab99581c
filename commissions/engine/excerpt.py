"""Parts of a run's ground: only those whom a sale meets, or only somebody's downline.

Whatever was found out about people stays as it is; only ways up are walked again on a part.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.network import Network
from commissions.engine.plan import SPONSOR, TreeKind
from commissions.engine.sales import Sales, places_in
from commissions.engine.snapshot import Carried
from commissions.engine.standings import Standings

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]


def way_of(ground: Ground, sale: int, tree_index: int) -> Ground:
    """Return the chain from the top of a tree down to a sale's owner, with that sale only.

    The sale is there, and belongs to somebody.
    """
    place = place_of(ground, sale)
    rows = _rows_above(ground, owner_of(ground, sale), tree_index)
    n = len(rows)
    start = np.zeros(n + 2, np.int64)
    start[n:] = 1
    middle = start[1:].copy()
    if not ground.own[place]:
        middle[n - 1] = 0
    return _chain(
        ground, rows, tree_index, Sales(start, middle, ground.sales.at[place : place + 1])
    )


def chain_above(ground: Ground, row: int, tree_index: int) -> Ground:
    """Return the chain from the top of a tree down to a network row, without sales."""
    rows = _rows_above(ground, row, tree_index)
    start = np.zeros(len(rows) + 2, np.int64)
    return _chain(ground, rows, tree_index, Sales(start, start[1:], np.zeros(0, np.int32)))


def _rows_above(ground: Ground, row: int, tree_index: int) -> Rows:
    """Return the network rows from the top of a tree down to one of them."""
    parent, rows, at = ground.frame(tree_index).parent, list[int](), row
    while at >= 0:
        rows.append(at)
        at = int(parent[at])
    return np.array(rows[::-1], np.int32)


def _chain(ground: Ground, rows: Rows, tree_index: int, sales: Sales) -> Ground:
    above = np.arange(-1, len(rows) - 1, dtype=np.int32)
    return _excerpt(ground, rows, above, tree_index, sales)


def alone(ground: Ground, row: int) -> Ground:
    """Return somebody (a network row; then row 0) without anybody else: own sales, own state."""
    rows = np.array([row], np.int32)
    sales = _sales_of(ground.sales, rows)
    part = _excerpt(ground, rows, np.array([-1], np.int32), SPONSOR, sales)
    carried = ground.snapshot.carried
    mine = carried.row == ground.network.order[row]
    own = Carried(
        carried.names,
        carried.key[mine],
        np.zeros(int(mine.sum()), np.int32),
        carried.age[mine],
        carried.value[mine],
    )
    return replace(part, snapshot=replace(ground.snapshot, carried=own))


def owner_of(ground: Ground, sale: int) -> int:
    """Return the network row of a sale's owner, -1 if the sale belongs to nobody.

    `KeyError` if there is no such sale.
    """
    place = place_of(ground, sale)
    owner = int(np.searchsorted(ground.sales.start, place, side="right")) - 1
    return owner if owner < ground.size else -1


def has_place(ground: Ground, tree_index: int, row: int) -> bool:
    """Tell whether a network row has a place in a tree, or in what a pass-up tree is made of."""
    rule = ground.plan.trees[tree_index]
    if rule.kind == TreeKind.PASS_UP:
        return has_place(ground, rule.of, row)
    inside = ground.frame(tree_index).inside
    return inside is None or bool(inside[row])


def place_of(ground: Ground, sale: int) -> int:
    found = np.flatnonzero(ground.snapshot.sale[ground.sales.at] == sale)
    if not len(found):
        raise KeyError(sale)
    return int(found[0])


def downline_of(ground: Ground, row: int, tree_index: int) -> Ground:
    """Return somebody (a network row; then row 0) with the downline in a tree and its sales."""
    frame = ground.frame(tree_index)
    ordered = frame.ordered_parent
    first = row if frame.place is None else int(frame.place[row])
    last = int(tree.downline_end(ordered)[first])
    rows = np.arange(first, last, dtype=np.int32) if frame.row is None else frame.row[first:last]
    parent = np.maximum(ordered[first:last] - first, -1).astype(np.int32)
    parent[0] = -1
    return _excerpt(ground, rows, parent, tree_index, _sales_of(ground.sales, rows))


def _sales_of(sales: Sales, rows: Rows) -> Sales:
    first, last = sales.start[rows], sales.start[rows + 1]
    start = np.zeros(len(rows) + 2, np.int64)
    np.cumsum(last - first, out=start[1:-1])
    start[-1] = start[-2]
    middle = np.append(start[:-2] + sales.middle[rows] - first, start[-1])
    return Sales(start, middle, sales.at[places_in(first, last)])


def _excerpt(ground: Ground, rows: Rows, parent: Rows, tree_index: int, sales: Sales) -> Ground:
    """Return the ground of these rows, which stand in the order of one tree.

    The state that came in is still by the rows of the whole snapshot: ways up do not ask for it.
    """
    itself = np.arange(len(rows), dtype=np.int32)
    network = Network(
        member=ground.network.member[rows],
        sponsor=parent,
        end=tree.downline_end(parent),
        row=itself,
        order=ground.network.order[rows],
    )
    return replace(
        ground,
        network=network,
        sales=sales,
        standings=_standings(ground.standings, rows),
        flags=ground.flags[rows],
        market=ground.market[rows],
        own=ground.snapshot.own[sales.at],
        frames={tree_index: Frame(ground.plan.trees[tree_index], parent)},
        seen_frames={},
        bases={},
        ready=set(ground.ready),
        sizes={},
    )


def _standings(found: Standings, rows: Rows) -> Standings:
    return Standings(
        figures=[figure[rows] for figure in found.figures],
        active=found.active[rows],
        qualified=found.qualified[rows],
        paid_as=found.paid_as[rows],
        title=found.title[rows],
        highest=found.highest[rows],
        before=found.before[rows],
        grace=found.grace[rows],
        held=found.held[rows],
    )
