"""Work done elsewhere, in a database session or a process of its own, and waiting for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections


def until(condition: Callable[[], object], *, seconds: float = 120) -> bool:
    """Wait for something to become true; tell whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def in_another_session(work: Callable[[], object]) -> threading.Thread:
    """Run something in a thread with a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@contextmanager
def somebody_inside(enter: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    """Let another session enter something and stay in it for as long as this lasts."""
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with enter():
            inside.set()
            leave.wait(60)

    somebody = in_another_session(stay)
    assert inside.wait(60)
    try:
        yield
    finally:
        leave.set()
        somebody.join()


def environment() -> dict[str, str]:
    """Return what a process of its own needs to work on the test's database and broker."""
    server = urlsplit(os.environ["DATABASE_URL"])
    database = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
    }


def in_a_cold_process(*command: str) -> None:
    """Run a management command in a new process."""
    subprocess.run(
        [sys.executable, "manage.py", *command],
        check=True,
        env=environment(),
        cwd=settings.BASE_DIR,
        capture_output=True,
    )
