"""What the sales of one buyer pay one earner on one level, and what of it is too much."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
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
    """Return earner, level and amount of all that is more than a bonus's `per_buyer` limits.

    A row for each earner, level and buyer.
    """
    cap = ground.plan.bonuses[index].cap
    by_level = np.array([*(() if cap is None else cap.per_buyer), NO_LIMIT], np.int64)
    groups = merged(ground.size, {index: Paid(earned)})
    place, amount, first = _all_lines(ground, index, groups)
    if not len(place):
        return groups.earner, groups.level, groups.amount
    changes = (np.diff(groups.earner) != 0) | (np.diff(groups.level) != 0)
    begins = np.flatnonzero(np.append(True, changes))
    earner, level = groups.earner[begins], groups.level[begins]
    limit = by_level[np.clip(level - 1, -1, len(by_level) - 1)]
    buyer = _buyers(ground)[place]
    group, over = _excesses(np.append(first[begins], first[-1]), limit, buyer, amount)
    return earner[group], level[group], over


NO_LIMIT = -1


@kernel
def _excesses(first: Int64s, limit: Int64s, buyer: Int64s, amount: Int64s) -> tuple[Int64s, Int64s]:
    """Return the group, and how much is too much, of each buyer with more than the group's limit.

    Lines of a group are places first[group] to first[group + 1] - 1.

    >>> first, limit = np.array([0, 3, 4]), np.array([10, NO_LIMIT])
    >>> _excesses(first, limit, np.array([7, 8, 7, 7]), np.array([6, 10, 5, 99]))
    (array([0]), array([1]))
    """
    group_of, over, size = np.empty(len(buyer), np.int64), np.empty(len(buyer), np.int64), 0
    for group in range(len(limit)):
        begin, end = first[group], first[group + 1]
        if limit[group] < 0:
            continue
        order = np.argsort(buyer[begin:end], kind="mergesort")
        i = 0
        while i < end - begin:
            who, total = buyer[begin + order[i]], 0
            while i < end - begin and buyer[begin + order[i]] == who:
                total += amount[begin + order[i]]
                i += 1
            if total > limit[group]:
                group_of[size], over[size] = group, total - limit[group]
                size += 1
    return group_of[:size], over[:size]


def _buyers(ground: Ground) -> Int64s:
    """Return by place of a sale the number of the member who bought."""
    sales = ground.sales
    customer = ground.snapshot.customer[sales.at]
    return np.where(ground.own, np.append(ground.network.member, -1)[sales.owner], customer)


def _all_lines(ground: Ground, index: int, groups: Earnings) -> tuple[Rows, Int64s, Int64s]:
    """Let a bonus pay again; return place and amount of each line, and where each group begins."""
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
        number = ground.snapshot.sale[ground.sales.at[place]]
        split_over_lines(ground, index, groups, every, first, number, base, amount)
    return place, amount, first
