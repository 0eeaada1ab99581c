"""Several live workers: the one that has the arrays warm refreshes, the others stand by.

Figures are right whoever refreshes, as a period is calculated by one at a time. But who comes to it
cold reads everything, and makes the other one read back what was published. So one worker keeps a
lock for as long as its session lives; the moment it is gone, another one has it.
"""

from __future__ import annotations

from django.db import connection

from mlm.database import LockClass


def is_our_turn() -> bool:
    """Tell whether this session is the one that refreshes; it becomes so if there is no other."""
    with connection.cursor() as cursor:
        # A session may take its own lock again and again; it is let go of with the session
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [LockClass.LIVE_WORKER])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def is_somebody_elses_turn() -> bool:
    """Tell whether another session is the one that refreshes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = 0 AND pid <> pg_backend_pid())",
            [LockClass.LIVE_WORKER],
        )
        (is_taken,) = cursor.fetchone()
    return bool(is_taken)
