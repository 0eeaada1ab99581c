"""The bridge to the engine: books and a plan in, rows for the database out. Nothing is read here.

The same books and the same plan give the same rows, in a warm worker and in a cold process alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from commissions.books import Books
from commissions.carrying import StateRows, carried_out, layout_of
from commissions.columns import VOLUMES, further_figures
from commissions.engine import (
    ENGINE_VERSION,
    Carried,
    Earnings,
    Plan,
    RunResult,
    Snapshot,
    Stage,
    calculate_run,
    rows_that_differ,
)
from commissions.late_returns import taken_back
from commissions.ordering import in_order
from commissions.publishing import EARNING_KEY, EARNINGS, Found, standings_dtype
from commissions.snapshots import Laid, lay
from mlm.copying import Rows

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Calculated:
    """A run's figures, and what is needed to show the single lines behind them."""

    books: Books
    plan: Plan
    laid: Laid
    result: RunResult
    reversals: Rows

    @cached_property
    def found(self) -> Found:
        """Return everything that tables have of the run."""
        result = self.result
        return Found(
            standings=_standings(result, self.plan, result.network.row),
            earnings=_earnings(result.member, result.earnings, self.reversals),
            state=self._state(result.carried, self.laid.passed_on),
        )

    def found_of(self, rows: npt.NDArray[np.int32]) -> Found:
        """Return what tables have of some network rows, but for what is taken back or passed on."""
        result, passed_on = self.result, self.laid.passed_on
        network, carried = result.network, result.carried
        wanted = np.zeros(len(result.member), np.bool_)
        wanted[rows] = True
        left = _some(carried, wanted[network.row][carried.row], ("key", "row", "age", "value"))
        earned = wanted[result.earnings.earner]
        return Found(
            standings=_standings(result, self.plan, network.row[np.sort(network.order[rows])]),
            earnings=_earnings(
                result.member,
                _some(result.earnings, earned, Earnings.__dataclass_fields__),
                self.reversals[:0],
            ),
            state=self._state(left, passed_on.only(np.zeros(len(passed_on.rows), np.bool_))),
        )

    def _state(self, carried: Carried, passed_on: StateRows) -> StateRows:
        """Return what the run leaves, as it is stored."""
        return carried_out(carried, passed_on, self.plan, self.snapshot.member, self.books.dates)

    @property
    def state_layout(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys and the ranks that rows of state name by their places."""
        ranks = tuple(rank.name for rank in self.plan.ranks)
        passed_on = self.laid.passed_on
        return layout_of([StateRows(self.result.carried.names, ranks), passed_on], ranks)

    @property
    def total_minor(self) -> int:
        """Return the sum of all earnings, what is taken back taken off."""
        return self.result.total + int(self.reversals["amount_minor"].sum())

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
    begins: Callable[[Stage], None] = lambda stage: None,
) -> Calculated:
    """Work out a period's figures; `reversals` are given if they cannot be worked out any more.

    What was calculated `before` from other books of the period saves laying the network again.
    `begins` is told what the engine turns to; what it raises ends the run.
    """
    laid = lay(books, plan, before.laid if before else None)
    result = calculate_run(laid.snapshot, plan, laid.people.network, begins=begins)
    back = taken_back(books) if reversals is None else reversals
    return Calculated(books=books, plan=plan, laid=laid, result=result, reversals=back)


def found_otherwise(before: Calculated, now: Calculated) -> tuple[Found, Found]:
    """Return what both have of everybody whose figures are not the same in both.

    What is left out is the same in all tables of both. Where the plan, what is taken back or what
    is passed on is another, or somebody has others above than before, nothing is left out.
    """
    if (
        before.plan.text_digest != now.plan.text_digest
        or before.state_layout != now.state_layout
        or not np.array_equal(before.reversals, now.reversals)
        or before.laid.passed_on.keys != now.laid.passed_on.keys
        or before.laid.passed_on.ranks != now.laid.passed_on.ranks
        or not np.array_equal(before.laid.passed_on.rows, now.laid.passed_on.rows)
    ):
        return before.found, now.found
    differing = rows_that_differ(before.result, now.result)
    if differing is None:
        return before.found, now.found
    return before.found_of(differing.before), now.found_of(differing.now)


Columns = TypeVar("Columns", Carried, Earnings)


def _some(columns: Columns, wanted: npt.NDArray[np.bool_], names: Iterable[str]) -> Columns:
    """Return some rows of columns."""
    return replace(columns, **{name: getattr(columns, name)[wanted] for name in names})


def _standings(result: RunResult, plan: Plan, by_id: npt.NDArray[np.int32]) -> Rows:
    """Return standings of network rows, which are given in the order of their members' ids."""
    found, further = result.standings, further_figures(plan)
    rows = np.zeros(len(by_id), dtype=standings_dtype(len(further)))
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


def _earnings(member: Ints, found: Earnings, reversals: Rows) -> Rows:
    rows = np.zeros(len(found.earner), dtype=EARNINGS)
    rows["member_id"] = member[found.earner]
    for name in ("bonus", "level", "rate_ppm", "lines", "base"):
        rows[name] = getattr(found, name)
    rows["amount_minor"] = found.amount
    rows = np.concatenate([rows, earnings_of(reversals)])
    return rows[in_order(rows, EARNING_KEY)]


def earnings_of(lines: Rows) -> Rows:
    """Return the sums of lines per earner, bonus, level, rate and posted run that is reversed."""
    lines = lines[in_order(lines, EARNING_KEY)]
    keys = np.stack([lines[name].astype(np.int64) for name in EARNING_KEY], axis=1)
    first = np.flatnonzero(np.append(True, (np.diff(keys, axis=0) != 0).any(axis=1))[: len(lines)])
    rows = np.zeros(len(first), dtype=EARNINGS)
    for name in EARNING_KEY:
        rows[name] = lines[name][first]
    rows["lines"] = np.diff(np.append(first, len(lines)))
    for name in ("base", "amount_minor"):
        rows[name] = np.add.reduceat(lines[name], first) if len(first) else 0
    return rows
