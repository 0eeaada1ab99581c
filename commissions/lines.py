"""The single lines of a run as they are kept: columns, worked out in parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from commissions.calculation import Calculated
from commissions.engine import RunResult, lines_of
from commissions.frozen import LINES, Columns, columns_of, rows_of
from mlm.copying import Rows

_AT_A_TIME: Final = 2_000_000
"""So many lines at least, which take some 200 MB. Each part costs a pass over network and sales, so
parts grow with those: there are then as many parts as a sale has lines, however large the run."""


def all_lines(calculated: Calculated) -> Iterator[Columns]:
    """Yield every line of a run in parts: pay in the engine's order, then what is taken back."""
    sales = len(calculated.snapshot.sale)
    for rows in _parts(calculated.result, max(_AT_A_TIME, sales)):
        yield _pay_lines(calculated.result, rows=rows)
    yield columns_of(calculated.reversals)


def _parts(result: RunResult, at_a_time: int) -> Iterator[range]:
    """Cut the network rows into ranges of about so many lines, or of one row with more."""
    count, found = len(result.member), result.earnings
    ends = np.cumsum(found.lines)
    first = 0
    while first < count:
        at = int(np.searchsorted(found.earner, first))
        wanted = (int(ends[at - 1]) if at else 0) + at_a_time
        beyond = int(np.searchsorted(ends, wanted, side="right"))
        last = int(found.earner[beyond]) if beyond < len(ends) else count
        yield range(first, max(last, first + 1))
        first = max(last, first + 1)


def lines_of_earner(calculated: Calculated, member_id: int) -> Rows:
    """Return every line of one earner; none for who is no distributor in that period."""
    try:
        row = calculated.result.network.row_of(member_id)
    except KeyError:
        pay = np.empty(0, dtype=LINES)
    else:
        pay = rows_of(_pay_lines(calculated.result, rows=range(row, row + 1)), LINES)
    own = calculated.reversals["member_id"] == member_id
    return np.concatenate([pay, calculated.reversals[own]])


def _pay_lines(result: RunResult, *, rows: range) -> Columns:
    found = lines_of(result, rows=rows)
    nothing = np.zeros(len(found.source), np.int64)
    return {
        "member_id": result.member[found.earner],
        "bonus": found.bonus,
        "level": found.level.astype(np.int32),
        "rate_ppm": found.rate_ppm,
        "evidence": found.evidence,
        "source_id": found.source,
        "source_bonus": found.source_bonus,
        "reverses": nothing,
        "returned_id": nothing,
        "base": found.base,
        "amount_minor": found.amount,
    }
