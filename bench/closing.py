"""From PostgreSQL to PostgreSQL: a seeded company's month, refreshed live and closed.

Everything happens in two databases of the benchmark's own, which it makes on the server that
DATABASE_URL names, and drops: one that is seeded, and a copy of that for each repetition.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg2

from bench.machine import ROOT
from bench.memory import KEPT

AT: Final = "2026-10-31T22:00:00Z"


class Wrong(Exception):
    """A step failed, or what it found is not what another one found."""


@dataclass(frozen=True, slots=True)
class Closings:
    """What was measured: each repetition's refreshes and close, as `bench.stages` tells them."""

    members: int
    orders: int
    shape: str
    seed_seconds: float
    size: str
    refreshes: list[dict[str, Any]]
    closes: list[dict[str, Any]]
    verify_seconds: list[float]


def close_months(
    *,
    database_url: str,
    members: int,
    orders: int,
    shape: str,
    repeats: int,
    seed: int,
    say: Callable[[str], None],
) -> Closings:
    """Seed a company, then refresh, close and verify its month in fresh processes."""
    refreshes, closes, verified = [], [], []
    seeded_name, copy_name = (
        f"{urlsplit(database_url).path.strip('/')}_bench_{what}" for what in ("seeded", "copy")
    )
    with _server(database_url) as server, tempfile.TemporaryDirectory() as files:
        seeded = _environment(database_url, seeded_name, files)
        server.drop_if_there(copy_name, seeded_name)
        try:
            server.run(f'CREATE DATABASE "{seeded_name}"')
            seconds = _seed(seeded, members, orders, shape, seed, say)
            size = server.size_of(seeded_name)
            for number in range(1, repeats + 1):
                say(f"closing {number} of {repeats}")
                server.drop_if_there(copy_name)
                server.run(f'CREATE DATABASE "{copy_name}" TEMPLATE "{seeded_name}"')
                server.run("CHECKPOINT")
                environment = _environment(database_url, copy_name, files)
                refreshes.append(_step(environment, "refresh"))
                closes.append(_step(environment, "close"))
                verified.append(_verify(environment, closes[-1]["run"]))
                _same_total(refreshes[-1], closes[-1])
        finally:
            server.drop_if_there(copy_name, seeded_name)
    return Closings(members, orders, shape, seconds, size, refreshes, closes, verified)


def _seed(
    environment: dict[str, str],
    members: int,
    orders: int,
    shape: str,
    seed: int,
    say: Callable[[str], None],
) -> float:
    """Migrate and seed the database, and do what autovacuum would; return the seeding's time."""
    say(f"seeding {members:,} members, {orders:,} orders, {shape}")
    _manage(environment, "warm_engine")
    _manage(environment, "migrate", "--no-input")
    size = ["--members", str(members), "--orders", str(orders), "--shape", shape]
    started = perf_counter()
    _manage(environment, "seed_network", *size, "--seed", str(seed), "--at", AT)
    seconds = perf_counter() - started
    connection = psycopg2.connect(environment["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connection.close()
    return seconds


def _same_total(refreshed: dict[str, Any], closed: dict[str, Any]) -> None:
    """Refuse figures of runs that paid nothing, or not the same."""
    live, final = refreshed["again"]["total_minor"], closed["total_minor"]
    if live != final or not final:
        raise Wrong(f"the live figures were {live}, the final run paid {final}")


def _verify(environment: dict[str, str], run: int) -> float:
    started = perf_counter()
    _manage(environment, "verify_run", str(run))
    return perf_counter() - started


def _step(environment: dict[str, str], name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_python(environment, "-m", "bench.stages", name))
    return told


def _manage(environment: dict[str, str], *arguments: str) -> str:
    return _python(environment, "manage.py", *arguments)


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Wrong(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def _environment(database_url: str, database: str, files: str) -> dict[str, str]:
    return {
        **os.environ,
        **KEPT,
        "DATABASE_URL": urlsplit(database_url)._replace(path=f"/{database}").geturl(),
        "FROZEN_DIR": f"{files}/{database}",
        "LOG_LEVEL": "ERROR",
    }


class _Server:
    """The server's own commands, outside of any transaction."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def run(self, statement: str) -> None:
        """Run a statement."""
        self._cursor.execute(statement)

    def drop_if_there(self, *databases: str) -> None:
        """Drop databases of ours."""
        for database in databases:
            self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def size_of(self, database: str) -> str:
        """Return how large a database is, for people."""
        self._cursor.execute("SELECT pg_size_pretty(pg_database_size(%s))", [database])
        return str(self._cursor.fetchone()[0])


@contextmanager
def _server(database_url: str) -> Iterator[_Server]:
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield _Server(cursor)
    finally:
        connection.close()
