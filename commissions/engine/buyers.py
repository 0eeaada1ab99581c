"""What the sales of one buyer pay one earner on one level, and what of it is too much."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.earned import Earned, Paid
from commissions.engine.earnings import merged
from commissions.engine.ground import Ground
from commissions.engine.writing import Written

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
    written = Written.blank(groups)
    if not len(written.place):
        return groups.earner, groups.level, groups.amount
    written.write(ground, index, {}, np.arange(len(groups.earner)))
    changes = (np.diff(groups.earner) != 0) | (np.diff(groups.level) != 0)
    begins = np.flatnonzero(np.append(True, changes))
    earner, level = groups.earner[begins], groups.level[begins]
    limit = by_level[np.clip(level - 1, -1, len(by_level) - 1)]
    buyer, first = buyers(ground)[written.place], written.first
    group, over = _excesses(np.append(first[begins], first[-1]), limit, buyer, written.amount)
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


def buyers(ground: Ground) -> Int64s:
    """Return by place of a sale the number of the member who bought."""
    sales = ground.sales
    customer = ground.snapshot.customer[sales.at]
    return np.where(ground.own, np.append(ground.network.member, -1)[sales.owner], customer)
