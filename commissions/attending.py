"""Somebody attends each closing: says how far it is, and hears when it is asked to stop.

A thread of the process that closes does both, once a second, however long a step takes. What it
says goes into the cache and is a hint: nobody's pay depends on it, and a closing that has died is
known by its silence. What it hears stands in the database, which the last step looks at once more.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

import psycopg2
import structlog
from django.core.cache import cache
from django.db import Error, connection
from redis.exceptions import RedisError

from commissions.models import Closing
from commissions.progress import Progress, Watch

log = structlog.get_logger()

SECONDS_BETWEEN: Final = 1.0
SECONDS_KEPT: Final = 3600
SILENT_AFTER: Final = 15
"""A closing that has said nothing for so many seconds has most likely died."""


@contextmanager
def attended(closing: Closing, watch: Watch) -> Iterator[None]:
    """Say how far a closing is, and pass on to its watch that it was asked to stop."""
    over = threading.Event()
    thread = threading.Thread(
        target=_attend, args=(closing.pk, watch, over), name="closing", daemon=True
    )
    _say(closing.pk, watch.progress)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        forget(closing)


def heard(closing: Closing) -> Progress | None:
    """Return the last that was heard of a closing; None if nothing was, or not for long."""
    try:
        said = cache.get(_key(closing.pk))
    except RedisError:
        return None
    return Progress(**said) if said else None


def forget(closing: Closing) -> None:
    """Forget how far a closing was: it is over."""
    try:
        cache.delete(_key(closing.pk))
    except RedisError:
        log.warning("closing_not_forgotten", closing=closing.pk)


def _key(closing_id: int) -> str:
    return f"closing:{closing_id}"


def _say(closing_id: int, progress: Progress) -> None:
    try:
        cache.set(_key(closing_id), asdict(progress), SECONDS_KEPT)
    except RedisError:
        log.warning("closing_not_heard_of", closing=closing_id)


def _attend(closing_id: int, watch: Watch, over: threading.Event) -> None:
    """Say and hear until the closing is over. What fails is tried again the next time."""
    try:
        while not over.wait(SECONDS_BETWEEN):
            _say(closing_id, watch.progress)
            watch.tell(watch.progress)
            try:
                if reason := watch.reason_to_stop or _asked_to_stop(closing_id):
                    watch.stop(reason)
            except (Error, psycopg2.Error):
                log.warning("closing_not_looked_up", closing=closing_id)
                connection.close()
    finally:
        connection.close()


def _asked_to_stop(closing_id: int) -> str:
    asked = Closing.objects.filter(pk=closing_id, cancel_asked_at__isnull=False)
    return "cancelled" if asked.exists() else ""
