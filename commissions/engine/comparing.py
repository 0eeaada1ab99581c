"""Two runs over the same network: whose figures are not what they were. Two networks: who moved."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.earnings import Earnings
from commissions.engine.network import Network
from commissions.engine.run import RunResult
from commissions.engine.snapshot import Carried
from commissions.engine.standings import Standings

Rows = NDArray[np.int32]
Bools = NDArray[np.bool_]
Column = NDArray[Any]

_RANKS = ("qualified", "paid_as", "title", "highest", "before")
_SUMS = ("bonus", "level", "rate_ppm", "base", "amount", "lines")


def rows_that_differ(before: RunResult, now: RunResult) -> Rows:
    """Return the network rows whose standing, earnings or state are other than before, in order.

    Both are runs of the same plan over the very same network, otherwise `ValueError`. Nobody who
    differs is left out; who is named may differ only in a figure that no table has.
    """
    plans = before.ground.plan.text_digest, now.ground.plan.text_digest
    if now.network is not before.network or plans[0] != plans[1]:
        raise ValueError("runs of other networks or plans cannot be compared row by row")
    differs = _standings_differ(before.standings, now.standings)
    _mark_earnings(differs, before.earnings, now.earnings)
    _mark_state(differs, before.carried, now.carried, now.network.row)
    return np.flatnonzero(differs).astype(np.int32)


def has_only_more_below(before: Network, now: Network) -> bool:
    """Tell whether everybody of an earlier network has the very same people above as before.

    Then whoever was in somebody's range is in it still, though others may have come in between.
    """
    ids, numbers = now.member[now.row], before.member[before.row]
    if len(numbers) > len(ids):
        return False
    at = np.searchsorted(ids, numbers)
    if len(at) and (at[-1] >= len(ids) or (ids[at] != numbers).any()):
        return False
    row = now.row[at][before.order]
    above = np.where(before.sponsor < 0, np.int32(-1), row[before.sponsor])
    return bool((now.sponsor[row] == above).all() and (np.diff(row) > 0).all())


def _standings_differ(before: Standings, now: Standings) -> Bools:
    differs: Bools = before.active != now.active
    for name in _RANKS:
        differs |= getattr(before, name) != getattr(now, name)
    for old, new in zip(before.figures, now.figures, strict=True):
        differs |= old != new
    return differs


def _mark_earnings(differs: Bools, before: Earnings, now: Earnings) -> None:
    for name in _SUMS:
        _mark(differs, before.earner, getattr(before, name), now.earner, getattr(now, name))


def _mark_state(differs: Bools, before: Carried, now: Carried, network_row: Rows) -> None:
    """Mark rows of members by what they leave; `network_row` is of each row of the snapshot."""
    if before.names != now.names:
        differs[:] = True
        return
    of_snapshot = np.zeros_like(differs)
    for key in range(len(now.names)):
        old, new = _places_of(before, key), _places_of(now, key)
        for name in ("age", "value"):
            _mark(
                of_snapshot,
                before.row[old], getattr(before, name)[old],
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
