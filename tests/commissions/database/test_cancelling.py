"""Cancelling a close: at any stage, by anybody who may, and nothing of it is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction

from commissions import attending, tasks
from commissions.errors import ClosingCancelled, NothingToCancel
from commissions.locking import one_at_a_time
from commissions.models import Closing, Explanation, Period, Run
from commissions.progress import STAGES, Progress, Watch
from commissions.selectors.closings import ClosingState, newest_closing
from commissions.services import closing, closings, explanations
from commissions.services.closing import carry_out, close_period
from commissions.services.closings import ask_close, cancel_closing, take_back
from commissions.services.periods import lock_period
from commissions.services.refreshing import refresh_changed
from commissions.services.verifying import differences
from distributors.models import BusinessEvent, Change, LockedStretch, Member
from orders.services import pay_order
from tests.commissions.test_closing import (
    AFTER_GRACE,
    NEXT_NOON,
    give_back,
    make_busy_month,
)
from tests.factories import NOON, make_order
from tests.sessions import environment, in_another_session, until

pytestmark = [pytest.mark.django_db(transaction=True)]

KEPT = {"commissions_closing", "distributors_businessevent", "distributors_change"}
"""What stays of a cancelled closing: that it was, and that figures are looked at anew."""

HERE = "pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
"""Other tests run on the same server at the same time."""


def everything(folder: Path) -> dict[str, Any]:
    """Return all rows of all tables, the tables themselves, locks that are held, and all files."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        found: dict[str, Any] = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")  # noqa: S608 - our own names
            found[table] = sorted(row[0] for row in cursor.fetchall()) if table not in KEPT else ()
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {HERE}")  # noqa: S608 - constants
        found[" locks"] = cursor.fetchone()
    found[" files"] = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    return found


def ended_month() -> Period:
    """Return a month with live figures that is over."""
    period, _, _ = make_busy_month()
    Period.objects.filter(pk=period.pk).update(status=Period.Status.ENDED)
    refresh_changed(at=NOON)
    period.refresh_from_db()
    return period


def cancel(period: Period, failures: list[BaseException] | None = None) -> threading.Thread:
    """Cancel a period's closing in a session of its own; what is refused goes into the list."""

    def work() -> None:
        try:
            cancel_closing(period, by=None, reason="Wrong month", at=AFTER_GRACE)
        except NothingToCancel as refused:
            if failures is None:
                raise
            failures.append(refused)

    return in_another_session(work)


def at_stage(stage: str, do: Callable[[], object]) -> Callable[[Progress], None]:
    """Return what does something once, as soon as a closing begins a stage."""
    main = threading.current_thread()
    done: list[str] = []

    def tell(progress: Progress) -> None:
        is_here = progress.stage == stage and not progress.is_over
        if is_here and not done and threading.current_thread() is main:
            done.append(stage)
            do()

    return tell


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_closing_that_is_cancelled_leaves_everything_as_it_was(
    stage: str, frozen_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "SECONDS_BETWEEN", 0.01)
    period = ended_month()
    before = everything(frozen_folder)
    watch = Watch()

    def cancelled_and_heard() -> None:
        cancel(period).join()
        assert until(lambda: watch.reason_to_stop)

    watch.tell = at_stage(stage, cancelled_and_heard)
    with pytest.raises(ClosingCancelled):
        close_period(period, at=AFTER_GRACE, watch=watch)

    assert everything(frozen_folder) == before
    assert Closing.objects.get().outcome == Closing.Outcome.CANCELLED
    event = BusinessEvent.objects.get(kind="period.closing_cancelled")
    assert (event.reason, event.detail["period"]) == ("Wrong month", "monthly 2026-11")
    run = close_period(period, at=AFTER_GRACE)
    assert differences(run) == []


def test_a_request_that_comes_with_the_last_step_is_not_lost(frozen_folder: Path) -> None:
    period = ended_month()
    before = everything(frozen_folder)
    post = closings.note_posted

    def cancelled_first(one: Closing) -> bool:
        cancel(period).join()
        return post(one)

    with (
        patch.object(closing, "note_posted", cancelled_first),
        pytest.raises(ClosingCancelled),
    ):
        close_period(period, at=AFTER_GRACE)

    assert everything(frozen_folder) == before


