"""One calculation of a period at a time, and a snapshot that stands still while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from mlm.database import LockClass


@contextmanager
def one_at_a_time(period_id: int) -> Iterator[None]:
    """Hold a period's lock for this session; wait for whoever has it.

    A session's lock and not a transaction's, so that the transaction begins after the wait and
    sees what the one before wrote. It is free the moment a killed worker's connection closes.
    """
    key = _key(period_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
    try:
        yield
    finally:
        _let_go(key)


@contextmanager
def unless_somebody_has_it(period_id: int) -> Iterator[bool]:
    """Hold a period's lock if it is free at this moment; tell whether it was."""
    key = _key(period_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_free,) = cursor.fetchone()
    if not is_free:
        yield False
        return
    try:
        yield True
    finally:
        _let_go(key)


def _key(period_id: int) -> list[int]:
    return [LockClass.PERIOD, period_id % 2**31]


def _let_go(key: list[int]) -> None:
    """Let go of a session's lock, unless its transaction is broken and will be thrown away."""
    if not connection.needs_rollback or not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


@contextmanager
def still_snapshot() -> Iterator[None]:
    """Open a transaction in which every statement sees the same moment."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
