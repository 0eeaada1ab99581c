"""Expressions of PostgreSQL that several apps use, and the advisory locks' numbers."""

from __future__ import annotations

import enum
from typing import Any

from django.db import connection, models
from django.db.models import Func


class TsTzRange(Func):
    """The half-open stretch between two columns; an empty upper end means 'from then on'."""

    function = "TSTZRANGE"


class ClockTimestamp(Func):
    """The time at this very statement, not at the start of its transaction."""

    function = "CLOCK_TIMESTAMP"
    output_field = models.DateTimeField()


class TransactionId(Func):
    """The number of the writing transaction: what finds rows that a snapshot has not seen."""

    template = "(pg_current_xact_id()::text)::bigint"
    output_field = models.BigIntegerField()


def query_rows(sql: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query that may be any; `mlm.loading.rows_of` is for one of few."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def not_seen_by(snapshot: str) -> str:
    """Return the condition of rows that a transaction wrote which a snapshot has not seen.

    `snapshot` is the SQL for it, and the rows' column is `xact`. The first half is for its index.
    """
    return (
        f"(xact >= pg_snapshot_xmin({snapshot}::pg_snapshot)::text::bigint"
        f" AND NOT pg_visible_in_snapshot(xact::text::xid8, {snapshot}::pg_snapshot))"
    )


class LockClass(enum.IntEnum):
    """The first key of each advisory lock, so that no two uses meet."""

    NETWORK_MOVES = 1
    BOOKS = 2
    PERIOD = 3
    IDEMPOTENCY = 4
    CUSTOMERS = 5
    LIVE_WORKER = 6
