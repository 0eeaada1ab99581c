"""What the sales of one buyer pay one earner on one level, and what of it is too much."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import pay_bonus
from commissions.engine.earned import Book, Earned, Paid
from commissions.engine.earnings import Earnings, merged
from commissions.engine.exact import split_over_lines
from commissions.engine.ground import Ground
from commissions.engine.plan import RoundAt

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Levels = NDArray[np.int16]


def over_by_buyer(ground: Ground, index: int, earned: Earned) -> tuple[Rows, Levels, Int64s]:
    """Return earner, level and amount of all that is more than a bonus's `per_buyer` limits."""
    cap = ground.plan.bonuses[index].cap
    limits = np.array(() if cap is None else cap.per_buyer, np.int64)
    groups = merged(ground.size, {index: Paid(earned)})
    place, amount = _all_lines(ground, index, groups)
    level = np.repeat(groups.level, groups.lines)
    earner = np.repeat(groups.earner, groups.lines)
    limited = (level >= 1) & (level <= len(limits))
    place, amount, level, earner = place[limited], amount[limited], level[limited], earner[limited]
    buyer = _buyers(ground)[place]
    order = np.lexsort((buyer, level, earner))
    if not len(order):
        return earner, level, amount
    earner, level, buyer = earner[order], level[order], buyer[order]
    changes = (np.diff(earner) != 0) | (np.diff(level) != 0) | (np.diff(buyer) != 0)
    first = np.flatnonzero(np.append(True, changes))
    earner, level = earner[first], level[first]
    over = np.add.reduceat(amount[order], first) - limits[level - 1]
    return earner[over > 0], level[over > 0], over[over > 0]


def _buyers(ground: Ground) -> Int64s:
    """Return by place of a sale the number of the member who bought."""
    sales = ground.sales
    customer = ground.snapshot.customer[sales.at]
    return np.where(ground.own, np.append(ground.network.member, -1)[sales.owner], customer)


def _all_lines(ground: Ground, index: int, groups: Earnings) -> tuple[Rows, Int64s]:
    """Let a bonus pay again; return place and amount of each line, in the order of groups."""
    first = np.concatenate([[0], np.cumsum(groups.lines)]).astype(np.int64)
    size = int(first[-1])
    place = np.zeros(size, np.int32)
    base, amount = np.zeros(size, np.int64), np.zeros(size, np.int64)
    cursors = {}
    for turn in np.unique(groups.turn).tolist():
        here = np.flatnonzero(groups.turn == turn)
        cursors[turn] = np.full(ground.size, -1, np.int64)
        cursors[turn][groups.earner[here]] = first[here]
    book = Book(cursors, (place, base, amount), np.full(ground.size, -1, np.int64))
    pay_bonus(ground, index, {}, book)
    if ground.plan.bonuses[index].round_at != RoundAt.LINE:
        every = np.arange(len(groups.earner))
        split_over_lines(ground, index, groups, every, first, base, amount)
    return place, amount
