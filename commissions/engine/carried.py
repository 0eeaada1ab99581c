"""State: what the period before left, by network row, and what this one leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bounds import refuse_from_limit, size_of
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT
from commissions.engine.snapshot import Carried

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]


def rows_of(ground: Ground, name: str) -> tuple[Rows, Rows, Int64s]:
    """Return network row, age and value of every row of one key."""
    carried = ground.snapshot.carried
    if name not in carried.names:
        nothing = np.zeros(0, np.int32)
        return nothing, nothing, np.zeros(0, np.int64)
    here = carried.key == carried.names.index(name)
    return ground.network.row[carried.row[here]], carried.age[here], carried.value[here]


def carried_total(ground: Ground, name: str, *, youngest: int = -1, oldest: int = 10**6) -> Int64s:
    """Return for each row the sum of a key's values, of ages from `youngest` to `oldest`."""
    row, age, value = rows_of(ground, name)
    good = (age >= youngest) & (age <= oldest)
    row, value = row[good], value[good]
    largest = size_of(value).each
    if largest * len(row) >= LIMIT:
        refuse_from_limit(largest * int(np.bincount(row).max()), f"{name}: all volumes together")
    total = np.zeros(ground.size, np.int64)
    np.add.at(total, row, value)
    return total


@dataclass(slots=True)
class Leaving:
    """Collects what a run leaves to the next, key by key, in network rows."""

    names: list[str] = field(default_factory=list)
    parts: list[tuple[int, Rows, int | Rows, Int64s]] = field(default_factory=list)

    def put(self, name: str, value: Int64s, *, age: int = -1) -> None:
        """Leave a value for every row, where it is not 0; of age 0 if it is of this period."""
        row = np.flatnonzero(value).astype(np.int32)
        self.put_rows(name, row, age, value[row])

    def put_rows(self, name: str, row: Rows, age: int | Rows, value: Int64s) -> None:
        """Leave values of certain rows; `age` is one for all or one for each."""
        if name not in self.names:
            self.names.append(name)
        self.parts.append((self.names.index(name), row, age, value))

    def carried(self, order: Rows) -> Carried:
        """Return everything in the order of keys, members' rows in the snapshot and age.

        `order` leads from network rows to the snapshot's.
        """
        keys, columns = [], []
        for key in range(len(self.names)):
            parts = [part[1:] for part in self.parts if part[0] == key]
            row = _joined((order[rows] for rows, _, _ in parts), np.int32)
            age = _joined((np.broadcast_to(ages, len(rows)) for rows, ages, _ in parts), np.int32)
            value = _joined((values for _, _, values in parts), np.int64)
            sequence = _in_order(len(order), row, age)
            keys.append(np.full(len(row), key, np.int32))
            columns.append((row[sequence], age[sequence], value[sequence]))
        return Carried(
            tuple(self.names),
            _joined(keys, np.int32),
            _joined((row for row, _, _ in columns), np.int32),
            _joined((age for _, age, _ in columns), np.int32),
            _joined((value for _, _, value in columns), np.int64),
        )


def _joined(parts: Iterable[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)


@kernel
def _in_order(n: int, row: Rows, age: Rows) -> Int64s:
    """Return the places of values in the order of row, then age; equal ones keep theirs.

    Linear where a row's values come in the order of age.

    >>> _in_order(2, np.array([1, 0, 1, 1], np.int32), np.array([3, 0, 1, 3], np.int32))
    array([1, 2, 0, 3])
    """
    start = np.zeros(n + 1, np.int64)
    for i in range(len(row)):
        start[row[i] + 1] += 1
    for at in range(n):
        start[at + 1] += start[at]
    order, following = np.empty(len(row), np.int64), start[:n].copy()
    for i in range(len(row)):
        at = row[i]
        place = following[at]
        while place > start[at] and age[order[place - 1]] > age[i]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = i
        following[at] += 1
    return order
