"""Live figures: the open period worked out anew by the engine, and only what changed written.

There is no second, incremental calculation that could drift from the final one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Final

import structlog
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from commissions.books import Books
from commissions.calculation import Calculated, calculate, found_otherwise
from commissions.clock import StageClock
from commissions.engine import ENGINE_VERSION, Network, Plan
from commissions.errors import NoPlan, OwnRhythmMissing
from commissions.locking import one_at_a_time, still_snapshot
from commissions.models import Period, PlanVersion, Run
from commissions.partitions import drop
from commissions.places import places_hold, write_places
from commissions.publishing import read_found, write_difference, write_new
from commissions.reading import Reading, read
from commissions.recent import Recent
from commissions.rhythms import rhythm_of
from commissions.services.periods import previous_period, unlocked_periods
from commissions.services.plans import has_plan, plan_for
from distributors import books
from distributors.models import Change

log = structlog.get_logger()

_NOT_POSTED = (Period.Status.OPEN, Period.Status.ENDED, Period.Status.LOCKED)


def refresh_changed(*, at: datetime) -> list[Run]:
    """Refresh each started, unlocked period that a change reached; return the live runs.

    The changes are taken away only after the figures are published: whatever happens midway, they
    are still there for the next one. Changes that come meanwhile stay for the next refresh. A
    period that fails keeps nobody else's figures back: its error is raised when the others are
    done, and all changes stay.
    """
    changes = dict(Change.objects.values_list("pk", "effective_at"))
    reached = (
        {
            period.pk: period
            for period in unlocked_periods(ending_after=min(changes.values()))
            if period.starts_at <= at
        }
        if changes
        else {}
    )
    for period in started_without_figures(at=at):
        reached.setdefault(period.pk, period)
    runs: list[Run] = []
    failures: list[Exception] = []
    for period in in_turn(reached.values()):
        try:
            runs.append(refresh_period(period))
        except (NoPlan, OwnRhythmMissing) as missing:
            log.warning("period_without_plan", period=period.label, detail=missing.message)
        except Exception as failure:
            log.exception("period_not_refreshed", period=period.label)
            failures.append(failure)
    if failures:
        raise failures[0]
    Change.objects.filter(pk__in=list(changes)).delete()
    return runs


def in_turn(periods: Iterable[Period]) -> list[Period]:
    """Return periods so that what one begins with, and what shorter ones pay into it, comes first.

    >>> from datetime import date
    >>> month = Period(label="month", starts_at=date(2026, 6, 1), ends_at=date(2026, 6, 29))
    >>> week = Period(label="week", starts_at=date(2026, 6, 22), ends_at=date(2026, 6, 29))
    >>> in_turn([month, week])
    [<Period: week>, <Period: month>]
    """
    return sorted(
        periods, key=lambda one: (one.ends_at, one.ends_at - one.starts_at, one.type_id, one.pk)
    )


def started_without_figures(*, at: datetime) -> list[Period]:
    """Return the unlocked periods that have begun and have a plan, but no figures of this engine.

    What is over has figures if it ever had any.
    """
    live = Run.objects.filter(period=OuterRef("pk"), kind=Run.Kind.LIVE)
    older = live.exclude(engine_version=ENGINE_VERSION)
    found = Period.objects.filter(
        Exists(older) | Q(~Exists(live), ends_at__gt=at), locked_at=None, starts_at__lte=at
    )
    return [period for period in in_turn(found.select_related("type")) if has_plan(period)]


def refresh_period(period: Period) -> Run:
    """Work out a period's live figures and publish the difference; return its live run.

    One at a time per period, in one transaction. A locked period is left as it is: its final run
    has the word. Refused when no plan covers the period.
    """
    return refresh_and_keep(period)[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What this process knows of an open period: what it read, what came of that, and under
    which name it was published, if it was."""

    reading: Reading
    calculated: Calculated
    publication: str
    placed: Network | None = None
    """The network whose places the run has as a table."""


_NOT_PUBLISHED: Final = ""

# A process that starts cold, or meets what it cannot follow, reads everything by itself
_KEPT: Final = Recent[int, _Kept](3)


def forget() -> None:
    """Let the next refresh begin cold, as a process that has just started."""
    _KEPT.clear()


