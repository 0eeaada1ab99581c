"""Columns read and added to by place: what indexing of numpy does, in half the time.

numpy makes 64-bit places of our 32-bit ones first, and a copy for every comparison.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Values = TypeVar("Values", bound=NDArray[Any])


@kernel
def gathered(values: Values, at: Rows) -> Values:
    """Return the value at each place: what indexing does, in half the time.

    >>> gathered(np.array([5, 6, 7]), np.array([2, 0], np.int32))
    array([7, 5])
    """
    out: Any = np.empty(len(at), values.dtype)
    for i in range(len(at)):
        out[i] = values[at[i]]
    return out  # type: ignore[no-any-return] # an array of the type that was given


@kernel
def gathered_where(values: Int64s, at: Rows, there: Bools, want: bool) -> Int64s:
    """Return the value at each place that is wanted, 0 at the others.

    >>> there = np.array([True, False])
    >>> gathered_where(np.array([5, 6, 7]), np.array([2, 0], np.int32), there, False)
    array([0, 5])
    """
    out = np.zeros(len(at), np.int64)
    for i in range(len(at)):
        if there[i] == want:
            out[i] = values[at[i]]
    return out


@kernel
def add_by_row(total: Int64s, row: Rows, value: Int64s) -> None:
    """Add each value to its row's total.

    >>> total = np.array([1, 2])
    >>> add_by_row(total, np.array([1, 1], np.int32), np.array([10, 100]))
    >>> total
    array([  1, 112])
    """
    for i in range(len(row)):
        total[row[i]] += value[i]
