"""A run on tables: what it is worked out from, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commissions.engine import (
    BooksBroken,
    EngineError,
    Plan,
    RunResult,
    Snapshot,
    calculate_run,
    make_snapshot,
)
from commissions.lab.lines import LineTable, line_table
from commissions.lab.mistakes import LabError, Notes
from commissions.lab.orders import Orders, check_orders, orders_in
from commissions.lab.people import People, people_in
from commissions.lab.posted import PostedRun
from commissions.lab.prior import Late, LateReturns
from commissions.lab.rhythms import Clock
from commissions.lab.selling import sale_columns, selling_of
from commissions.lab.shorter import Shorter, shorter_pay
from commissions.lab.state import Row, State, state_in, state_out
from commissions.lab.tables import Table


@dataclass(frozen=True, slots=True)
class Given:
    """What a run is worked out from: a plan, tables, and earlier runs.

    `has_past` tells whether there are earlier runs at all, so that one must be named for a late
    return; examples have none.
    """

    text: str
    plan: Plan
    clock: Clock
    members: Table
    sales: Table
    state: Sequence[Table] = ()
    prior: Sequence[PostedRun] = ()
    shorter: Sequence[PostedRun] = ()
    has_past: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run on files: what it was worked out from and what came out."""

    given: Given
    people: People
    orders: Orders
    snapshot: Snapshot
    result: RunResult
    late: Late
    lines: LineTable
    state: list[Row]

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.given.plan

    @property
    def clock(self) -> Clock:
        """Return when the run is."""
        return self.given.clock


def work_out(given: Given, notes: Notes) -> Outcome:
    """Return what comes out of a plan on tables; `LabError` has everything that is wrong."""
    plan, clock = given.plan, given.clock
    people = people_in(given.members, plan, clock)
    orders = orders_in(given.sales, plan, people, clock)
    check_orders(orders, people, clock)
    state = state_in(given.state, plan, people, clock)
    shorter = shorter_pay(given.shorter, plan, people, clock, notes)
    if set(plan.columns) - set(orders.columns):
        raise LabError(notes.sentences())
    selling = selling_of(orders, clock, plan)
    following = LateReturns(plan, people, orders, clock, given.prior, has_past=given.has_past)
    late = following.follow(selling.late, shorter.matched_back, given.members.file)
    if notes.found:
        raise LabError(notes.sentences())
    try:
        sold = sale_columns(orders, people, selling, late.owned)
        snapshot = _snapshot(people, sold, state, shorter, clock)
        result = calculate_run(snapshot, plan)
    except BooksBroken:
        raise
    except EngineError as error:
        raise LabError([str(error)]) from error
    sales = dict(enumerate(orders.ids))
    lines = line_table(result, people.ids, sales, late.lines)
    left = state_out(result.carried, state, plan, people, clock)
    return Outcome(given, people, orders, snapshot, result, late, lines, left)


def _snapshot(
    people: People, sold: dict[str, Any], state: State, shorter: Shorter, clock: Clock
) -> Snapshot:
    """Return the engine's columns; members and sales are numbered as they stand in the files."""
    rows = people.distributors
    return make_snapshot(
        member=rows,
        sponsor=people.above[rows],
        enroller=people.enroller[rows],
        joined=people.joined.at[rows],
        joined_day=people.joined.day[rows],
        joined_month=people.joined.month[rows],
        market=people.market[rows],
        holder=people.holder[rows],
        flags=people.flags[rows],
        rank_override=people.rank[rows],
        placements=people.placements,
        carried=state.carried,
        posted=shorter.posted,
        last_day=clock.last_day,
        last_month=clock.last_month,
        cadence=clock.cadence,
        **sold,
    )
