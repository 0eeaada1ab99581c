"""What was seen of live figures, as a page of documentation."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.live.load import percentile
from bench.live.watching import Reading
from bench.memory import MIB
from bench.tables import table

HEAD: Final = """# Live figures

Written by `./upline bench --live`; [measuring.md](measuring.md) says how it is taken.
{members:,} members ({shape}), {orders:,} orders in the open month before. Paid orders come in
over the API, {rate:,} a second one by one for {minutes:g} minutes, whether or not others were
answered; then {peak_rate:,} a second, {peak_batch} a request, for {peak_seconds} seconds; then
{rate:,} a second again.
Web, worker, PostgreSQL, Redis and the sender share the machine.
"""
LAGS: Final = """
## From the API's answer to the figure

Seconds. *Answer* is from the moment an order is due to its answer; *lag* from the answer to the
moment another session can read a publication that has the order, of every order; *figure* the
same for the PV of who is credited and the GV of who sits farthest above, read from the rows
themselves about once a second: each was the sum of what its publication had seen.
"""
MINUTES: Final = """
## Minute by minute

*Stages* are medians of the refreshes made, in seconds; sizes are of the live run's three tables.
"""
PARTS: Final = """
## Where the processor's time goes

Seconds of the processor a second of the clock, by part; the sender and those who look are one.
PostgreSQL is the whole server, with whatever else it does.
"""
SAME: Final = """
Afterwards a fresh process worked everything out anew: all rows of standings, earnings and state
were the same, to the cent.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What was seen of one stretch: seconds each, and of refreshes the seconds of each stage."""

    kind: str
    name: str
    seconds: float
    orders: int
    took: list[float]
    lags: list[float]
    figures: list[float]
    refreshes: list[Mapping[str, float]]


def page(
    asked: argparse.Namespace,
    facts: Mapping[str, str],
    parts: Sequence[Part],
    readings: Sequence[Reading],
    wrong: Sequence[str],
) -> str:
    """Return the whole page; what was wrong is said instead of what was the same."""
    said = SAME if not wrong else "\n" + "\n".join(f"**Wrong:** {what}" for what in wrong[:20])
    lines = [
        HEAD.format(**vars(asked)),
        *table(("measured", "on"), facts.items()),
        LAGS,
        *_lags(parts),
        said,
        MINUTES,
        *_minutes(parts, readings),
        PARTS,
        *_processor(parts, readings),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _lags(parts: Sequence[Part]) -> Iterator[str]:
    columns = [f"{what} {how}" for what in ("answer", "lag", "figure") for how in _HOW]
    yield from table(("", "orders", *columns), map(_lag, _kinds(parts)))


def _kinds(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts of each kind as one."""
    for kind in dict.fromkeys(part.kind for part in parts):
        its = [part for part in parts if part.kind == kind]
        yield Part(
            kind,
            kind,
            sum(part.seconds for part in its),
            sum(part.orders for part in its),
            [value for part in its for value in part.took],
            [value for part in its for value in part.lags],
            [value for part in its for value in part.figures],
            [value for part in its for value in part.refreshes],
        )


_STAGES: Final = ("read", "calculate", "write")
_HOW: Final = {"p50": 50, "p95": 95, "p99": 99, "max": 100}


def _lag(part: Part) -> Iterator[str]:
    yield part.name
    yield f"{part.orders:,}"
    for values in (part.took, part.lags, part.figures):
        for per_cent in _HOW.values():
            yield f"{percentile(values, per_cent):.2f}"


def _minutes(parts: Sequence[Part], readings: Sequence[Reading]) -> Iterator[str]:
    known = {name for part in parts for told in part.refreshes for name in told}
    stages = sorted(known, key=lambda name: (_STAGES.index(name) if name in _STAGES else 9, name))
    yield from table(
        ("", "orders", "lag p50", "p95", "max", "refreshes", *stages, "worker MiB", "tables MiB",
         "indexes MiB", "dead rows", "waiting", "WAL MiB"),
        (
            _minute(part, stages, before, after)
            for part, before, after in zip(parts, readings, readings[1:], strict=False)
        ),
    )  # fmt: skip


def _minute(part: Part, stages: Iterable[str], before: Reading, after: Reading) -> Iterator[str]:
    yield part.name
    yield f"{part.orders:,}"
    yield from (f"{percentile(part.lags, per_cent):.2f}" for per_cent in (50, 95, 100))
    yield f"{len(part.refreshes)}"
    for stage in stages:
        yield f"{percentile([told.get(stage, 0.0) for told in part.refreshes], 50):.2f}"
    yield from (f"{size / MIB:,.0f}" for size in (after.worker, after.tables, after.indexes))
    yield f"{after.dead_rows:,}"
    yield f"{after.changes:,}"
    yield f"{(after.wal - before.wal) / MIB:,.0f}"


def _processor(parts: Sequence[Part], readings: Sequence[Reading]) -> Iterator[str]:
    names = list(readings[0].processor) if readings else []
    used: dict[str, dict[str, float]] = {}
    seconds: dict[str, float] = {}
    for part, before, after in zip(parts, readings, readings[1:], strict=False):
        sums = used.setdefault(part.kind, dict.fromkeys(names, 0.0))
        for name in names:
            sums[name] += after.processor[name] - before.processor[name]
        seconds[part.kind] = seconds.get(part.kind, 0.0) + after.moment - before.moment
    yield from table(
        ("", *names, "all"),
        (
            (
                kind,
                *(f"{sums[name] / seconds[kind]:.2f}" for name in names),
                f"{sum(sums.values()) / seconds[kind]:.2f}",
            )
            for kind, sums in used.items()
        ),
    )
