"""Two runs over the same network: whose figures are not what they were. Two networks: who moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.network import Network
from commissions.engine.run import RunResult
from commissions.engine.snapshot import Carried
from commissions.engine.standings import Standings

Rows = NDArray[np.int32]
Bools = NDArray[np.bool_]
Column = NDArray[Any]

_RANKS = ("qualified", "paid_as", "title", "highest", "before")
_SUMS = ("bonus", "level", "rate_ppm", "base", "amount", "lines")


@dataclass(frozen=True, slots=True, eq=False)
class Differing:
    """Network rows, in order: of some in an earlier network, and of them and others in a later."""

    before: Rows
    now: Rows


def rows_that_differ(before: RunResult, now: RunResult) -> Differing | None:
    """Return whose standing, earnings or state are other than before; who is new is among them.

    Nobody who differs is left out; who is named may differ only in a figure that no table has. None
    where somebody of the earlier network has others above now. Two plans are a `ValueError`.
    """
    if before.ground.plan.text_digest != now.ground.plan.text_digest:
        raise ValueError("runs of two plans cannot be compared row by row")
    now_at = _now_at(before.network, now.network)
    if now_at is None:
        return None
    differs = np.ones(len(now.member), np.bool_)
    differs[now_at.row] = _standings_differ(before.standings, now.standings, now_at.row)
    for name in _SUMS:
        _mark(
            differs,
            now_at.row[before.earnings.earner], getattr(before.earnings, name),
            now.earnings.earner, getattr(now.earnings, name),
        )  # fmt: skip
    _mark_state(differs, before.carried, now.carried, now_at.snapshot_row, now.network.row)
    rows = [np.flatnonzero(which).astype(np.int32) for which in (differs[now_at.row], differs)]
    return Differing(*rows)


def has_only_more_below(before: Network, now: Network) -> bool:
    """Tell whether everybody of an earlier network has the very same people above as before.

    Then whoever was in somebody's range is in it still, though others may have come in between.
    """
    return _now_at(before, now) is not None


@dataclass(frozen=True, slots=True, eq=False)
class _NowAt:
    """Where each row of an earlier network, and of its snapshot, stands in a later one."""

    row: Rows
    snapshot_row: Rows


def _now_at(before: Network, now: Network) -> _NowAt | None:
    """Return where everybody stands now; None where somebody is gone or has others above."""
    if before is now:
        everybody = np.arange(len(now.member), dtype=np.int32)
        return _NowAt(everybody, everybody)
    ids, numbers = now.member[now.row], before.member[before.row]
    at = np.searchsorted(ids, numbers)
    if len(at) and (at[-1] >= len(ids) or (ids[at] != numbers).any()):
        return None
    row = now.row[at][before.order]
    above = np.where(before.sponsor < 0, np.int32(-1), row[before.sponsor])
    if (now.sponsor[row] != above).any() or not (np.diff(row) > 0).all():
        return None
    return _NowAt(row, at.astype(np.int32))


def _standings_differ(before: Standings, now: Standings, row: Rows) -> Bools:
    """Tell of each row of the earlier network whether its standing is another."""
    differs: Bools = before.active != gathered(now.active, row)
    for name in _RANKS:
        differs |= getattr(before, name) != gathered(getattr(now, name), row)
    for old, new in zip(before.figures, now.figures, strict=True):
        differs |= old != gathered(new, row)
    return differs


def _mark_state(
    differs: Bools, before: Carried, now: Carried, snapshot_row: Rows, network_row: Rows
) -> None:
    """Mark rows of members by what they leave, which is by rows of the snapshots.

    `snapshot_row` is where each row of the earlier snapshot stands now, `network_row` where each
    row of the later one stands in its network.
    """
    if before.names != now.names:
        differs[:] = True
        return
    of_snapshot = np.zeros_like(differs)
    for key in range(len(now.names)):
        old, new = _places_of(before, key), _places_of(now, key)
        for name in ("age", "value"):
            _mark(
                of_snapshot,
                snapshot_row[before.row[old]], getattr(before, name)[old],
                now.row[new], getattr(now, name)[new],
            )  # fmt: skip
    differs[gathered(network_row, np.flatnonzero(of_snapshot).astype(np.int32))] = True


def _places_of(carried: Carried, key: int) -> slice:
    """Return where a key stands: what a run leaves has its keys one after the other."""
    first, last = np.searchsorted(carried.key, [key, key + 1])
    return slice(int(first), int(last))


@kernel
def _mark(differs: Bools, old_row: Rows, old: Column, new_row: Rows, new: Column) -> None:
    """Mark each row whose values are not the same in both; rows are in order, with any number each.

    >>> differs = np.zeros(4, np.bool_)
    >>> _mark(differs, np.array([0, 1, 1]), np.array([5, 6, 7]), np.array([0, 1]), np.array([5, 6]))
    >>> differs
    array([False,  True, False, False])
    """
    i, j = 0, 0
    while i < len(old) and j < len(new):
        row = old_row[i]
        if row == new_row[j]:
            if old[i] != new[j]:
                differs[row] = True
            i += 1
            j += 1
        elif row < new_row[j]:
            differs[row] = True
            i += 1
        else:
            differs[new_row[j]] = True
            j += 1
    for place in range(i, len(old)):
        differs[old_row[place]] = True
    for place in range(j, len(new)):
        differs[new_row[place]] = True
