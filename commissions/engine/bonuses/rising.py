"""Ways up on which only a higher rate than the highest so far is paid: the difference.

A row **counts** with a rate; from each row a pointer leads to the nearest upline that counts with
more. Along those pointers rates only rise, so a sale pays as many people as there are different
rates at most, however deep the network is. Rounds are by the bar, the highest rate so far: in one
round each earner is paid one rate, the own less the bar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.errors import TooLarge
from commissions.engine.frames import Frame
from commissions.engine.grades import Graded, Money
from commissions.engine.walking import Round, in_network

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int16]


MOST_RATES = 2**12
"""Every one is a round, and every two are a difference."""


@kernel
def higher_above(parent: Rows, counts: Int64s) -> Rows:
    """Return for each row the nearest upline that counts with more; -1 if there is none.

    Linear: the pointers of uplines are followed, of which there are as many as different rates.

    >>> higher_above(np.array([-1, 0, 1, 2], np.int32), np.array([9, 3, 5, 4]))
    array([-1,  0,  0,  2], dtype=int32)
    """
    above = np.empty(len(parent), np.int32)
    for row in range(len(parent)):
        at = parent[row]
        while at >= 0 and counts[at] <= counts[row]:
            at = above[at]
        above[row] = at
    return above


@kernel
def first_higher(start: Rows, bar: Int64s, counts: Int64s, above: Rows) -> Rows:
    """Return for each entry the first row from `start` upwards that counts with more than the bar.

    >>> counts, above = np.array([9, 3, 5, 4]), np.array([-1, 0, 0, 2], np.int32)
    >>> first_higher(np.array([3, 3, -1], np.int32), np.array([0, 5, 0]), counts, above)
    array([ 3,  0, -1], dtype=int32)
    """
    first = np.empty(len(start), np.int32)
    for entry in range(len(start)):
        at = start[entry]
        while at >= 0 and counts[at] <= bar[entry]:
            at = above[at]
        first[entry] = at
    return first


@kernel
def _rise(bar: Int64s, following: Rows, value: int, counts: Int64s, above: Rows) -> Rows:
    """Pay every entry whose bar is `value`: return its next row, and move bar and row on."""
    earner = np.full(len(bar), -1, np.int32)
    for entry in range(len(bar)):
        if bar[entry] == value and following[entry] >= 0:
            at = following[entry]
            earner[entry] = at
            bar[entry] = counts[at]
            following[entry] = above[at]
    return earner


@dataclass(slots=True, eq=False)
class Climb:
    """Entries on their way: the bar of each, and the next row that counts with more than it."""

    bar: Int64s
    following: Rows

    @classmethod
    def begin(cls, start: Rows, bar: Int64s, counts: Int64s, above: Rows) -> Climb:
        """Return entries that begin at a row (it included; -1: nowhere) with a bar."""
        return cls(bar.copy(), first_higher(start, bar, counts, above))


@dataclass(frozen=True, slots=True, eq=False)
class Risers:
    """Who is paid by which rate, and who raises the bar, in one tree.

    `rates` has the different rates, 0 first, in rising order; `paid` (by network row) and `raises`
    (in the tree's order) hold places in it, 0 for nobody. `counts` are the rates of `raises`.
    """

    frame: Frame
    rates: Int64s
    paid: Places
    counts: Int64s
    above: Rows

    @classmethod
    def of(cls, frame: Frame, parent: Rows, rates: Graded, paid: Bools, raises: Bools) -> Risers:
        """Return the columns; `parent` is in the tree's order, the others by network row."""
        column = np.maximum(rates.column(1), 0)
        values = np.unique(np.append(column, 0))
        place = np.searchsorted(values, column).astype(np.int16)[rates.grade]
        nobody = np.int16(0)
        counts = values[frame.there(np.where(raises, place, nobody))]
        return cls(
            frame, values, np.where(paid, place, nobody), counts, higher_above(parent, counts)
        )

    def differences(self) -> Int64s:
        """Return every rate that rounds can pay: each rate less each bar below it."""
        if len(self.rates) > MOST_RATES:
            raise TooLarge(f"more than {MOST_RATES} different rates of a differential")
        found = self.rates[:, None] - self.rates[None, :]
        return np.unique(found[found > 0])


def rising_rounds(risers: Risers, own: Climb, customers: Climb, money: Money) -> Iterator[Round]:
    """Yield a round for each bar, the lowest first.

    Entries are by owner, in the tree's order; `own` and `customers` may be the same.
    """
    frame, counts, above = risers.frame, risers.counts, risers.above
    for bar in risers.rates.tolist():
        for_own = in_network(frame, _rise(own.bar, own.following, bar, counts, above))
        for_customers = for_own
        if own is not customers:
            for_customers = in_network(
                frame, _rise(customers.bar, customers.following, bar, counts, above)
            )
        yield Round(0, for_own, for_customers, money.places(risers.rates - bar)[risers.paid])
