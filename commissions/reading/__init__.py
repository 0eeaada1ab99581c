"""The database's side of a snapshot: what a period's figures are made of, as columns.

Everything is read in one transaction and by binary COPY, and only what the plan asks for.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from commissions.books import Books
from commissions.engine import Plan
from commissions.models import Period
from commissions.reading.following import Reading, read

__all__ = ["Reading", "read", "read_books"]


def read_books(
    period: Period, plan: Plan, has_read: Callable[[str, int], None] = lambda part, rows: None
) -> Books:
    """Read all that a period's figures are made of. Be in a REPEATABLE READ transaction.

    `has_read` is told what was read, and how many rows; what it raises ends the reading.
    """
    with connection.cursor() as cursor:
        # Tables from their beginning, where rows lie in the order of their ids, and not from where
        # somebody else's scan happens to be: then nothing has to be put in order, nor copied for it
        cursor.execute("SET LOCAL synchronize_seqscans = off")
    return read(period, plan, has_read=has_read).books
