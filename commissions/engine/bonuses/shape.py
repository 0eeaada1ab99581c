"""What every bonus gives back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Outcome(IntEnum):
    """What happened to an upline who was met by a sale. Up to `LAST_USED` the level is used up."""

    PAID = 0
    NOT_EARNING = 1
    INACTIVE = 2
    RANK_TOO_LOW = 3
    SKIPPED_STATE = 4
    SKIPPED_INACTIVE = 5
    SKIPPED_RANK = 6


LAST_USED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """Sums of rounded lines, in the order of level, then earner (network row)."""

    earner: Rows
    level: NDArray[np.int16]
    rate_ppm: Rows
    base: Int64s
    amount: Int64s
    lines: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Recorder:
    """Where a bonus writes single lines.

    `cursor[level - 1]` holds, for each earner, the place of the next line of that level; -1 for
    an earner whose lines are not wanted. `place` takes places in `Sales`.
    """

    cursor: tuple[Int64s, ...]
    place: Rows
    base: Int64s
    amount: Int64s


class TraceStep(NamedTuple):
    """One upline met: network row, level, what happened, and the figures if something is paid."""

    row: int
    level: int
    outcome: Outcome
    rate_ppm: int
    base: int
    amount: int
