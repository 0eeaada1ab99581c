"""Live figures: the open period worked out anew by the engine, and only what changed written.

There is no second, incremental calculation that could drift from the final one.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import connection
from django.db.models import Exists, OuterRef

from commissions.calculation import Calculated, calculate
from commissions.clock import StageClock
from commissions.errors import NoPlan
from commissions.locking import one_at_a_time, still_snapshot
from commissions.models import Period, Run
from commissions.partitions import drop
from commissions.publishing import write_difference, write_new
from commissions.reading import extent_of, read_books
from commissions.services.periods import previous_period, unlocked_periods
from commissions.services.plans import has_plan, plan_for
from distributors import books
from distributors.models import Change

log = structlog.get_logger()


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
    for period in sorted(reached.values(), key=lambda period: (period.starts_at, period.pk)):
        try:
            runs.append(refresh_period(period))
        except NoPlan as missing:
            log.warning("period_without_plan", period=period.label, detail=missing.message)
        except Exception as failure:
            log.exception("period_not_refreshed", period=period.label)
            failures.append(failure)
    if failures:
        raise failures[0]
    Change.objects.filter(pk__in=list(changes)).delete()
    return runs


def started_without_figures(*, at: datetime) -> list[Period]:
    """Return the unlocked periods that have begun, have a plan, and have no live run yet."""
    live = Run.objects.filter(period=OuterRef("pk"), kind=Run.Kind.LIVE)
    found = Period.objects.filter(~Exists(live), locked_at=None, starts_at__lte=at, ends_at__gt=at)
    return [period for period in found.order_by("starts_at") if has_plan(period)]


def refresh_period(period: Period) -> Run:
    """Work out a period's live figures and publish the difference; return its live run.

    One at a time per period, in one transaction. A locked period is left as it is: its final run
    has the word. Refused when no plan covers the period.
    """
    return refresh_and_keep(period)[0]


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
        books_read = read_books(extent_of(period), period_type=period.type_id)
        clock.lap("read")
        calculated = calculate(books_read, plan)
        clock.lap("calculate")
        same_plan = run.generation > 0 and run.plan_version_id == version.pk
        provisional = _is_provisional(period)
        same = (same_plan, run.is_provisional) == (True, provisional)
        if period.is_locked:
            return run, calculated
        if not (same and run.input_digest == calculated.input_digest):
            _publish(run, calculated, same_plan=same_plan)
            run.generation += 1
        run.plan_version = version
        run.as_of = as_of
        run.is_provisional = provisional
        describe(run, calculated)
        clock.lap("write")
        run.timings = clock.times
        run.save()
    log.info("period_refreshed", period=period.label, generation=run.generation)
    return run, calculated


def _publish(run: Run, calculated: Calculated, *, same_plan: bool) -> None:
    with connection.cursor() as cursor:
        if same_plan:
            write_difference(cursor, run.pk, calculated.standings, calculated.earnings)
            return
        if run.generation > 0:
            drop(cursor, run.pk)
        write_new(cursor, run.pk, calculated.standings, calculated.earnings)


def describe(run: Run, calculated: Calculated) -> None:
    """Note on a run what went in and what came out; saving it is the caller's."""
    run.last_sale_id = calculated.books.last_sale_id
    run.last_version_id = calculated.books.last_version_id
    run.snapshot = calculated.books.visible[:200]
    run.members_count = len(calculated.standings)
    run.sales_count = len(calculated.books.sales)
    run.commissionable_minor = calculated.commissionable_minor
    run.total_minor = int(calculated.earnings["amount_minor"].sum())
    run.currency = calculated.currency
    run.input_digest = calculated.input_digest
    run.result_digest = calculated.result_digest
    run.engine_version = calculated.engine_version


def _is_provisional(period: Period) -> bool:
    earlier = previous_period(period)
    return earlier is not None and earlier.status in {
        Period.Status.OPEN,
        Period.Status.ENDED,
        Period.Status.LOCKED,
    }
