"""What runs of a shorter rhythm paid, where a bonus of this one matches it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from commissions.engine import Plan
from commissions.engine.plan import MatchingRule
from commissions.engine.snapshot import NOTHING_POSTED, PostedPay
from commissions.lab.basis import TakenBack
from commissions.lab.mistakes import Notes
from commissions.lab.people import People
from commissions.lab.posted import PostedRun
from commissions.lab.rhythms import Clock


@dataclass(frozen=True, slots=True)
class Shorter:
    """What is matched, and what was taken back of that of earlier periods."""

    posted: PostedPay = NOTHING_POSTED
    matched_back: list[TakenBack] = field(default_factory=list)


def shorter_pay(
    runs: Sequence[PostedRun], plan: Plan, people: People, clock: Clock, notes: Notes
) -> Shorter:
    """Return what the shorter runs of this period paid by bonuses that are matched here.

    What they took back of lines of this same period is taken off.
    """
    matched = _matched(plan, clock)
    known = {plan.bonuses[of].cadence for of in matched}
    for at, run in enumerate(runs):
        problem = _problem(run, runs[:at], clock, known)
        if problem:
            notes.add(run.name, 0, "", problem)
    if notes.found:
        return Shorter()
    amounts: dict[tuple[int, str], int] = defaultdict(int)
    back = [(run, row) for run in runs for row in run.basis.taken_back]
    for run in runs:
        for bonus, member, amount in _paid(run, plan, matched):
            amounts[bonus, member] += amount
    for run, row in back:
        if _is_of_this_period(row, clock) and (bonus := _same(plan, run, row.name)) in matched:
            amounts[bonus, row.member] += row.amount
    earlier = [row for _, row in back if not _is_of_this_period(row, clock)]
    return Shorter(_posted(amounts, people), earlier)


def _is_of_this_period(row: TakenBack, clock: Clock) -> bool:
    return clock.period.first_day <= date.fromisoformat(row.last_day)


def _matched(plan: Plan, clock: Clock) -> list[int]:
    """Return the bonuses of other rhythms that this one's bonuses match."""
    found = {
        of
        for rule in plan.bonuses
        if isinstance(rule, MatchingRule) and rule.cadence == clock.cadence
        for of in rule.of
        if plan.bonuses[of].cadence != clock.cadence
    }
    return sorted(found)


def _problem(run: PostedRun, before: Sequence[PostedRun], clock: Clock, known: set[str]) -> str:
    first, last = clock.period.first_day.isoformat(), clock.period.last_day.isoformat()
    if run.cadence not in known:
        return "no bonus of this run matches what that run pays"
    if not first <= run.basis.last_day <= last:
        return f"its last day, {run.basis.last_day}, is not in the period"
    if any(run.cadence == other.cadence and run.start == other.start for other in before):
        return "the run of that period is named twice"
    return ""


def _paid(run: PostedRun, plan: Plan, matched: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """Yield what each member is paid by each matched bonus of a run, or what its caps take off."""
    if run.result is None:
        return
    for place, part in run.result.paid.items():
        bonus = _same(plan, run, run.plan.pays[place].name)
        if bonus not in matched or plan.bonuses[bonus].cadence != run.cadence:
            continue
        amount = part.by_earner(len(run.result.member))
        there = np.flatnonzero(amount)
        numbers = run.result.member[there].tolist()
        for number, paid in zip(numbers, amount[there].tolist(), strict=True):
            yield bonus, run.basis.members[number], paid


def _same(plan: Plan, run: PostedRun, name: str) -> int:
    """Return this plan's bonus of the name under which a shorter run paid, or limited; or -1."""
    theirs = run.bonus_of(name)
    names = [rule.name for rule in plan.bonuses]
    called = run.plan.bonuses[theirs].name if theirs >= 0 else ""
    return names.index(called) if called in names else -1


def _posted(amounts: dict[tuple[int, str], int], people: People) -> PostedPay:
    """Return the engine's columns; who is not in the network any more is left out."""
    rows = sorted(
        (bonus, row, amount)
        for (bonus, member), amount in amounts.items()
        if (row := people.row_of(member)) >= 0 and amount
    )
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return PostedPay(
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int32),
        np.ascontiguousarray(columns[:, 2]),
    )
