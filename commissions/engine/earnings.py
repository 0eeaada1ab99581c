"""Everything that is paid, as sums by earner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.earned import Direct, Earned, Paid

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Places = NDArray[np.int16]

DIRECT = -1
"""Instead of a round: lines that are there already."""


@dataclass(frozen=True, slots=True, eq=False)
class Earnings:
    """Sums of lines: in the order of earner (network row), of `Plan.pays`, and of rounds.

    One row for each earner, bonus, level and rate. `base` is in hundredths of a point (of matching
    in smallest units), `amount` in the currency's smallest unit.
    """

    earner: Rows
    bonus: Places
    turn: Places
    level: Places
    rate_ppm: Rows
    base: Int64s
    amount: Int64s
    lines: Int64s


@kernel
def _by_earner(n: int, earner: Rows) -> Int64s:
    """Return where each row goes, so that rows are in the order of earner and else stay in order.

    >>> _by_earner(3, np.array([2, 0, 2, 1], np.int32))
    array([2, 0, 3, 1])
    """
    cursor = np.zeros(n + 1, np.int64)
    for i in range(len(earner)):
        cursor[earner[i] + 1] += 1
    for row in range(n):
        cursor[row + 1] += cursor[row]
    place = np.empty(len(earner), np.int64)
    for i in range(len(earner)):
        place[i] = cursor[earner[i]]
        cursor[earner[i]] += 1
    return place


def merged(n: int, paid: Mapping[int, Paid]) -> Earnings:
    """Return what all pay together, by earner."""
    parts: list[tuple[int, Earned]] = []
    for place in sorted(paid):
        parts += [(place, paid[place].earned), (place, summed(paid[place].direct))]
    parts = [part for part in parts if len(part[1].earner)]
    together = Earned.together([part for _, part in parts])
    bonus = np.repeat(
        np.array([place for place, _ in parts], np.int16), [len(part.earner) for _, part in parts]
    )
    where = _by_earner(n, together.earner)
    columns = (
        together.earner, bonus.astype(np.int16), together.turn, together.level, together.rate_ppm,
        together.base, together.amount, together.lines,
    )  # fmt: skip
    return Earnings(*(_put(column, where) for column in columns))


def _put(column: NDArray[Any], where: Int64s) -> NDArray[Any]:
    out = np.empty_like(column)
    out[where] = column
    return out


def summed(direct: Direct) -> Earned:
    """Return lines that are there already as sums by earner, level and rate (the higher first)."""
    if not len(direct.earner):
        return Earned.together([])
    order = np.lexsort((-direct.rate_ppm, direct.level, direct.earner))
    keys = np.array([direct.earner[order], direct.level[order], direct.rate_ppm[order]], np.int64)
    first = np.flatnonzero(np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0)))
    at = order[first]
    return Earned(
        earner=direct.earner[at],
        turn=np.full(len(at), DIRECT, np.int16),
        level=direct.level[at],
        rate_ppm=direct.rate_ppm[at],
        base=np.add.reduceat(direct.base[order], first),
        amount=np.add.reduceat(direct.amount[order], first),
        lines=np.diff(np.append(first, len(order))).astype(np.int64),
    )
