"""The bridge to the engine: books and a plan in, rows for the database out. Nothing is read here.

The same books and the same plan give the same rows, in a warm worker and in a cold process alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from commissions.books import Books
from commissions.carrying import carried_out
from commissions.columns import VOLUMES, further_figures
from commissions.engine import ENGINE_VERSION, Plan, RunResult, Snapshot, calculate_run, lines_of
from commissions.frozen import LINES
from commissions.late_returns import taken_back
from commissions.ordering import in_order
from commissions.publishing import EARNING_KEY, EARNINGS, Found, standings_dtype
from commissions.snapshots import Laid, lay
from mlm.copying import Rows

# Each part costs a pass over all sales, so they are few; a million lines take about 100 MB
_LINES_AT_A_TIME: Final = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Calculated:
    """A run's figures, and what is needed to show the single lines behind them."""

    books: Books
    plan: Plan
    laid: Laid
    result: RunResult
    reversals: Rows
    found: Found

    @property
    def input_digest(self) -> str:
        """Return the digest of all that the figures follow from, plan and engine included."""
        return self.books.digest(self.plan.text_digest, ENGINE_VERSION)

    @property
    def snapshot(self) -> Snapshot:
        """Return what the engine was given."""
        return self.laid.snapshot

    @property
    def currency(self) -> str:
        """Return the currency of all amounts."""
        return self.plan.currency

    @property
    def engine_version(self) -> str:
        """Return what the engine calls itself."""
        return ENGINE_VERSION

    @property
    def sales_count(self) -> int:
        """Return how many sales the run pays on."""
        return int(self._paid_on.sum())

    @property
    def commissionable_minor(self) -> int:
        """Return all CV that is paid on, in money of the plan's currency, rounded once."""
        points = int(self.snapshot.columns["cv"][self._paid_on].sum())
        scale = 100 * self.plan.point_den
        return (2 * points * self.plan.point_num + scale) // (2 * scale)

    @property
    def _paid_on(self) -> npt.NDArray[np.bool_]:
        return self.snapshot.pays & ~self.snapshot.late


def calculate(
    books: Books,
    plan: Plan,
    *,
    reversals: Rows | None = None,
    before: Calculated | None = None,
) -> Calculated:
    """Work out a period's figures; `reversals` are given if they cannot be worked out any more.

    What was calculated `before` from other books of the period saves laying the network again.
    """
    laid = lay(books, plan, before.laid if before else None)
    result = calculate_run(laid.snapshot, plan, laid.people.network)
    back = taken_back(books) if reversals is None else reversals
    return Calculated(
        books=books,
        plan=plan,
        laid=laid,
        result=result,
        reversals=back,
        found=_found(books, laid, plan, result, back),
    )


def _found(books: Books, laid: Laid, plan: Plan, result: RunResult, reversals: Rows) -> Found:
    """Return everything that tables have of a run."""
    return Found(
        standings=_standings(result, plan),
        earnings=_earnings(result, reversals),
        state=carried_out(result.carried, laid.passed_on, plan, laid.snapshot.member, books.dates),
    )


def all_lines(calculated: Calculated) -> Iterator[Rows]:
    """Yield every line of a run in parts: pay in the engine's order, then what is taken back."""
    for rows in _parts(calculated.result):
        yield _pay_lines(calculated.result, rows=rows)
    yield calculated.reversals


def _parts(result: RunResult) -> Iterator[range]:
    """Cut the network rows into ranges of about so many lines, or of one row with more."""
    count, found = len(result.member), result.earnings
    ends = np.cumsum(found.lines)
    first = 0
    while first < count:
        at = int(np.searchsorted(found.earner, first))
        wanted = (int(ends[at - 1]) if at else 0) + _LINES_AT_A_TIME
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
        pay = _pay_lines(calculated.result, rows=range(row, row + 1))
    own = calculated.reversals["member_id"] == member_id
    return np.concatenate([pay, calculated.reversals[own]])


def _pay_lines(result: RunResult, *, rows: range) -> Rows:
    found = lines_of(result, rows=rows)
    lines = np.zeros(len(found.source), dtype=LINES)
    lines["member_id"] = result.member[found.earner]
    lines["source_id"] = found.source
    lines["amount_minor"] = found.amount
    for name in ("bonus", "level", "rate_ppm", "evidence", "source_bonus", "base"):
        lines[name] = getattr(found, name)
    return lines


def _standings(result: RunResult, plan: Plan) -> Rows:
    found, further = result.standings, further_figures(plan)
    rows = np.zeros(len(result.member), dtype=standings_dtype(len(further)))
    # The snapshot's rows are in the order of their ids
    by_id = result.network.row
    rows["member_id"] = result.member[by_id]
    for name in VOLUMES:
        rows[name.lower()] = found.figure(plan, name)[by_id]
    rows["is_active"] = found.active[by_id]
    rows["rank"] = found.qualified[by_id]
    rows["paid_as"] = found.paid_as[by_id]
    rows["title"] = found.title[by_id]
    rows["highest"] = found.highest[by_id]
    rows["paid_as_before"] = found.before[by_id]
    for index, place in enumerate(further):
        rows["figures"][:, index] = found.figures[place][by_id]
    return rows


def _earnings(result: RunResult, reversals: Rows) -> Rows:
    found = result.earnings
    rows = np.zeros(len(found.earner), dtype=EARNINGS)
    rows["member_id"] = result.member[found.earner]
    for name in ("bonus", "level", "rate_ppm", "lines", "base"):
        rows[name] = getattr(found, name)
    rows["amount_minor"] = found.amount
    rows = np.concatenate([rows, _summed(reversals)])
    return rows[in_order(rows, EARNING_KEY)]


def _summed(reversals: Rows) -> Rows:
    """Return the sums of what is taken back per earner, bonus, level, rate and posted run."""
    lines = reversals[in_order(reversals, EARNING_KEY)]
    keys = np.stack([lines[name].astype(np.int64) for name in EARNING_KEY], axis=1)
    first = np.flatnonzero(np.append(True, (np.diff(keys, axis=0) != 0).any(axis=1))[: len(lines)])
    rows = np.zeros(len(first), dtype=EARNINGS)
    for name in EARNING_KEY:
        rows[name] = lines[name][first]
    rows["lines"] = np.diff(np.append(first, len(lines)))
    for name in ("base", "amount_minor"):
        rows[name] = np.add.reduceat(lines[name], first) if len(first) else 0
    return rows
