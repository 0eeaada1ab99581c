"""The engine's side of the comparison, and what it means to agree: to the cent, for everybody."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Final, TypeVar

import numpy as np

from bench.engine.months import Month, snapshot_of
from bench.engine.rules import EARNINGS
from commissions.engine import Plan, RunResult, calculate_run, lines_of, order_network
from mlm.copying import Rows

Result = TypeVar("Result")
_KEY: Final = ("earner", "level", "rate_ppm")


@dataclass(frozen=True, slots=True)
class Best:
    """The quickest of several repetitions: seconds by the clock, and of this process's own work.

    On a machine that is busy with other things the second figure says what a quiet one would need.
    """

    wall: float
    work: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the engine took for a month, stage by stage, and what it paid."""

    order: Best
    calculate: Best
    lines: Best
    lines_count: int
    earnings: Rows


@dataclass(frozen=True, slots=True)
class Paid:
    """What another way paid, in how many seconds, and the peak memory of its processes."""

    rows: Rows
    seconds: float
    client_mib: float | None = None
    server_mib: float | None = None


def best_of(repeats: int, job: Callable[[], Result]) -> tuple[Best, Result]:
    """Run a job several times; return the best times and the last result."""
    walls, works = [], []
    results: list[Result] = []
    for _ in range(repeats):
        results.clear()
        gc.collect()
        wall, work = perf_counter(), process_time()
        results.append(job())
        walls.append(perf_counter() - wall)
        works.append(process_time() - work)
    return Best(min(walls), min(works)), results[0]


def measure(month: Month, plan: Plan, *, repeats: int) -> Measured:
    """Measure ordering the network, calculating, and every single line, each warm."""
    snapshot = snapshot_of(month)
    order, network = best_of(repeats, lambda: order_network(snapshot.member, snapshot.sponsor))
    calculate, result = best_of(repeats, lambda: calculate_run(snapshot, plan, network))
    every_line, lines = best_of(max(repeats // 2, 1), lambda: lines_of(result))
    return Measured(order, calculate, every_line, len(lines.amount), earnings_of(result))


def pay_once(month: Month, plan: Plan) -> Paid:
    """Put the network in order and calculate, as a process does that does nothing else."""
    snapshot = snapshot_of(month)
    started = perf_counter()
    result = calculate_run(snapshot, plan, order_network(snapshot.member, snapshot.sponsor))
    return Paid(earnings_of(result), perf_counter() - started)


def earnings_of(result: RunResult) -> Rows:
    """Return a result's sums as all ways have them."""
    found = result.earnings
    rows = np.empty(len(found.earner), dtype=EARNINGS)
    rows["earner"] = result.member[found.earner]
    for name in ("level", "rate_ppm", "lines", "base", "amount"):
        rows[name] = getattr(found, name)
    return rows


class Disagreement(Exception):
    """Two ways of working out the same month differ."""


def agree(ours: Rows, theirs: Rows, *, who: str) -> None:
    """Refuse to go on unless every earner has the same sums on every level."""
    ours, theirs = (
        rows[np.lexsort([rows[name] for name in reversed(_KEY)])] for rows in (ours, theirs)
    )
    if len(ours) != len(theirs):
        raise Disagreement(f"{who}: {len(theirs):,} sums where the engine has {len(ours):,}")
    wrong = np.flatnonzero(ours != theirs)
    if len(wrong):
        first = wrong[0]
        raise Disagreement(f"{who}: {len(wrong):,} sums differ: {theirs[first]}, not {ours[first]}")
    if not len(ours):
        raise Disagreement(f"{who}: nobody was paid, so nothing was compared")