def test_a_request_that_comes_after_it_is_told_that_it_is_too_late(frozen_folder: Path) -> None:
    period = ended_month()
    post = closings.note_posted
    refused: list[BaseException] = []
    threads: list[threading.Thread] = []

    def cancelled_after(one: Closing) -> bool:
        may = post(one)
        if not threads:
            threads.append(cancel(period, refused))
            assert until(somebody_waits)
        return may

    with patch.object(closing, "note_posted", cancelled_after):
        run = close_period(period, at=AFTER_GRACE)
    threads[0].join()

    assert "too late" in str(refused[0])
    assert differences(run) == []
    with pytest.raises(NothingToCancel, match="too late"):
        cancel_closing(period, by=None, reason="Wrong", at=AFTER_GRACE)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {HERE}")  # noqa: S608 - constants
        (count,) = cursor.fetchone()
    return bool(count)


def test_orders_and_returns_land_in_a_period_whose_closing_was_cancelled(
    frozen_folder: Path,
) -> None:
    period, cast, order = make_busy_month()
    lock_period(period, at=AFTER_GRACE)
    give_back(order)

    cancel_closing(period, by=None, reason="Goods come back", at=AFTER_GRACE)

    late = pay_order(make_order(cast.bob, paid_at=None), paid_at=NOON, at=NEXT_NOON)
    assert late.commission_at == NOON
    assert not LockedStretch.objects.exists()
    assert Change.objects.filter(effective_at=period.starts_at).exists()
    run = close_period(period, at=AFTER_GRACE)
    december = refresh_changed(at=NEXT_NOON)[-1]
    assert run.total_minor > 0
    assert not Run.objects.filter(pk=december.pk, total_minor__lt=0).exists()


def test_nothing_is_cancelled_where_nothing_is_closed(frozen_folder: Path) -> None:
    period = ended_month()

    with pytest.raises(NothingToCancel, match="not being closed"):
        cancel_closing(period, by=None, reason="Why not", at=AFTER_GRACE)

    assert not Closing.objects.exists()


def test_a_closing_that_nobody_has_taken_up_is_cancelled_and_never_taken_up(
    frozen_folder: Path,
) -> None:
    period = ended_month()
    asked = ask_close(period, at=AFTER_GRACE)

    assert cancel_closing(period, by=None, reason="Wrong", at=AFTER_GRACE).is_over

    with pytest.raises(ClosingCancelled):
        tasks.close_period(asked.pk)
    assert not Run.objects.filter(kind="final").exists()
    period.refresh_from_db()
    assert not period.is_locked


def test_two_who_ask_at_once_ask_for_one_closing(frozen_folder: Path) -> None:
    period = ended_month()
    first, second = ask_close(period, at=AFTER_GRACE), ask_close(period, at=AFTER_GRACE)
    runs: list[Run] = []

    def carry() -> None:
        runs.append(carry_out(Closing.objects.select_related("period").get(), at=AFTER_GRACE))

    threads = [in_another_session(carry) for _ in range(2)]
    for thread in threads:
        thread.join()

    assert first == second
    assert [run.pk for run in runs] == [Run.objects.get(kind="final").pk] * 2


def test_a_cancelling_that_nobody_did_is_swept(frozen_folder: Path) -> None:
    period = ended_month()
    ask_close(period, at=AFTER_GRACE)
    with one_at_a_time(period.pk):
        cancel(period).join()
        assert Closing.objects.get().is_to_stop

    tasks.sweep()

    assert Closing.objects.get().outcome == Closing.Outcome.CANCELLED


def test_one_that_cannot_be_taken_back_keeps_no_other_work_from_the_sweep(
    frozen_folder: Path,
) -> None:
    period = ended_month()
    asked = ask_close(period, at=AFTER_GRACE)
    Closing.objects.filter(pk=asked.pk).update(cancel_asked_at=AFTER_GRACE)
    question = Explanation.objects.create(
        run=Run.objects.get(period=period, kind="live"), member=Member.objects.get(name="Bob Brown")
    )
    refused = patch.object(closings, "take_back", side_effect=RuntimeError("no"))

    with refused, patch.object(explanations, "send") as send:
        tasks.sweep()

    send.assert_called_once_with(question)


KILLED = """
import os, signal, sys, django
django.setup()
from django.utils.dateparse import parse_datetime
from commissions.models import Period
from commissions.progress import Watch
from commissions.services.closing import close_period
def tell(progress):
    if progress.stage == "post":
        os.kill(os.getpid(), signal.SIGKILL)
close_period(Period.objects.get(label="2026-11"), at=parse_datetime(sys.argv[1]), watch=Watch(tell))
"""


