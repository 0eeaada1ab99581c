"""A close that is interrupted: by a signal in its shell, or while the database is busy with it."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from commissions.errors import ClosingCancelled
from commissions.models import Closing
from commissions.publishing import write_new
from commissions.services import closing
from commissions.services.closing import close_period
from commissions.services.closings import cancel_closing
from distributors import books
from tests.commissions.database.test_cancelling import ended_month, everything, somebody_waits
from tests.commissions.test_closing import AFTER_GRACE
from tests.sessions import in_another_session, somebody_inside, until

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_and_leaves_nothing(
    number: signal.Signals, frozen_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = ended_month()
    before = everything(frozen_folder)
    handler = signal.getsignal(number)

    def interrupted(*arguments: Any, **options: Any) -> None:
        os.kill(os.getpid(), number)
        write_new(*arguments, **options)

    with (
        patch.object(closing, "write_new", interrupted),
        pytest.raises(CommandError, match="cancelled"),
    ):
        call_command("close_period", "monthly", period.label, "--at", AFTER_GRACE.isoformat())

    assert everything(frozen_folder) == before
    assert Closing.objects.get().cancel_reason == f"stopped in the shell by {number.name}"
    assert signal.getsignal(number) == handler
    shown = capsys.readouterr().err
    assert "read" in shown
    assert "a second" in shown
    assert "write" not in shown


def asleep(*_: object) -> None:
    """Wait for the database longer than anybody waits for a test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")


def copying_asleep(*_: object) -> None:
    """Wait in a COPY, as reading does."""
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT pg_sleep(600)) TO STDOUT", io.StringIO())


def is_asleep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            " AND datname = current_database()"
        )
        (count,) = cursor.fetchone()
    return bool(count)


@pytest.mark.parametrize("busy", [asleep, copying_asleep])
def test_a_statement_that_runs_is_ended_with_the_closing(
    busy: Callable[..., None], frozen_folder: Path
) -> None:
    period = ended_month()
    before = everything(frozen_folder)

    def cancel_once_it_sleeps() -> None:
        assert until(is_asleep)
        cancel_closing(period, by=None, reason="Too slow", at=AFTER_GRACE)

    thread = in_another_session(cancel_once_it_sleeps)
    with (
        patch.object(closing, "read_books", busy),
        pytest.raises(ClosingCancelled),
    ):
        close_period(period, at=AFTER_GRACE)
    thread.join()

    assert everything(frozen_folder) == before


def test_a_signal_ends_the_statement_that_runs(frozen_folder: Path) -> None:
    period = ended_month()
    before = everything(frozen_folder)

    def interrupt_once_it_sleeps() -> None:
        assert until(is_asleep)
        os.kill(os.getpid(), signal.SIGINT)

    thread = in_another_session(interrupt_once_it_sleeps)
    with (
        patch.object(closing, "read_books", asleep),
        pytest.raises(CommandError, match="cancelled"),
    ):
        call_command("close_period", "monthly", period.label, "--at", AFTER_GRACE.isoformat())
    thread.join()

    assert everything(frozen_folder) == before


def test_a_closing_that_waits_for_orders_is_cancelled_before_it_locks(
    frozen_folder: Path,
) -> None:
    period = ended_month()

    @contextmanager
    def slow_order() -> Iterator[None]:
        with transaction.atomic():
            books.hold_open()
            yield

    def cancel_once_it_waits() -> None:
        assert until(somebody_waits)
        cancel_closing(period, by=None, reason="Orders go first", at=AFTER_GRACE)

    with somebody_inside(slow_order):
        thread = in_another_session(cancel_once_it_waits)
        with pytest.raises(ClosingCancelled):
            close_period(period, at=AFTER_GRACE)
        assert Closing.objects.get().lock_taken_back is None
    thread.join()
