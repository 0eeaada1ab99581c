"""Sales laid out along the network: to whom each counts, and where its way up begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.network import Network
from commissions.engine.plan import Column, Orders, PersonalVolume
from commissions.engine.snapshot import Flag, Snapshot

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEW = 16


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """Sales grouped by the row that is met first on their way up, in the order of their numbers.

    Sales of entry row r are places start[r] to start[r + 1] - 1; the last group, of row n, is
    of sales that nobody is met by. `at` is the snapshot's place of each, `owner` the network row
    whose personal volume it is (-1: nobody's).
    """

    start: Int64s
    at: Rows
    owner: Rows
    own: Bools


@kernel
def _entries(seller: Rows, own: Bools, row: Rows, sponsor: Rows, keeper: Rows) -> tuple[Rows, Rows]:
    owner = np.empty(len(seller), np.int32)
    entry = np.empty(len(seller), np.int32)
    for i in range(len(seller)):
        at = row[seller[i]]
        above, kept = sponsor[at], keeper[at]
        owner[i] = at if own[i] else kept
        entry[i] = above if own[i] else kept
    return owner, entry


@kernel
def _grouped(entry: Rows, sequence: Rows, n: int) -> tuple[Int64s, Rows]:
    """Return where each group starts, and the places in order of group, then of `sequence`."""
    start = np.zeros(n + 2, np.int64)
    for i in range(len(entry)):
        start[(entry[i] if entry[i] >= 0 else n) + 1] += 1
    for group in range(n + 1):
        start[group + 1] += start[group]
    cursor = start.copy()
    at = np.empty(len(entry), np.int32)
    for k in range(len(sequence)):
        i = sequence[k]
        group = entry[i] if entry[i] >= 0 else n
        at[cursor[group]] = i
        cursor[group] += 1
    return start, at


@kernel
def _gathered_rows(values: Rows, at: Rows) -> Rows:
    out = np.empty(len(at), np.int32)
    for i in range(len(at)):
        out[i] = values[at[i]]
    return out


def arrange_sales(snapshot: Snapshot, network: Network, only: Rows | None = None) -> Sales:
    """Return the sales laid out; `only` (places in the snapshot, in order) keeps a few of them."""
    flags = snapshot.flags[network.order]
    keeper = tree.nearest(network.sponsor, (flags & Flag.KEEPS_CUSTOMERS) != 0)
    owner, entry = _entries(snapshot.seller, snapshot.own, network.row, network.sponsor, keeper)
    if only is None:
        sequence = _in_number_order(snapshot.sale)
    else:
        sequence = only[np.argsort(snapshot.sale[only], kind="stable")]
    return _arranged(owner, entry, snapshot.own, sequence, len(network.member))


def _arranged(owner: Rows, entry: Rows, own: Bools, sequence: Rows, n: int) -> Sales:
    if len(sequence) == len(entry):
        start, at = _grouped(entry, sequence, n)
    else:
        start, at = _grouped(entry[sequence], np.arange(len(sequence), dtype=np.int32), n)
        at = sequence[at]
    return Sales(start=start, at=at, owner=_gathered_rows(owner, at), own=own[at])


def _in_number_order(sale: Int64s) -> Rows:
    if (np.diff(sale) > 0).all():
        return np.arange(len(sale), dtype=np.int32)
    return np.argsort(sale, kind="stable").astype(np.int32)


@kernel
def _gathered(values: Int64s, at: Rows) -> Int64s:
    out = np.empty(len(at), np.int64)
    for i in range(len(at)):
        out[i] = values[at[i]]
    return out


def bases(snapshot: Snapshot, sales: Sales, volume: PersonalVolume) -> Int64s:
    """Return what each laid-out sale adds to a personal volume, in hundredths of a point."""
    column = snapshot.pv if volume.column == Column.PV else snapshot.cv
    base = _gathered(column, sales.at)
    if volume.orders == Orders.OWN:
        base[~sales.own] = 0
    elif volume.orders == Orders.CUSTOMERS:
        base[sales.own] = 0
    return base


@kernel
def summed_by_owner(owner: Rows, base: Int64s, keeps: Bools) -> Int64s:
    """Return the sum of each row's bases, 0 for rows that keep no volume.

    >>> owner = np.array([1, 0, 1, -1], np.int32)
    >>> summed_by_owner(owner, np.array([5, 6, 7, 8]), np.array([True, True]))
    array([ 6, 12])
    """
    total = np.zeros(len(keeps), np.int64)
    for i in range(len(owner)):
        if owner[i] >= 0 and keeps[owner[i]]:
            total[owner[i]] += base[i]
    return total


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
    start: Int64s, own: Bools, customer: Int64s, base: Int64s, keeps: Bools, at_least: Int64s
) -> Int64s:
    counts = np.zeros((len(at_least), len(keeps)), np.int64)
    most = 0
    for row in range(len(keeps)):
        most = max(most, start[row + 1] - start[row])
    who, what = np.empty(most, np.int64), np.empty(most, np.int64)
    for row in range(len(keeps)):
        size = 0
        for i in range(start[row], start[row + 1]):
            if not own[i]:
                who[size], what[size] = customer[i], base[i]
                size += 1
        if size and keeps[row]:
            _sort_by_customer(who, what, size)
            _tally(who, what, size, at_least, counts[:, row])
    return counts


def count_customers(
    snapshot: Snapshot, sales: Sales, base: Int64s, keeps: Bools, at_least: Int64s
) -> Int64s:
    """Return, for each threshold and row, how many of its customers have bought that much.

    A customer's purchases of the period are added up, net of returns, per distributor credited.
    """
    customer = _gathered(snapshot.customer, sales.at)
    return _counted(sales.start, sales.own, customer, base, keeps, at_least)