def test_a_killed_closing_is_seen_as_such_and_can_be_cancelled_or_closed_again(
    frozen_folder: Path,
) -> None:
    period = ended_month()
    before = everything(frozen_folder)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, AFTER_GRACE.isoformat()],
        env={**environment(), "FROZEN_DIR": str(frozen_folder)},
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    seen = newest_closing(period, at=AFTER_GRACE)
    assert seen is not None
    assert seen.is_under_way

    assert seen.progress is not None
    said_at = seen.progress.at
    later = AFTER_GRACE.fromtimestamp(said_at + attending.SILENT_AFTER + 2, tz=AFTER_GRACE.tzinfo)
    silent = newest_closing(period, at=later)
    assert silent is not None
    assert silent.state == ClosingState.SILENT
    assert cancel_closing(period, by=None, reason="It was killed", at=AFTER_GRACE).is_over
    assert everything(frozen_folder) == before
    assert differences(close_period(period, at=AFTER_GRACE)) == []


def test_a_closing_that_fails_says_so_and_leaves_the_period_to_the_next(
    frozen_folder: Path,
) -> None:
    period = ended_month()

    with (
        patch.object(closing, "_write_totals", side_effect=RuntimeError("disk full")),
        pytest.raises(RuntimeError),
    ):
        close_period(period, at=AFTER_GRACE)

    failed = Closing.objects.get()
    assert (failed.outcome, failed.failure) == (Closing.Outcome.FAILED, "RuntimeError: disk full")
    period.refresh_from_db()
    assert period.is_locked
    assert close_period(period, at=AFTER_GRACE).total_minor > 0


def test_a_message_that_comes_again_shows_what_was_posted_before_its_worker_died(
    frozen_folder: Path,
) -> None:
    period = ended_month()
    asked = ask_close(period, at=AFTER_GRACE)
    with patch.object(closing, "_publish", side_effect=SystemExit), pytest.raises(SystemExit):
        carry_out(asked, at=AFTER_GRACE)
    assert Closing.objects.get().outcome == Closing.Outcome.POSTED

    tasks.close_period(asked.pk)

    period.refresh_from_db()
    assert period.status == Period.Status.PUBLISHED


def test_files_stay_while_a_lost_session_may_yet_commit(frozen_folder: Path) -> None:
    period = ended_month()
    has_it, is_over = threading.Event(), threading.Event()

    def lost() -> None:
        with one_at_a_time(period.pk):
            has_it.set()
            is_over.wait(60)

    def break_off(_: Closing) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        threads.append(in_another_session(lost))
        assert has_it.wait(10)
        raise OperationalError("the server closed the connection unexpectedly")

    threads: list[threading.Thread] = []
    with patch.object(closing, "_let_it_count", break_off), pytest.raises(OperationalError):
        close_period(period, at=AFTER_GRACE)
    kept = list(frozen_folder.rglob("manifest.json"))
    is_over.set()
    threads[0].join()

    run = close_period(period, at=AFTER_GRACE)

    assert len(kept) == 1
    assert len(list(frozen_folder.rglob("manifest.json"))) == 1
    assert differences(run) == []


def test_the_database_unlocks_for_nobody_else(frozen_folder: Path) -> None:
    period = ended_month()
    lock_period(period, at=AFTER_GRACE)
    unlocked = {"status": "ended", "locked_at": None, "locked_sale_id": None}
    over = ask_close(period, at=AFTER_GRACE)
    Closing.objects.filter(pk=over.pk).update(outcome="failed", ended_at=AFTER_GRACE)

    for change in (
        lambda: Period.objects.filter(pk=period.pk).update(**unlocked),
        lambda: LockedStretch.objects.all().delete(),
        lambda: LockedStretch.objects.update(reason="monthly 2026-12"),
        lambda: Closing.objects.filter(pk=over.pk).update(outcome="cancelled"),
        lambda: Closing.objects.all().delete(),
        lambda: Closing.objects.create(
            period=period, asked_at=NOON, outcome="posted", ended_at=NOON, lock_taken_back=NOON
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_posted_period_is_not_unlocked_whatever_a_closing_says(frozen_folder: Path) -> None:
    period = ended_month()
    close_period(period, at=AFTER_GRACE)
    forged = Closing.objects.create(period=period, asked_at=NOON)

    with pytest.raises(Exception, match="has a final run"):
        take_back(forged)

    period.refresh_from_db()
    assert period.status == Period.Status.PUBLISHED
