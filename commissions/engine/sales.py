"""Sales laid out along the network: to whom each counts, and where its way up begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.network import Network
from commissions.engine.plan import Column, PersonalVolume
from commissions.engine.snapshot import Flag, Snapshot

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


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
        if own[i]:
            owner[i] = at
            entry[i] = sponsor[at]
        else:
            owner[i] = keeper[at]
            entry[i] = keeper[at]
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
def _bases(values: Int64s, at: Rows, own: Bools, orders: int) -> Int64s:
    base = np.zeros(len(at), np.int64)
    for i in range(len(at)):
        if orders & (1 if own[i] else 2):
            base[i] = values[at[i]]
    return base


def bases(snapshot: Snapshot, sales: Sales, volume: PersonalVolume) -> Int64s:
    """Return what each laid-out sale adds to a personal volume, in hundredths of a point."""
    column = snapshot.pv if volume.column == Column.PV else snapshot.cv
    return _bases(column, sales.at, sales.own, int(volume.orders))


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
def _counted(  # noqa: C901, PLR0912, PLR0915 - one pass, the sort of a few customers inside
    start: Int64s,
    own: Bools,
    customer: Int64s,
    at: Rows,
    base: Int64s,
    keeps: Bools,
    at_least: Int64s,
) -> Int64s:
    counts = np.zeros((len(at_least), len(keeps)), np.int64)
    for row in range(len(keeps)):
        begin, end = start[row], start[row + 1]
        if begin == end or not keeps[row]:
            continue
        who = np.empty(end - begin, np.int64)
        what = np.empty(end - begin, np.int64)
        k = 0
        for i in range(begin, end):
            if not own[i]:
                who[k] = customer[at[i]]
                what[k] = base[i]
                k += 1
        if k > 16:
            order = np.argsort(who[:k])
            who = who[:k][order]
            what = what[:k][order]
        else:
            for i in range(1, k):
                a, b, j = who[i], what[i], i
                while j > 0 and who[j - 1] > a:
                    who[j] = who[j - 1]
                    what[j] = what[j - 1]
                    j -= 1
                who[j] = a
                what[j] = b
        i = 0
        while i < k:
            bought = 0
            first = i
            while i < k and who[i] == who[first]:
                bought += what[i]
                i += 1
            for t in range(len(at_least)):
                if bought >= at_least[t]:
                    counts[t, row] += 1
    return counts


def count_customers(
    snapshot: Snapshot, sales: Sales, base: Int64s, keeps: Bools, at_least: Int64s
) -> Int64s:
    """Return, for each threshold and row, how many of its customers have bought that much.

    A customer's purchases of the period are added up, net of returns, per distributor credited.
    """
    return _counted(
        sales.start,
        sales.own,
        snapshot.customer,
        sales.at,
        base,
        keeps,
        at_least,
    )
