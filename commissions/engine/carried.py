"""State: what the period before left, by network row, and what this one leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.ground import Ground
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
    total = np.zeros(ground.size, np.int64)
    good = (age >= youngest) & (age <= oldest)
    np.add.at(total, row[good], value[good])
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
        sizes = [len(row) for _, row, _, _ in self.parts]
        key = np.repeat(np.array([k for k, _, _, _ in self.parts], np.int32), sizes)
        row = _joined((order[r] for _, r, _, _ in self.parts), np.int32)
        age = _joined(
            (np.full(n, a, np.int32) if isinstance(a, int) else a
             for n, (_, _, a, _) in zip(sizes, self.parts, strict=True)),
            np.int32,
        )  # fmt: skip
        value = _joined((v for _, _, _, v in self.parts), np.int64)
        sequence = np.lexsort((age, row, key))
        return Carried(
            tuple(self.names), key[sequence], row[sequence], age[sequence], value[sequence]
        )


def _joined(parts: Iterable[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)
