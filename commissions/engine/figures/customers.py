"""How many customers have bought so much: counted by customer, net of returns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.ground import Ground
from commissions.engine.plan import CustomersFigure
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEW = 16


@kernel
def _sort_by_customer(who: Int64s, what: Int64s, size: int) -> None:
    """Put the first `size` pairs in the order of `who`; mostly there are two or three."""
    if size > FEW:
        order = np.argsort(who[:size])
        who[:size] = who[:size][order]
        what[:size] = what[:size][order]
        return
    for i in range(1, size):
        customer, bought, j = who[i], what[i], i
        while j > 0 and who[j - 1] > customer:
            who[j], what[j] = who[j - 1], what[j - 1]
            j -= 1
        who[j], what[j] = customer, bought


@kernel
def _tally(who: Int64s, what: Int64s, size: int, at_least: Int64s, counts: Int64s) -> None:
    """Count the customers among sorted pairs that have bought each threshold."""
    i = 0
    while i < size:
        customer, bought = who[i], 0
        while i < size and who[i] == customer:
            bought += what[i]
            i += 1
        for k in range(len(at_least)):
            counts[k] += bought >= at_least[k]


@kernel
def _counted(
    start: Int64s, middle: Int64s, customer: Int64s, base: Int64s, keeps: Bools, at_least: Int64s
) -> Int64s:
    counts = np.zeros((len(at_least), len(keeps)), np.int64)
    most = 0
    for row in range(len(keeps)):
        most = max(most, start[row + 1] - middle[row])
    who, what = np.empty(most, np.int64), np.empty(most, np.int64)
    for row in range(len(keeps)):
        size = start[row + 1] - middle[row]
        if size and keeps[row]:
            for i in range(size):
                who[i], what[i] = customer[middle[row] + i], base[middle[row] + i]
            _sort_by_customer(who, what, size)
            _tally(who, what, size, at_least, counts[:, row])
    return counts


def customers_figures(ground: Ground, figure: CustomersFigure, index: int) -> None:
    """Fill in the count, and with it all other counts over the same sale figure."""
    same = [
        place
        for place, other in enumerate(ground.plan.figures)
        if isinstance(other, CustomersFigure) and (other.of == figure.of or place == index)
    ]
    at_least = np.array([_least(ground, place) for place in same], np.int64)
    counts = _counted(
        ground.sales.start,
        ground.sales.middle,
        gathered(ground.snapshot.customer, ground.sales.at),
        ground.counted(figure.of, late_too=False),
        ground.allowed(Flag.KEEPS_VOLUME),
        at_least,
    )
    for place, column in zip(same, counts, strict=True):
        ground.standings.figures[place] = column
    for place in same:
        ground.is_ready(place)


def _least(ground: Ground, place: int) -> int:
    figure = ground.plan.figures[place]
    if not isinstance(figure, CustomersFigure):
        raise TypeError(figure.name)
    return figure.at_least
