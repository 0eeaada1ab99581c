"""Columns that grow at their end while what is there stays as it is.

A month has millions of sales, and a refresh a few dozen new ones: whoever has seen the sales so far
needs to look at the new ones only, and nothing has to be copied.
"""

from __future__ import annotations

import weakref
from typing import Any, Final, TypeGuard

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

_SHARE: Final = 8
_LEAST: Final = 64
"""A column is given room for an eighth more than it holds, and for a few in any case."""

_FILLED: Final[dict[int, int]] = {}
"""How much of each room is taken, by the identity of its array, for as long as that is there."""


def appended(known: Column, more: Column) -> Column:
    """Return one column followed by another; neither may be written into, before or afterwards.

    It stands in the room behind `known`, if there is some left that nothing was appended into yet.
    With nothing to append, it is `known` itself.

    >>> one = appended(np.array([1, 2]), np.array([3]))
    >>> appended(one, np.array([4])), appended(one, np.array([5])), one
    (array([1, 2, 3, 4]), array([1, 2, 3, 5]), array([1, 2, 3]))
    """
    if not len(more):
        return known
    end = len(known) + len(more)
    room = known.base
    if not _is_room_of(room, known) or len(room) < end:
        room = np.empty(end + end // _SHARE + _LEAST, known.dtype)
        room[: len(known)] = known
        weakref.finalize(room, _FILLED.pop, id(room), None)
    room[len(known) : end] = more
    _FILLED[id(room)] = end
    return room[:end]


def _is_room_of(room: Any, known: Column) -> TypeGuard[Column]:
    """Tell whether a column may grow in the array behind it.

    One row's figure is in one piece as it stands, so that it may still lie in a room for rows.
    """
    return (
        isinstance(room, np.ndarray)
        and room.dtype == known.dtype
        and _FILLED.get(id(room)) == len(known)
    )


def goes_on(column: Column, before: Column) -> bool:
    """Tell whether a column is another one with something, or nothing, appended to it.

    >>> one = appended(np.array([1, 2]), np.array([3]))
    >>> goes_on(appended(one, np.array([4])), one), goes_on(np.array([1, 2, 3]), one)
    (True, False)
    """
    if column is before:
        return True
    return column.base is not None and column.base is before.base and len(column) >= len(before)
