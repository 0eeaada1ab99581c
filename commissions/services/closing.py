"""Closing a period: lock, final run, freeze, post, publish.

Each step looks at what is done already, so that a close that was killed anywhere can be asked for
again and goes on. Nothing of a run is seen before all of it is there. Between any two steps it can
be stopped, up to the last: `commissions.progress`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Final

import structlog
from django.db import Error, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from commissions import frozen, partitions
from commissions.attending import attended
from commissions.calculation import Calculated, calculate
from commissions.engine import Plan
from commissions.errors import ClosingCancelled, PeriodNotInThatState
from commissions.freezing_aside import frozen_aside
from commissions.interrupting import ends_statements
from commissions.locking import one_at_a_time, still_snapshot, unless_somebody_has_it
from commissions.models import Closing, Period, Run, StatementTotal
from commissions.places import write_places
from commissions.progress import Stopped, Watch
from commissions.publishing import write_new
from commissions.reading import read_books
from commissions.selectors.closings import expected_seconds
from commissions.selectors.periods import posted_run
from commissions.services.closings import ask_close, note_failure, note_posted, take_back
from commissions.services.periods import lock_period
from commissions.services.plans import plan_for
from commissions.services.refreshing import describe, note_what_was_seen
from distributors.books import note_change, recording_time
from distributors.models import Change
from mlm.errors import InvariantBroken

log = structlog.get_logger()

_CHANGED_MEANWHILE: Final = "40001"  # what PostgreSQL calls a serialization failure
_CANCELLED: Final = "cancelled"
_IN_THE_ORDER_OF_KEYS: Final = (
    "SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_sort = off;"
    " SET LOCAL max_parallel_workers_per_gather = 0"
)
"""A run's tables lie in the order of their keys, which PostgreSQL does not know of new tables: left
alone it sorts millions of rows on disk, and reads all members whole instead of their key."""


def close_period(
    period: Period,
    *,
    at: datetime,
    despite_grace: bool = False,
    user_id: int | None = None,
    watch: Watch | None = None,
) -> Run:
    """Lock a period, work out its final run, post and publish it; return the posted run.

    Refused where `lock_period` refuses, and with `ClosingCancelled` if it was asked to stop.
    Closing a closed period returns its posted run; one that is being closed is waited for.
    """
    Period.objects.filter(pk=period.pk, status=Period.Status.OPEN, ends_at__lte=at).update(
        status=Period.Status.ENDED
    )
    period.refresh_from_db()
    done = posted_run(period)
    if done is not None and period.published_at is not None:
        return done
    closing = ask_close(period, at=at, despite_grace=despite_grace, user_id=user_id)
    return carry_out(closing, at=at, despite_grace=despite_grace, watch=watch)


def carry_out(
    closing: Closing, *, at: datetime, despite_grace: bool = False, watch: Watch | None = None
) -> Run:
    """Do what a closing asks for; return the posted run. One at a time for a period.

    A closing that is over already is not done again. One that was asked to stop, by its row or its
    watch, leaves nothing: what it wrote is gone, its period is unlocked. One that fails leaves the
    period locked, for whoever closes it again or cancels.
    """
    watch = watch or Watch()
    period = closing.period
    with one_at_a_time(period.pk), attended(closing, watch):
        closing.refresh_from_db()
        if closing.is_over:
            return _ended(closing, at=at)
        try:
            run = _close(closing, at=at, despite_grace=despite_grace, watch=watch)
        except Stopped as stopped:
            take_back(closing, reason=str(stopped))
            raise ClosingCancelled(
                f"The closing of {period.label} was cancelled.", period=period.label
            ) from stopped
        except BaseException as failure:
            with suppress(Error):
                note_failure(closing, failure)
            raise
    log.info("period_closed", period=period.label, run=run.pk, total_minor=run.total_minor)
    return run


def _ended(closing: Closing, *, at: datetime) -> Run:
    """Return the run of a closing that came to an end before; refused without one.

    Whoever posted it may have been killed before it was shown: then it is now.
    """
    run = posted_run(closing.period)
    if run is None:
        raise ClosingCancelled(
            f"The closing of {closing.period.label} is over: {closing.get_outcome_display()}.",
            period=closing.period.label,
        )
    _publish(closing.period, closing, at=at)
    return run


def _close(closing: Closing, *, at: datetime, despite_grace: bool, watch: Watch) -> Run:
    if closing.is_to_stop:
        raise Stopped(closing.cancel_reason)
    watch.go_on()
    with ends_statements(watch):
        period = lock_period(
            closing.period, at=at, despite_grace=despite_grace or closing.despite_grace
        )
    run = posted_run(period) or _final_run(period, closing, watch)
    _publish(period, closing, at=at)
    return run


def _final_run(period: Period, closing: Closing, watch: Watch) -> Run:
    """Calculate a locked period, freeze everything, write it and post it, or leave nothing."""
    frozen.sweep(period)
    watch.expected = expected_seconds(period)
    try:
        with still_snapshot():
            period.refresh_from_db()
            version, plan = plan_for(period)
            run = Run.objects.create(
                period=period,
                plan_version=version,
                kind=Run.Kind.FINAL,
                created_by_id=closing.asked_by_id,
                generation=1,
                as_of=period.locked_at,
            )
            path = frozen.new_path(run)
            with ends_statements(watch):
                _calculate_and_post(run, plan, path, watch)
            _let_it_count(closing)
    except BaseException:
        # A commit may have worked although its answer was lost: the database says what is no run's
        # own. Where it cannot be asked, or still has the lost session with its lock and may yet
        # commit, the next close does.
        with suppress(Error), unless_somebody_has_it(period.pk) as is_ours:
            if is_ours:
                frozen.sweep(period)
        raise
    return run


def _let_it_count(closing: Closing) -> None:
    """Note that the closing posted its run, unless it was asked to stop by now.

    In a still snapshot PostgreSQL refuses to write over a row that somebody changed meanwhile, and
    nothing but such a request changes this one.
    """
    try:
        may_post = note_posted(closing)
    except OperationalError as refused:
        if getattr(refused.__cause__, "pgcode", None) != _CHANGED_MEANWHILE:
            raise
        may_post = False
    if not may_post:
        raise Stopped(_CANCELLED)


def _calculate_and_post(run: Run, plan: Plan, path: str, watch: Watch) -> None:
    watch.begin("read", unit="rows")
    books_read = read_books(run.period, plan, lambda part, rows: watch.count(rows, part))
    people = len(books_read.network) + len(books_read.sales)
    watch.begin("calculate", unit="members and sales")
    calculated = calculate(books_read, plan, begins=lambda stage: watch.turn_to(stage.value))
    watch.count(people)
    with frozen_aside(path, run, calculated) as freezing:
        found = calculated.found
        _write(run, calculated, watch)
        watch.begin("post")
        note_what_was_seen(run, books_read)
        describe(run, calculated)
        run.frozen_path = path
        _write_totals(run)
        written = freezing.lines
        watch.begin("freeze", unit="lines", total=int(found.earnings["lines"].sum()) - written)
        digests = freezing.digests(has_written=watch.count, told=written)
    watch.end()
    for name, digest in asdict(digests).items():
        setattr(run, name, digest)
    run.posted_at = recording_time()
    run.timings = watch.timings
    run.status = Run.Status.POSTED
    run.save()


def _write(run: Run, calculated: Calculated, watch: Watch) -> None:
    """Write figures, earnings, state and places into the run's own tables."""
    found, network = calculated.found, calculated.result.network
    rows = len(found.standings) + len(found.earnings) + len(found.state.rows)
    watch.begin("write", unit="rows", total=rows)
    with connection.cursor() as cursor:
        write_new(cursor, run.pk, found, has_written=watch.count)
        write_places(cursor, run, network, visible=calculated.books.visible)


