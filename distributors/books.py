"""Opening and closing the books: who writes what pay depends on, and who locks a stretch.

Writers (orders, returns, enrolments, moves) hold the books open, together, until they commit.
Locking a stretch waits for all of them and lets no new one start. So whatever was written before a
lock is seen by it, and whatever comes later knows of it.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.db import connection, transaction

from distributors.errors import BooksClosed
from distributors.models import Change, LockedStretch
from mlm.celery import app
from mlm.database import LockClass
from mlm.inserting import insert_all
from mlm.loading import rows_of

REFRESH_QUEUED = "refresh:queued"


def hold_open() -> None:
    """Keep every stretch from being locked until this transaction ends."""
    _lock("pg_advisory_xact_lock_shared")


def hold_closed() -> None:
    """Wait for all writers, and let none start until this transaction ends."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock on the books lasts as long as a transaction: open one first")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, 0)", [LockClass.BOOKS])


def recording_time() -> datetime:
    """Return the database's clock at this moment: the time that a change is recorded at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]  # one timestamptz


class ClosedStretches:
    """The stretches whose books are closed, of those that end after a moment. One query."""

    def __init__(self, *, ending_after: datetime) -> None:
        self._stretches = rows_of(
            "SELECT starts_at, ends_at FROM distributors_lockedstretch WHERE ends_at > %s",
            [ending_after],
        )

    def cover(self, moment: datetime) -> bool:
        """Tell whether a moment lies in one; it must not be earlier than what was asked for."""
        return any(starts_at <= moment < ends_at for starts_at, ends_at in self._stretches)

    def refuse(self, moment: datetime) -> None:
        """Refuse a moment inside one."""
        if self.cover(moment):
            raise BooksClosed(
                f"The books are closed at {moment:%Y-%m-%d}; choose a time in the open period.",
                moment=moment.isoformat(),
            )


def is_closed(moment: datetime) -> bool:
    """Tell whether the moment lies in a stretch whose books are closed. Hold the books first."""
    return LockedStretch.objects.filter(starts_at__lte=moment, ends_at__gt=moment).exists()


def refuse_closed(moment: datetime) -> None:
    """Refuse a time inside a stretch whose books are closed. Hold the books first."""
    ClosedStretches(ending_after=moment).refuse(moment)


def note_change(kind: Change.Kind, *, effective_at: datetime) -> None:
    """Write down that figures from `effective_at` on have changed, and ask for a refresh on commit.

    The row is part of the change's own transaction, so it is there exactly if the change is. The
    message after it only saves time: a sweep finds what it missed.
    """
    insert_all(Change, {"kind": [kind], "effective_at": [effective_at]})
    transaction.on_commit(ask_for_refresh, robust=True)


def ask_for_refresh() -> None:
    """Send one refresh task for however many changes there are until it starts."""
    if cache.add(REFRESH_QUEUED, 1, timeout=60):
        pass_on_refresh()


def pass_on_refresh() -> None:
    """Send a refresh task that was received on to whoever takes it next."""
    app.send_task("commissions.refresh")


def refresh_started() -> None:
    """Let the next change send a new refresh task: changes from here on may be missed by this."""
    cache.delete(REFRESH_QUEUED)
