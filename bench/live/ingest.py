"""`./upline bench --ingest`: how many orders a second come in over the API, one by one and in bulk.

Everything runs on this machine as docs/running.md has it: gunicorn, the live worker, PostgreSQL,
Redis, and the storefront that sends. So the processor's time for an order stands beside the rate.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import machine
from bench.live.company import Place, Wanted, company
from bench.live.load import Answers, send
from bench.live.shopping import in_bulk, made_orders, market_of, one_by_one, refused_orders
from bench.shell import asked_for
from bench.tables import table

QUICK: Final = {"members": 2_000, "orders": 2_000, "singly": 200, "bulk": 2_000, "repeats": 1}
FULL: Final = {
    "members": 1_000_000, "orders": 500_000, "singly": 3_000, "bulk": 60_000, "repeats": 3,
}  # fmt: skip
SINGLY: Final = "one by one"
IN_BULK: Final = "in bulk"
WARM_UP: Final = 200


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="./upline bench --ingest", description=__doc__)
    parser.add_argument("--members", type=int, help="in the network; default: 1,000,000")
    parser.add_argument("--orders", type=int, help="that are there before; default: 500,000")
    parser.add_argument("--singly", type=int, help="orders sent one by one; default: 3,000")
    parser.add_argument("--bulk", type=int, help="orders sent in bulk; default: 60,000")
    parser.add_argument("--repeats", type=int, help="the best counts; default: 3")
    parser.add_argument("--batch", type=int, default=1_000, help="orders in one request")
    parser.add_argument("--connections", type=int, default=8, help="that send one by one")
    parser.add_argument("--senders", type=int, default=3, help="connections that send in bulk")
    parser.add_argument("--without-worker", action="store_true", help="leave the live worker out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ingest", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run")
    return asked_for(parser, given, quick=QUICK, full=FULL)


def main(given: list[str]) -> int:
    """Measure and print a table; 1 if an order was not taken or figures did not follow."""
    asked = arguments(given)
    wanted = Wanted(
        "ingest", asked.members, asked.orders, asked.seed, has_worker=not asked.without_worker
    )
    with TemporaryDirectory() as files, company(wanted, Path(files)) as place:
        warm = measure(place, asked, SINGLY, WARM_UP) + measure(place, asked, IN_BULK, WARM_UP)
        tries = [
            measure(place, asked, SINGLY, asked.singly),
            measure(place, asked, IN_BULK, asked.bulk),
        ]
        behind = None if asked.without_worker else place.wait_for_figures()
        expected = asked.orders + sum(row.sent for rows in [warm, *tries] for row in rows)
        made = place.count_orders()
    print(report(asked, [rows[0] for rows in tries], behind))
    failed = sum(row.failed for rows in tries for row in rows)
    if failed or made != expected:
        print(f"bench: {failed} failed; {made} orders, not {expected}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class Row:
    """One try of one way to send: how it went, and the processor's time for an order, by part."""

    kind: str
    rate: float
    answers: Answers
    microseconds: Mapping[str, float]
    sent: int
    failed: int


def measure(place: Place, asked: argparse.Namespace, kind: str, count: int) -> list[Row]:
    """Return several tries, the best first."""
    expected = 201 if kind == SINGLY else 200
    lines = asked.connections if kind == SINGLY else asked.senders
    market, rows = market_of(place), []
    for attempt in range(asked.repeats):
        orders = made_orders(market, count, seed=asked.seed + attempt)
        if kind == SINGLY:
            requests = one_by_one(place, orders)
        else:
            requests = in_bulk(place, orders, asked.batch)
        before = place.processor_seconds()
        answers = send(place.address, iter(requests), connections=lines)
        after = place.processor_seconds()
        used = {name: (after[name] - before[name]) / count * 1e6 for name in after}
        refused = refused_orders(answers)
        for why in refused:
            print(f"bench: refused: {why}", file=sys.stderr)
        failed = len(requests) - answers.statuses[expected] + len(refused)
        rows.append(Row(kind, count / answers.seconds, answers, used, count, failed))
    return sorted(rows, key=lambda row: -row.rate)


def report(asked: argparse.Namespace, rows: list[Row], behind: float | None) -> str:
    """Return the table, with what it was measured on."""
    parts = list(rows[0].microseconds)
    head = [
        "sent",
        "orders a second",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        *(f"{part} µs" for part in parts),
    ]
    shown = (
        [
            row.kind,
            f"{row.rate:,.0f}",
            *(f"{row.answers.percentile(part) * 1000:.0f}" for part in (50, 95, 99)),
            *(f"{row.microseconds[part]:,.0f}" for part in parts),
        ]
        for row in rows
    )
    followed = "without the live worker" if behind is None else (
        f"live figures had everything {behind:.1f} s after the last answer"
    )  # fmt: skip
    return "\n".join(
        [
            f"{asked.members:,} members, {asked.orders:,} orders before; {asked.connections}"
            f" connections one by one, {asked.senders} in bulk, {asked.batch:,} orders a request;"
            f" best of {asked.repeats}; {followed}.",
            f"Commit {machine.commit()}; {os.cpu_count()} cores, load {machine.load()}.",
            "",
            *table(head, shown, to_the_right=True),
        ]
    )