def refresh_and_keep(period: Period) -> tuple[Run, Calculated]:
    """Refresh a period; return its live run and the arrays that its figures now stand for.

    Of a locked period nothing is written, and the arrays are those that its final run will have.
    """
    with one_at_a_time(period.pk), still_snapshot():
        period.refresh_from_db()
        version, plan = plan_for(period)
        run, _ = Run.objects.select_for_update().get_or_create(
            period=period, kind=Run.Kind.LIVE, defaults={"plan_version": version}
        )
        as_of = books.recording_time()
        clock = StageClock()
        kept = _KEPT.get(period.pk)
        reading = read(period, plan, kept.reading if kept else None)
        clock.lap("read")
        calculated = _calculated(reading, plan, kept)
        clock.lap("calculate")
        if period.is_locked:
            return run, calculated
        placed = _place(run, reading, calculated, kept)
        if _publish(run, version, calculated, kept):
            run.generation += 1
            run.result_digest = token_hex(16)  # names this publication; digests are for good
        describe(run, calculated)
        _KEPT.put(period.pk, _Kept(reading, calculated, run.result_digest, placed))
        run.plan_version = version
        run.as_of = as_of
        run.is_provisional = _is_provisional(period, plan)
        note_what_was_seen(run, reading.books)
        clock.lap("write")
        run.timings = clock.times
        run.save()
    log.info("period_refreshed", period=period.label, generation=run.generation)
    return run, calculated


def look_ahead(period: Period) -> tuple[Run, Calculated] | None:
    """Return a period's live run as it is published, and arrays of all there is at this moment.

    Nothing is written: who is about to publish the same goes on from what it published itself.
    None where nothing was published yet, or by another plan, and where the period is locked.
    """
    with still_snapshot():
        period.refresh_from_db()
        run = Run.objects.filter(period=period, kind=Run.Kind.LIVE, generation__gt=0).first()
        if run is None or period.is_locked:
            return None
        version, plan = plan_for(period)
        if version.pk != run.plan_version_id:
            return None
        kept = _KEPT.get(period.pk)
        reading = read(period, plan, kept.reading if kept else None)
        calculated = _calculated(reading, plan, kept)
        _KEPT.put(period.pk, _Kept(reading, calculated, _NOT_PUBLISHED))
    return run, calculated


def _calculated(reading: Reading, plan: Plan, kept: _Kept | None) -> Calculated:
    """Return the figures of what was read: those that are known, if nothing is new."""
    if kept is not None and reading.says_the_same_as(kept.reading):
        return kept.calculated
    return calculate(reading.books, plan, before=kept.calculated if kept else None)


def _publish(run: Run, version: PlanVersion, calculated: Calculated, kept: _Kept | None) -> bool:
    """Write what changed; everything, where another plan or engine laid the rows out.

    Return whether anything was written.
    """
    fits = run.generation > 0 and run.plan_version_id == version.pk
    with connection.cursor() as cursor:
        if fits and run.engine_version == calculated.engine_version:
            if kept is None or kept.publication != run.result_digest:
                found = calculated.found
                return write_difference(
                    cursor, run.pk, read_found(cursor, run, found.further), found
                )
            if kept.calculated is calculated:
                return False
            return write_difference(cursor, run.pk, *found_otherwise(kept.calculated, calculated))
        if run.generation > 0:
            drop(cursor, run.pk)
        write_new(cursor, run.pk, calculated.found, is_live=True)
        return True


def _place(run: Run, reading: Reading, calculated: Calculated, kept: _Kept | None) -> Network:
    """Write everybody's places, where they are not there or not right; return whose they are."""
    network = calculated.result.network
    is_ours = kept is not None and kept.publication == run.result_digest
    if is_ours and kept and kept.placed and places_hold(kept.placed, network):
        return kept.placed
    with connection.cursor() as cursor:
        write_places(cursor, run, network, visible=reading.books.visible)
    return network


def note_what_was_seen(run: Run, seen: Books) -> None:
    """Note on a run how far it has looked; saving it is the caller's."""
    run.last_sale_id = seen.last_sale_id
    run.last_version_id = seen.last_version_id
    run.snapshot = seen.visible


def describe(run: Run, calculated: Calculated) -> None:
    """Note on a run what went in and what came out; saving it is the caller's."""
    run.members_count = len(calculated.result.member)
    run.sales_count = calculated.sales_count
    run.commissionable_minor = calculated.commissionable_minor
    run.total_minor = calculated.total_minor
    run.currency = calculated.currency
    keys, ranks = calculated.state_layout
    run.state_keys, run.state_ranks = list(keys), list(ranks)
    run.engine_version = calculated.engine_version


def _is_provisional(period: Period, plan: Plan) -> bool:
    """Tell whether a period, or the longer one it counts in, begins with what is not posted yet."""
    counted = rhythm_of(period, plan).counted
    return any(
        earlier is not None and earlier.status in _NOT_POSTED
        for earlier in {previous_period(period), previous_period(counted)}
    )