def _write_totals(run: Run) -> None:
    """Write what each member is owed, and check the books: what was worked out is what stands."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_ORDER_OF_KEYS)
        cursor.execute(
            "INSERT INTO commissions_statementtotal (run_id, member_id, currency, amount_minor)"
            " SELECT run_id, member_id, %s, sum(amount_minor) FROM commissions_earning"
            " WHERE run_id = %s GROUP BY run_id, member_id ORDER BY run_id, member_id",
            [run.currency, run.pk],
        )
        partitions.make_append_only(cursor, run.pk)
        cursor.execute(
            "SELECT COALESCE(sum(amount_minor), 0) FROM commissions_statementtotal"
            " WHERE run_id = %s",
            [run.pk],
        )
        (written,) = cursor.fetchone()
        strangers = sum(
            _strangers(cursor, run, table)
            for table in (partitions.STANDINGS, StatementTotal._meta.db_table)
        )
    if int(written) != run.total_minor or strangers:
        raise InvariantBroken(
            f"run {run.pk}: worked out {run.total_minor}, wrote {written}, {strangers} strangers"
        )


def _strangers(cursor: CursorWrapper, run: Run, parent: str) -> int:
    """Return how many of a table's members do not exist: one look at all does a key's work."""
    cursor.execute(
        f"SELECT count(*) FROM {parent} t WHERE run_id = %s AND NOT EXISTS"  # noqa: S608 - own names
        " (SELECT FROM distributors_member m WHERE m.id = t.member_id)",
        [run.pk],
    )
    return int(cursor.fetchone()[0])


@transaction.atomic
def _publish(period: Period, closing: Closing, *, at: datetime) -> None:
    """Show the final figures to members, and let the next period's figures start from them."""
    note_posted(closing)  # one that found the run posted has not said so yet
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
