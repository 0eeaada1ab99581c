"""A posted run, as what it froze: its ground worked out again, and its lines as they were posted.

Pay that is taken back is that of the posted lines, whatever a later engine would make of the books.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from commissions.engine import Lines, Plan, RunResult, calculate_run
from commissions.freezing import read_books
from commissions.frozen import posted_lines
from commissions.snapshots import lay
from mlm.copying import Rows

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PostedRun:
    """What a posted run found."""

    result: RunResult
    lines: Lines

    @property
    def plan(self) -> Plan:
        """Return the plan that it was paid by."""
        return self.result.ground.plan

    def rows(self, members: Ints) -> Ints:
        """Return the network rows of members; -1 for who is not there."""
        return _rows(self.result.member, members)

    def owners(self, sales: Iterable[int]) -> list[int]:
        """Return who owns each of the run's sales; 0 for nobody, and for no sale of the run's."""
        ground = self.result.ground
        numbers = ground.snapshot.sale[ground.sales.at]
        owners = np.append(self.result.member, 0)[ground.sales.owner]
        order = np.argsort(numbers, kind="stable")
        wanted = np.array(list(sales), np.int64)
        at = np.minimum(np.searchsorted(numbers[order], wanted), max(len(order) - 1, 0))
        if not len(order):
            return [0] * len(wanted)
        found = np.where(numbers[order][at] == wanted, owners[order][at], 0)
        return [int(owner) for owner in found]


# One at a time: a large run's lines take hundreds of megabytes
@lru_cache(maxsize=1)
def posted_run(path: str) -> PostedRun:
    """Return the run that a folder keeps."""
    result = worked_out_again(path)
    return PostedRun(result, _lines(posted_lines(path), result.member))


@lru_cache(maxsize=1)
def worked_out_again(path: str) -> RunResult:
    """Return what the run that a folder keeps comes to, by the engine of today."""
    books, plan = read_books(path)
    return calculate_run(lay(books, plan).snapshot, plan)


def _lines(rows: Rows, member: Ints) -> Lines:
    """Return stored lines as the engine has them: in the order of earners, by network row."""
    return Lines(
        evidence=rows["evidence"].astype(np.int8),
        source=np.ascontiguousarray(rows["source_id"]),
        source_bonus=np.ascontiguousarray(rows["source_bonus"]),
        earner=_rows(member, rows["member_id"]).astype(np.int32),
        bonus=np.ascontiguousarray(rows["bonus"]),
        level=rows["level"].astype(np.int16),
        rate_ppm=np.ascontiguousarray(rows["rate_ppm"]),
        base=np.ascontiguousarray(rows["base"]),
        amount=np.ascontiguousarray(rows["amount_minor"]),
    )


def _rows(member: Ints, wanted: Ints) -> Ints:
    order = np.argsort(member, kind="stable")
    ordered = member[order]
    if not len(order):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(ordered, wanted), len(order) - 1)
    return np.where(ordered[at] == wanted, order[at], -1)
