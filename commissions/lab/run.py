"""One run on files, from text to text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from commissions.engine import (
    Plan,
    RunResult,
    Snapshot,
    calculate_run,
    lines_of,
    make_snapshot,
)
from commissions.lab.mistakes import LabError, Notes
from commissions.lab.orders import Orders, Stretch, read_orders
from commissions.lab.people import People, read_people
from commissions.lab.prior import LabLine, Prior, read_prior, take_back
from commissions.lab.tables import moment, read_rows
from commissions.lab.write import Outcome, write_outcome
from commissions.plan import PlanError, read_plan


@dataclass(frozen=True, slots=True)
class LabRequest:
    """What to run: files, period (`START..END`, half-open), and where the results go."""

    plan: Path
    members: Path
    sales: Path
    period: str
    out: Path
    state: Path | None = None
    as_of: str | None = None
    prior: tuple[Path, ...] = ()
    time_zone: str = "UTC"


def run_lab(request: LabRequest) -> Outcome:
    """Run a plan on files and write the results.

    `LabError` carries everything that is wrong with the request, and then nothing is written.
    """
    notes = Notes()
    plan = _plan(request.plan)
    period, as_of = _period(request)
    people = read_people(request.members, plan, notes, as_of=as_of, zone=period.zone)
    orders = read_orders(request.sales, people, period, plan.exponent, notes)
    prior = read_prior(request.prior, plan.currency, plan.exponent, notes)
    _check_state(request.state, notes)
    for sale in orders.late if not request.prior else []:
        sale.row.refuse("returns", "its sale is in an earlier run: name that one with --prior")
    reversals = take_back(orders.late, prior, orders.by_id, notes) if request.prior else []
    _check_earners(reversals, people, request.members.name, notes)
    if notes.found:
        raise LabError(notes.sentences())
    snapshot = snapshot_of(people, orders)
    result = calculate_run(snapshot, plan)
    lines = [*_lines(snapshot, plan, result, people, orders), *reversals]
    outcome = Outcome(
        plan, people, orders, snapshot, result, lines, period.start, period.end, as_of
    )
    write_outcome(outcome, request.out)
    return outcome


def _plan(path: Path) -> Plan:
    try:
        return read_plan(path.read_text(encoding="utf-8"))
    except PlanError as error:
        raise LabError(f"{path.name}: {mistake}" for mistake in error.mistakes) from error
    except (OSError, UnicodeDecodeError) as error:
        raise LabError([f"{path.name}: cannot be read: {error}"]) from error


def _period(request: LabRequest) -> tuple[Stretch, datetime]:
    wrong = []
    try:
        zone = ZoneInfo(request.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
        wrong.append(f'--time-zone: there is no time zone "{request.time_zone}"')
    start, _, end = request.period.partition("..")
    texts = [("--period", start), ("--period", end)]
    texts += [("--as-of", request.as_of)] if request.as_of else []
    moments = []
    for option, text in texts:
        try:
            moments.append(moment(text, zone))
        except ValueError as error:
            wrong.append(f"{option}: {error}")
    if not wrong and moments[0] >= moments[1]:
        wrong.append("--period: START..END, and START comes first")
    if wrong:
        raise LabError(dict.fromkeys(wrong))
    return Stretch(moments[0], moments[1], zone), moments[-1]


def _check_state(path: Path | None, notes: Notes) -> None:
    """Refuse every key: no rule of today's plans carries anything over."""
    if path is None:
        return
    for row in read_rows(path, notes, ("member", "key", "value")):
        row.refuse("key", f'the plan carries no "{row.text("key")}" from period to period')


def _check_earners(reversals: Iterable[LabLine], people: People, file: str, notes: Notes) -> None:
    for member in dict.fromkeys(line.member for line in reversals):
        if member not in people.row:
            notes.add(file, 0, "id", f'"{member}", who was paid by a prior run, is missing')


def snapshot_of(people: People, orders: Orders) -> Snapshot:
    """Return the engine's columns; members and sales are numbered as they stand in the files."""
    distributors = people.distributors()
    numbers = {id_: number for number, id_ in enumerate(people.by_id)}
    rows = [*orders.sales, *orders.netted]
    sold = [orders.by_id[sale.returns] if sale.returns else sale for sale in rows]
    return make_snapshot(
        member=np.array([numbers[person.id] for person in distributors], np.int64),
        sponsor=np.array([people.row.get(people.above[p.id], -1) for p in distributors], np.int32),
        flags=np.array([int(person.flags) for person in distributors], np.uint8),
        rank_override=np.array([person.rank for person in distributors], np.int16),
        sale=np.array([sale.number for sale in rows], np.int64),
        seller=np.array(
            [people.row[s.member if s.own else people.above[s.member]] for s in sold], np.int32
        ),
        own=np.array([sale.own for sale in sold], np.bool_),
        customer=np.array([-1 if sale.own else numbers[sale.member] for sale in sold], np.int64),
        pv=np.array([sale.pv for sale in rows], np.int64),
        cv=np.array([sale.cv for sale in rows], np.int64),
        returns=np.array(
            [orders.by_id[sale.returns].number if sale.returns else -1 for sale in rows], np.int64
        ),
    )


def _lines(
    snapshot: Snapshot, plan: Plan, result: RunResult, people: People, orders: Orders
) -> list[LabLine]:
    found = lines_of(snapshot, plan, result)
    members, sales = list(people.by_id), list(orders.by_id)
    return [
        LabLine(members[member], plan.bonuses[bonus].name, level, sales[sale], base, rate, amount)
        for member, bonus, level, sale, base, rate, amount in zip(
            result.member[found.earner].tolist(), found.bonus.tolist(), found.level.tolist(),
            found.sale.tolist(), found.base.tolist(), found.rate_ppm.tolist(),
            found.amount.tolist(), strict=True,
        )
    ]  # fmt: skip


__all__ = ["LabRequest", "Outcome", "Prior", "run_lab", "snapshot_of"]
