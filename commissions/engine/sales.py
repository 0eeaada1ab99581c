"""Sales laid out along the network: grouped by the distributor whose volume they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.network import Network
from commissions.engine.snapshot import Flag, Snapshot

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Halves = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """Sales grouped by owner (network row), each group in the order of their numbers.

    Own orders of row r are places start[r] to middle[r] - 1, customers' orders go on to
    start[r + 1] - 1. The last group, of row n, is of sales that belong to nobody. `at` is the
    snapshot's place of each.
    """

    start: Int64s
    middle: Int64s
    at: Rows

    @property
    def owner(self) -> Rows:
        """Return the owner's row of each place; n for nobody."""
        rows = np.arange(len(self.start) - 1, dtype=np.int32)
        return np.repeat(rows, np.diff(self.start))

    @property
    def own(self) -> Bools:
        """Tell of each place whether the owner bought."""
        return _first_halves(self.start, self.middle)


def arrange_sales(snapshot: Snapshot, network: Network, only: Rows | None = None) -> Sales:
    """Return the sales laid out; `only` (places in the snapshot, in order) keeps a few of them."""
    flags = gathered(snapshot.flags, network.order)
    keeper = tree.nearest(network.sponsor, (flags & Flag.KEEPS_CUSTOMERS) != 0)
    if only is None and _in_order(snapshot.sale):
        sequence = np.arange(len(snapshot.sale), dtype=np.int32)
    elif only is None:
        sequence = np.argsort(snapshot.sale, kind="stable").astype(np.int32)
    else:
        sequence = only[np.argsort(snapshot.sale[only], kind="stable")].astype(np.int32)
    n = len(network.member)
    half = _halves(snapshot.seller, snapshot.own, snapshot.late, network.row, keeper, sequence, n)
    return Sales(*_grouped(half, sequence, n))


def _in_order(numbers: Int64s) -> bool:
    return bool((np.diff(numbers) > 0).all())


@kernel
def _halves(
    seller: Rows, own: Bools, late: Bools, row: Rows, keeper: Rows, sequence: Rows, n: int
) -> Halves:
    """Return the half of a group that each sale goes into: its owner's row twice, and 1 for others.

    The owner of what comes back late is who owned the sale: the seller that is given.
    """
    of_others = np.empty(len(row), np.int32)
    for member in range(len(row)):
        kept = keeper[row[member]]
        of_others[member] = kept if kept >= 0 else n
    half = np.empty(len(sequence), np.uint32)
    for k in range(len(sequence)):
        i = sequence[k]
        if own[i]:
            half[k] = 2 * row[seller[i]]
        else:
            half[k] = 2 * (row[seller[i]] if late[i] else of_others[seller[i]]) + 1
    return half


BITS: Final = 16
"""So many halves of groups are put in order at a time: their counters fit the processor's cache."""


@kernel
def _in_chunks(half: Halves, sequence: Rows, chunks: int) -> tuple[Int64s, Halves, Rows]:
    """Return halves and sales chunk by chunk of `2**BITS` halves, and where each chunk starts."""
    start = np.zeros(chunks + 1, np.int64)
    for k in range(len(half)):
        start[(half[k] >> BITS) + 1] += 1
    for chunk in range(chunks):
        start[chunk + 1] += start[chunk]
    following = start.copy()
    halves, at = np.empty_like(half), np.empty_like(sequence)
    for k in range(len(half)):
        place = following[half[k] >> BITS]
        halves[place], at[place] = half[k], sequence[k]
        following[half[k] >> BITS] += 1
    return start, halves, at


@kernel
def _grouped(half: Halves, sequence: Rows, n: int) -> tuple[Int64s, Int64s, Rows]:
    """Return where each group and its second half start, and the places in order of groups.

    Sales come in an order of their own, so every step of counting and putting is a jump. In two
    steps, first into chunks and then within each chunk, all jumps stay inside the cache; at once
    this takes three times as long for ten million members.

    >>> half = np.array([3, 0, 1, 0], np.uint32)
    >>> _grouped(half, np.arange(4, dtype=np.int32), 1)
    (array([0, 3, 4]), array([2, 3]), array([1, 3, 2, 0], dtype=int32))
    """
    chunks = ((2 * n + 1) >> BITS) + 1
    chunk_start, halves, mixed = _in_chunks(half, sequence, chunks)
    start, middle = np.empty(n + 2, np.int64), np.empty(n + 1, np.int64)
    at = np.empty_like(sequence)
    following = np.empty(1 << BITS, np.int64)
    for chunk in range(chunks):
        low, high = chunk << BITS, min((chunk + 1) << BITS, 2 * n + 2)
        following[:] = 0
        for k in range(chunk_start[chunk], chunk_start[chunk + 1]):
            following[halves[k] - low] += 1
        place = chunk_start[chunk]
        for each in range(low, high):
            size = following[each - low]
            following[each - low] = place
            if each & 1:
                middle[each >> 1] = place
            else:
                start[each >> 1] = place
            place += size
        for k in range(chunk_start[chunk], chunk_start[chunk + 1]):
            at[following[halves[k] - low]] = mixed[k]
            following[halves[k] - low] += 1
    start[n + 1] = len(half)
    return start, middle, at


@kernel
def _first_halves(start: Int64s, middle: Int64s) -> Bools:
    own = np.zeros(start[-1], np.bool_)
    for group in range(len(middle)):
        own[start[group] : middle[group]] = True
    return own


@kernel
def summed_by_owner(start: Int64s, base: Int64s, keeps: Bools) -> Int64s:
    """Return the sum of each row's bases, 0 for rows that keep no volume.

    >>> start = np.array([0, 2, 3, 4])
    >>> summed_by_owner(start, np.array([5, 6, 7, 8]), np.array([True, False]))
    array([11,  0])
    """
    total = np.zeros(len(keeps), np.int64)
    for row in range(len(keeps)):
        if keeps[row]:
            for place in range(start[row], start[row + 1]):
                total[row] += base[place]
    return total


def places_in(first: Int64s, last: Int64s) -> Int64s:
    """Return the places of several stretches, one stretch after the other.

    >>> places_in(np.array([7, 2]), np.array([9, 3]))
    array([7, 8, 2])
    """
    sizes = last - first
    places: Int64s = np.arange(sizes.sum()) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    return places
