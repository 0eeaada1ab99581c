"""The engine alone, over networks larger than any company's: generated arrays, one process, once.

No database is asked, and no line is written down: what a month comes to for everybody, summed per
earner, level and rate, with volumes, activity, ranks and every line rounded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from bench.children import step
from bench.engine.earnings import Best, best_of
from bench.engine.hybrid import Size
from bench.engine.months import make_month, snapshot_of
from bench.engine.rules import bench_plan
from bench.memory import KEPT, MIB, peak_mib
from bench.tables import table
from commissions.engine import Snapshot, calculate_run, order_network

_SMALL: Final = 1_000

HEAD: Final = """
## The engine alone, at the size of the world

The same plan and the same kind of month, once, in a process of its own on two cores; in brackets is
the processor's time of both together. The member's share of the peak memory has in it the month's
arrays and what is found; the process itself, with all that it has imported, is taken off.
"""


@dataclass(frozen=True, slots=True)
class Alone:
    """How long the engine took for a month, how much it paid on, and the memory of all that.

    `bare_mib` is the peak memory before there were any arrays.
    """

    size: Size
    order: Best
    calculate: Best
    earnings: int
    lines: int
    bare_mib: float | None
    peak_mib: float | None


def measure(size: Size) -> Alone:
    """Measure once; every kernel has been compiled by a small month before."""
    plan = bench_plan()
    calculate_run(_snapshot(Size(_SMALL, 2 * _SMALL, size.shape, size.seed)), plan)
    bare = peak_mib()
    snapshot = _snapshot(size)
    order, network = best_of(1, lambda: order_network(snapshot.member, snapshot.sponsor))
    calculate, result = best_of(1, lambda: calculate_run(snapshot, plan, network))
    return Alone(
        size, order, calculate,
        earnings=len(result.earnings.earner),
        lines=int(result.earnings.lines.sum()),
        bare_mib=bare,
        peak_mib=peak_mib(),
    )  # fmt: skip


def _snapshot(size: Size) -> Snapshot:
    return snapshot_of(
        make_month(members=size.members, orders=size.orders, shape=size.shape, seed=size.seed)
    )


def measure_apart(size: Size) -> Alone:
    """Measure in a process of its own; `ChildFailed` if it does not end, as for lack of memory.

    Other than a worker it hands memory back: at such sizes there is none to spare.
    """
    environment = {name: value for name, value in os.environ.items() if name not in KEPT}
    told = step(environment, "alone", json.dumps(asdict(size)))
    for name in ("order", "calculate"):
        told[name] = Best(**told[name])
    return Alone(**(told | {"size": size}))


def section(measured: Alone) -> Iterator[str]:
    """Yield the page's lines about it."""
    size, peak = measured.size, measured.peak_mib
    yield HEAD
    yield from table(
        ("shape", "members", "orders", "lines", "order", "calculate", "peak memory", "a member"),
        [
            (
                size.shape,
                *(f"{number:,}" for number in (size.members, size.orders, measured.lines)),
                *(_seconds(took) for took in (measured.order, measured.calculate)),
                "not visible" if peak is None else f"{peak / 1024:.1f} GiB",
                _by_member(measured),
            )
        ],
    )


def _seconds(took: Best) -> str:
    return f"{took.wall:.1f} ({took.work:.1f})"


def _by_member(measured: Alone) -> str:
    if measured.peak_mib is None or measured.bare_mib is None:
        return "not visible"
    return f"{(measured.peak_mib - measured.bare_mib) * MIB / measured.size.members:.0f} bytes"
