"""From PostgreSQL to PostgreSQL: a seeded company's month, refreshed live and closed.

Everything happens in two databases of the benchmark's own, which it makes on the server that
DATABASE_URL names, and drops: one that is seeded, and a copy of that for each repetition.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from bench.children import manage, step
from bench.databases import ask, own_database
from bench.engine.earnings import Disagreement
from bench.memory import KEPT
from bench.shell import Say

AT: Final = "2026-10-31T22:00:00Z"


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
    say: Say,
) -> Closings:
    """Seed a company, then refresh, close and verify its month in fresh processes."""
    refreshes, closes, verified = [], [], []
    with (
        tempfile.TemporaryDirectory() as files,
        own_database(database_url, "bench_seeded") as seeded,
    ):
        seconds = _seed(_environment(seeded, f"{files}/seeded"), members, orders, shape, seed, say)
        ((size,),) = ask(seeded, "SELECT pg_size_pretty(pg_database_size(current_database()))")
        for number in range(1, repeats + 1):
            say(f"closing {number} of {repeats}")
            with own_database(database_url, "bench_copy", copy_of=seeded) as copy:
                ask(copy, "CHECKPOINT")
                environment = _environment(copy, f"{files}/{number}")
                refreshes.append(step(environment, "refresh"))
                closes.append(step(environment, "close"))
                verified.append(_verify(environment, closes[-1]["run"]))
                _same_total(refreshes[-1], closes[-1])
    return Closings(members, orders, shape, seconds, size, refreshes, closes, verified)


def _seed(
    environment: dict[str, str],
    members: int,
    orders: int,
    shape: str,
    seed: int,
    say: Say,
) -> float:
    """Migrate and seed the database, and do what autovacuum would; return the seeding's time."""
    say(f"seeding {members:,} members, {orders:,} orders, {shape}")
    manage(environment, "warm_engine")
    manage(environment, "migrate", "--no-input")
    size = ["--members", str(members), "--orders", str(orders), "--shape", shape]
    started = perf_counter()
    manage(environment, "seed_network", *size, "--seed", str(seed), "--at", AT)
    seconds = perf_counter() - started
    ask(environment["DATABASE_URL"], "VACUUM (ANALYZE)")
    return seconds


def _same_total(refreshed: dict[str, Any], closed: dict[str, Any]) -> None:
    """Refuse figures of runs that paid nothing, or not the same."""
    live, final = refreshed["again"]["total_minor"], closed["total_minor"]
    if live != final or not final:
        raise Disagreement(f"the live figures were {live}, the final run paid {final}")


def _verify(environment: dict[str, str], run: int) -> float:
    started = perf_counter()
    manage(environment, "verify_run", str(run))
    return perf_counter() - started


def _environment(database_url: str, files: str) -> dict[str, str]:
    kept = {**os.environ, **KEPT}
    return {**kept, "DATABASE_URL": database_url, "FROZEN_DIR": files, "LOG_LEVEL": "ERROR"}
