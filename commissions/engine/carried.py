"""State: what the period before left, by network row, and what this one leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bounds import refuse_from_limit, size_of
from commissions.engine.columns import add_by_row, gathered
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT
from commissions.engine.snapshot import Carried

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]
Column = NDArray[np.int64] | NDArray[np.int16]


def rows_of(ground: Ground, name: str) -> tuple[Rows, Rows, Int64s]:
    """Return network row, age and value of every row of one key; not to be written into."""
    carried = ground.snapshot.carried
    if name not in carried.names:
        nothing = np.zeros(0, np.int32)
        return nothing, nothing, np.zeros(0, np.int64)
    index = carried.names.index(name)
    first, last, count = _stretch(carried.key, index)
    # What a run left has its keys one after the other: then nothing has to be copied
    here = slice(first, last) if last - first == count else carried.key == index
    return gathered(ground.network.row, carried.row[here]), carried.age[here], carried.value[here]


@kernel
def _stretch(key: Rows, wanted: int) -> tuple[int, int, int]:
    """Return the first place of a key, the one after its last place, and how often it occurs.

    >>> _stretch(np.array([0, 2, 2, 1, 2], np.int32), 2)
    (1, 5, 3)
    """
    first, last, count = 0, 0, 0
    for i in range(len(key)):
        if key[i] == wanted:
            if count == 0:
                first = i
            last = i + 1
            count += 1
    return first, last, count


def carried_total(ground: Ground, name: str, *, youngest: int = -1, oldest: int = 10**6) -> Int64s:
    """Return for each row the sum of a key's values, of ages from `youngest` to `oldest`."""
    row, age, value = rows_of(ground, name)
    good = (age >= youngest) & (age <= oldest)
    row, value = row[good], value[good]
    largest = size_of(value).each
    if largest * len(row) >= LIMIT:
        refuse_from_limit(largest * int(np.bincount(row).max()), f"{name}: all volumes together")
    total = np.zeros(ground.size, np.int64)
    add_by_row(total, row, value)
    return total


@dataclass(slots=True)
class Leaving:
    """Collects what a run leaves to the next, key by key, in network rows."""

    names: list[str] = field(default_factory=list)
    columns: dict[int, tuple[Column, int]] = field(default_factory=dict)
    """By key: everybody's value, and the age of all of them."""
    parts: dict[int, list[tuple[Rows, int | Rows, Int64s]]] = field(default_factory=dict)
    """By key: rows, ages (one for all, or one for each) and values."""

    def put(self, name: str, value: Column, *, age: int = -1) -> None:
        """Leave a value for every row, where it is not 0; of age 0 if it is of this period."""
        self.columns[self._key(name)] = value, age

    def put_rows(self, name: str, row: Rows, age: int | Rows, value: Int64s) -> None:
        """Leave values of certain rows; `age` is one for all or one for each."""
        self.parts.setdefault(self._key(name), []).append((row, age, value))

    def _key(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def carried(self, network_row: Rows) -> Carried:
        """Return everything in the order of keys, members' rows in the snapshot and age.

        `network_row` leads from the snapshot's rows to those of the network.
        """
        ends = np.cumsum([0, *(self._size(key) for key in range(len(self.names)))]).tolist()
        names, size = tuple(self.names), ends[-1]
        columns = tuple(np.empty(size, dtype) for dtype in (np.int32, np.int32, np.int32, np.int64))
        for key in range(len(self.names)):
            of_key, row, age, value = (column[ends[key] : ends[key + 1]] for column in columns)
            of_key[:] = key
            if key not in self.parts:
                _tell_column(network_row, *self.columns[key], row, age, value)
            else:
                laid_out = _laid_out(len(network_row), *self._rows(key))
                _tell_rows(network_row, *laid_out, row, age, value)
        return Carried(names, *columns)

    def _size(self, key: int) -> int:
        in_column = np.count_nonzero(self.columns[key][0]) if key in self.columns else 0
        return int(in_column) + sum(len(row) for row, _, _ in self.parts.get(key, ()))

    def _rows(self, key: int) -> tuple[Rows, Rows, Int64s]:
        """Return all rows, ages and values of a key, its column first."""
        parts = self.parts[key]
        if key in self.columns:
            column, age = self.columns[key]
            row = np.flatnonzero(column).astype(np.int32)
            parts = [(row, age, column[row].astype(np.int64)), *parts]
        ages = [np.broadcast_to(np.int32(age), len(row)) for row, age, _ in parts]
        return (
            _joined([row for row, _, _ in parts]),
            _joined(ages),
            _joined([value for _, _, value in parts]),
        )


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.ascontiguousarray(parts[0]) if len(parts) == 1 else np.concatenate(parts)


BLOCK = 2**10
"""So many members are looked up ahead of telling what they have.

They stand anywhere in memory. Looking up depends on nothing that is found, so the processor asks
for many at a time; deciding what to tell would wait for each of them.
"""


@kernel
def _tell_column(
    network_row: Rows, column: Column, age: int, rows: Rows, ages: Rows, values: Int64s
) -> None:
    """Fill in the values that are not 0, in the order of the snapshot."""
    k = 0
    found = np.empty(BLOCK, np.int64)
    for first in range(0, len(network_row), BLOCK):
        size = min(BLOCK, len(network_row) - first)
        for i in range(size):
            found[i] = column[network_row[first + i]]
        for i in range(size):
            if found[i] != 0:
                rows[k], ages[k], values[k] = first + i, age, found[i]
                k += 1


@kernel
def _laid_out(n: int, row: Rows, age: Rows, value: Int64s) -> tuple[Int64s, Rows, Int64s]:
    """Return where each network row's values start, and ages and values in the order of age.

    Equal ones stay in the order in which they come. Linear where a row's values come in the order
    of age.

    >>> row, age = np.array([1, 0, 1, 1], np.int32), np.array([3, 0, 1, 3], np.int32)
    >>> _laid_out(2, row, age, np.array([5, 6, 7, 8]))[2]
    array([6, 7, 5, 8])
    """
    start = np.zeros(n + 1, np.int64)
    for i in range(len(row)):
        start[row[i] + 1] += 1
    for at in range(n):
        start[at + 1] += start[at]
    ages, values = np.empty(len(row), np.int32), np.empty(len(row), np.int64)
    following = start[:n].copy()
    for i in range(len(row)):
        at = row[i]
        place = following[at]
        while place > start[at] and ages[place - 1] > age[i]:
            ages[place], values[place] = ages[place - 1], values[place - 1]
            place -= 1
        ages[place], values[place] = age[i], value[i]
        following[at] += 1
    return start, ages, values


@kernel
def _tell_rows(
    network_row: Rows, start: Int64s, age: Rows, value: Int64s,
    rows: Rows, ages: Rows, values: Int64s,
) -> None:  # fmt: skip
    """Fill in all values in the order of the snapshot; given are those of each network row."""
    k = 0
    begin, end = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for first in range(0, len(network_row), BLOCK):
        size = min(BLOCK, len(network_row) - first)
        for i in range(size):
            at = network_row[first + i]
            begin[i], end[i] = start[at], start[at + 1]
        for i in range(size):
            for place in range(begin[i], end[i]):
                rows[k], ages[k], values[k] = first + i, age[place], value[place]
                k += 1
