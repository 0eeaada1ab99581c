"""Closing a period: lock, final run, freeze, post, publish.

Each step looks at what is done already, so that a close that was killed anywhere can be asked for
again and goes on. Nothing of a run is seen before all of it is there.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import structlog
from django.db import Error, connection, transaction

from commissions import freezing, frozen, partitions
from commissions.calculation import Calculated, calculate
from commissions.clock import StageClock
from commissions.engine import Plan
from commissions.errors import PeriodNotInThatState
from commissions.lines import all_lines
from commissions.locking import one_at_a_time, still_snapshot
from commissions.models import Period, Run
from commissions.publishing import write_new
from commissions.reading import read_books
from commissions.services.periods import lock_period
from commissions.services.plans import plan_for
from commissions.services.refreshing import describe, note_what_was_seen
from distributors.books import note_change, recording_time
from distributors.models import Change
from mlm.errors import InvariantBroken

log = structlog.get_logger()


def close_period(
    period: Period, *, at: datetime, despite_grace: bool = False, user_id: int | None = None
) -> Run:
    """Lock a period, work out its final run, post and publish it; return the posted run.

    Refused where `lock_period` refuses. Closing a closed period returns its posted run.
    """
    Period.objects.filter(pk=period.pk, status=Period.Status.OPEN, ends_at__lte=at).update(
        status=Period.Status.ENDED
    )
    period = lock_period(period, at=at, despite_grace=despite_grace)
    with one_at_a_time(period.pk):
        run = posted_run(period) or _final_run(period, user_id=user_id)
        _publish(period, at=at)
    log.info("period_closed", period=period.label, run=run.pk, total_minor=run.total_minor)
    return run


def posted_run(period: Period) -> Run | None:
    """Return the run that counts for a period, if there is one."""
    return Run.objects.filter(period=period, status=Run.Status.POSTED).first()


def _final_run(period: Period, *, user_id: int | None) -> Run:
    """Calculate a locked period, freeze everything, write it and post it, or leave nothing."""
    frozen.sweep(period)
    try:
        with still_snapshot():
            period.refresh_from_db()
            version, plan = plan_for(period)
            run = Run.objects.create(
                period=period,
                plan_version=version,
                kind=Run.Kind.FINAL,
                created_by_id=user_id,
                generation=1,
                as_of=period.locked_at,
            )
            path = frozen.new_path(run)
            _calculate_and_post(run, plan, path)
    except BaseException:
        # A commit may have worked although its answer was lost: the database says what is no run's
        # own. Where it cannot be asked, the next close does.
        with suppress(Error):
            frozen.sweep(period)
        raise
    return run


def _calculate_and_post(run: Run, plan: Plan, path: str) -> None:
    clock = StageClock()
    books_read = read_books(run.period, plan)
    clock.lap("read")
    calculated = calculate(books_read, plan)
    clock.lap("calculate")
    run.lines_digest = _freeze(path, run, calculated)
    clock.lap("freeze")
    with connection.cursor() as cursor:
        write_new(cursor, run.pk, calculated.found)
        partitions.make_append_only(cursor, run.pk)
    clock.lap("write")
    note_what_was_seen(run, books_read)
    describe(run, calculated)
    run.input_digest = calculated.input_digest
    run.result_digest = calculated.found.digest
    run.frozen_path = path
    run.posted_at = recording_time()
    _write_totals(run)
    clock.lap("post")
    run.timings = clock.times
    run.status = Run.Status.POSTED
    run.save()


def _freeze(path: str, run: Run, calculated: Calculated) -> str:
    """Keep all that the run was worked out from, and every line; return the lines' digest."""
    freezing.write_books(path, run, calculated.books)
    digest = frozen.write_lines(path, all_lines(calculated))
    facts: dict[str, object] = {
        "engine": calculated.engine_version,
        "input_digest": calculated.input_digest,
        "result_digest": calculated.found.digest,
        "lines_digest": digest,
    }
    freezing.write_facts(path, run, calculated.books, facts)
    return digest


def _write_totals(run: Run) -> None:
    """Write what each member is owed, and check the books: what was worked out is what stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO commissions_statementtotal (run_id, member_id, currency, amount_minor)"
            " SELECT run_id, member_id, %s, sum(amount_minor) FROM commissions_earning"
            " WHERE run_id = %s GROUP BY run_id, member_id",
            [run.currency, run.pk],
        )
        cursor.execute(
            "SELECT COALESCE(sum(amount_minor), 0) FROM commissions_statementtotal"
            " WHERE run_id = %s",
            [run.pk],
        )
        (written,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM commissions_standing s WHERE run_id = %s AND NOT EXISTS"
            " (SELECT FROM distributors_member m WHERE m.id = s.member_id)",
            [run.pk],
        )
        (strangers,) = cursor.fetchone()
    if int(written) != run.total_minor or strangers:
        raise InvariantBroken(
            f"run {run.pk}: worked out {run.total_minor}, wrote {written}, {strangers} strangers"
        )


@transaction.atomic
def _publish(period: Period, *, at: datetime) -> None:
    """Show the final figures to members, and let the next period's figures start from them."""
    period = Period.objects.select_for_update().get(pk=period.pk)
    if period.published_at is not None:
        return
    if posted_run(period) is None:
        raise PeriodNotInThatState(f"{period.label} has no posted run.", period=period.label)
    period.status = Period.Status.PUBLISHED
    period.posted_at = period.posted_at or at
    period.published_at = at
    period.save(update_fields=["status", "posted_at", "published_at"])
    note_change(Change.Kind.NETWORK, effective_at=period.starts_at)
