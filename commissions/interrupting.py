"""Ending the statement that the database is busy with, once a closing is to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg2
from django.db import OperationalError, connection

from commissions.progress import Stopped, Watch

_CANCELLED: Final = "57014"  # what PostgreSQL calls a statement that was cancelled


@contextmanager
def ends_statements(watch: Watch) -> Iterator[None]:
    """Let whoever asks a watch to stop end the statement that runs here, as `Stopped`.

    Only inside: what comes after, a commit above all, is nobody's to end. Between statements
    PostgreSQL takes no notice.
    """
    connection.ensure_connection()
    watch.is_busy_with(connection.connection.cancel)
    try:
        yield
    except (OperationalError, psycopg2.OperationalError) as ended:
        # Django wraps what its cursors execute, and lets COPY say it as the driver does
        codes = {getattr(one, "pgcode", None) for one in (ended, ended.__cause__)}
        if watch.reason_to_stop and _CANCELLED in codes:
            raise Stopped(watch.reason_to_stop) from ended
        raise
    finally:
        watch.is_busy_with(None)
