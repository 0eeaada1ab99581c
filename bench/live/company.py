"""A company of the benchmark's own that takes orders: a database, gunicorn and the live worker.

Everything runs on this machine as docs/running.md has it, so that what each part costs the
processor can be read beside what comes out.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg2

from bench import machine
from bench.children import manage
from bench.databases import ask, own_database
from bench.memory import KEPT
from bench.processes import postmaster_of, processor_seconds

WEB: Final = ("-m", "gunicorn", "mlm.wsgi", "--workers", "2", "--threads", "4")
WORKER: Final = ("-m", "celery", "-q", "-A", "mlm", "worker", "-Q", "live", "-c", "1")
PATIENCE_SECONDS: Final = 600
REDIS_DATABASE: Final = 7


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large a company is before anybody measures, and whether its live worker runs.

    `name` is what its database is called, after that of DATABASE_URL.
    """

    name: str
    members: int
    orders: int
    seed: int
    shape: str = "mixed"
    has_worker: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A company that takes orders: where it listens, and whose processes they are."""

    address: tuple[str, int]
    environment: Mapping[str, str]
    key: str
    roots: Mapping[str, int]

    @property
    def database_url(self) -> str:
        """Return the address of its database."""
        return self.environment["DATABASE_URL"]

    def ask(self, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return ask(self.database_url, statement, parameters)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py in a fresh process, and return what it said."""
        return manage(self.environment, *arguments)

    def count_orders(self) -> int:
        """Return how many orders there are."""
        return int(self.ask("SELECT count(*) FROM orders_order")[0][0])

    def postmaster(self) -> int | None:
        """Return the process that PostgreSQL's others come from, if it runs on this machine."""
        with closing(psycopg2.connect(self.database_url)) as connection:
            return postmaster_of(connection.get_backend_pid())

    def wait_for_figures(self) -> float:
        """Return the seconds until all orders are in the live figures."""
        return until(
            lambda: not self.ask("SELECT 1 FROM distributors_change LIMIT 1"),
            "the worker does not get the figures up to date",
        )

    def processor_seconds(self) -> dict[str, float]:
        """Return the time each part has had of the processor so far."""
        found = {name: processor_seconds(root) for name, root in self.roots.items()}
        return {**found, "sender": time.process_time()}


@contextmanager
def company(wanted: Wanted, files: Path) -> Iterator[Place]:
    """Make a company in a database of its own, start its processes, and end both afterwards."""
    redis_url = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{REDIS_DATABASE}").geturl()
    with own_database(os.environ["DATABASE_URL"], wanted.name) as url:
        environment = {**surroundings(url, files), "REDIS_URL": redis_url, "CONN_MAX_AGE": "3600"}
        key = filled(environment, wanted)
        started: dict[str, subprocess.Popen[bytes]] = {}
        try:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                address = free.getsockname()
            web = (*WEB, "--no-control-socket", "--bind", f"127.0.0.1:{address[1]}")
            started["web"] = start(web, environment, files / "web.log")
            if wanted.has_worker:
                started["worker"] = start(WORKER, {**environment, **KEPT}, files / "worker.log")
            yield _ready(address, environment, key, started)
        finally:
            for process in started.values():
                process.terminate()
            for process in started.values():
                process.wait()


def surroundings(database_url: str, files: Path) -> dict[str, str]:
    """Return the environment of a company's processes: its database, its files, no limits."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "FROZEN_DIR": str(files),
        "API_REQUESTS_PER_MINUTE": str(10**9),
        "LOG_FORMAT": "json",
    }


def filled(environment: Mapping[str, str], wanted: Wanted) -> str:
    """Make the network, do what autovacuum would, and return a key of the storefront."""
    manage(environment, "warm_engine")
    manage(environment, "migrate", "--no-input")
    sizes = (f"--members={wanted.members}", f"--orders={wanted.orders}", f"--seed={wanted.seed}")
    manage(environment, "seed_network", *sizes, f"--shape={wanted.shape}")
    url = environment["DATABASE_URL"]
    ask(url, "VACUUM (ANALYZE)")
    ((storefront,),) = ask(url, "SELECT code FROM accounts_storefront ORDER BY id LIMIT 1")
    scopes = ("--scope", "orders:write", "--scope", "orders:read")
    return manage(environment, "issue_key", storefront, *scopes).strip()


def _ready(
    address: tuple[str, int],
    environment: Mapping[str, str],
    key: str,
    started: Mapping[str, subprocess.Popen[bytes]],
) -> Place:
    """Return the company once it answers and its figures are there."""
    roots = {name: process.pid for name, process in started.items()}
    place = Place(address, environment, key, roots)
    if postmaster := place.postmaster():
        roots["PostgreSQL"] = postmaster
    until(lambda: is_open(address), "the web process does not answer")
    if "worker" in started:
        place.manage("shell", "-c", "from commissions.tasks import sweep; sweep.delay()")
        place.wait_for_figures()
    return place


def until(condition: Callable[[], bool], otherwise: str) -> float:
    """Wait for something to become true; return the seconds. Too long ends it all with a word."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise SystemExit(f"bench: {otherwise}")
        time.sleep(0.2)
    return time.monotonic() - started


def is_open(address: tuple[str, int]) -> bool:
    """Tell whether somebody listens."""
    with suppress(OSError), socket.create_connection(address, timeout=2):
        return True
    return False


def start(
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    log: Path,
    *,
    within: tuple[str, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start Python, `within` a command that runs others; it writes to a log."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [*within, sys.executable, *arguments],
            cwd=machine.ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
