"""Everything at once: the plan of hybrid.toml, in a month to which the one before left its lots.

Each network is measured in a process of its own (`bench.stages`), so that its peak memory is its
own and memory is kept as a worker keeps it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from bench.children import step
from bench.engine.earnings import Best, best_of
from bench.engine.months import Month, make_month, snapshot_of
from bench.engine.placements import depths_of, grow
from bench.memory import KEPT, peak_mib
from commissions.engine import (
    Carried,
    Network,
    Placement,
    Plan,
    RunResult,
    Snapshot,
    Stage,
    calculate_run,
    order_network,
    order_trees,
)
from commissions.engine.frames import Frame
from commissions.plan import read_plan

PLAN_FILE: Final = Path(__file__).with_name("hybrid.toml")


@dataclass(frozen=True, slots=True)
class Size:
    """Which network is measured, and how often; the quickest repetition counts."""

    members: int
    orders: int
    shape: str
    seed: int
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a month took, what was in it, and how deep the trees are.

    `stages` are seconds by the clock of the quickest repetition.
    """

    size: Size
    order: Best
    trees: Best
    calculate: Best
    stages: dict[str, float]
    carried: int
    lines: int
    depth: int
    placed_depth: int
    peak_mib: float | None


def hybrid_plan() -> Plan:
    """Return the plan that is measured."""
    return read_plan(PLAN_FILE.read_text(encoding="utf-8"))


def placements_of(month: Month, seed: int) -> dict[str, Placement]:
    """Return everybody's place in the binary tree."""
    random = np.random.default_rng([seed, len(month.sponsor)])
    return {"binary": grow(month.sponsor.astype(np.int32), random)}


def month_of(size: Size, number: int) -> Month:
    """Return one of the months; all have the same network."""
    return make_month(
        members=size.members, orders=size.orders, shape=size.shape, seed=size.seed, number=number
    )


def a_month_older(carried: Carried) -> Carried:
    """Return what a run left as the next one takes it."""
    return replace(carried, age=np.where(carried.age >= 0, carried.age + 1, -1).astype(np.int32))


def measure(size: Size) -> Measured:
    """Measure the second month warm; in the first one every kernel is compiled."""
    plan, month = hybrid_plan(), month_of(size, 1)
    placements = placements_of(month, size.seed)
    carried = a_month_older(calculate_run(snapshot_of(month, placements), plan).carried)
    snapshot = snapshot_of(month_of(size, 2), placements, carried)
    order, network = best_of(size.repeats, lambda: order_network(snapshot.member, snapshot.sponsor))
    trees, frames = best_of(size.repeats, lambda: order_trees(snapshot, network, plan))
    quickest = Quickest()
    calculate, result = best_of(size.repeats, lambda: quickest.run(snapshot, plan, network, frames))
    return Measured(
        size, order, trees, calculate, quickest.best,
        carried=len(carried.value),
        lines=int(result.earnings.lines.sum()),
        depth=depths_of(network.sponsor).most,
        placed_depth=depths_of(frames[plan.tree_index("binary")].ordered_parent).most,
        peak_mib=peak_mib(),
    )  # fmt: skip


class Quickest:
    """Adds up the time of each stage, and keeps the times of the quickest run."""

    def __init__(self) -> None:
        self.best: dict[str, float] = {}

    def run(
        self, snapshot: Snapshot, plan: Plan, network: Network, frames: Mapping[int, Frame]
    ) -> RunResult:
        """Calculate a run, and note when it turns to what."""
        begun: list[tuple[Stage, float]] = []
        result = calculate_run(
            snapshot, plan, network, frames, lambda stage: begun.append((stage, perf_counter()))
        )
        ends = [at for _, at in begun[1:]] + [perf_counter()]
        found = {stage.value: 0.0 for stage in Stage}
        for (stage, at), end in zip(begun, ends, strict=True):
            found[stage.value] += end - at
        if not self.best or sum(found.values()) < sum(self.best.values()):
            self.best = found
        return result


def measure_apart(size: Size) -> Measured:
    """Measure in a process of its own, which keeps its memory; `ChildFailed` if it does not end."""
    told = step({**os.environ, **KEPT}, "hybrid", json.dumps(asdict(size)))
    for name in ("order", "trees", "calculate"):
        told[name] = Best(**told[name])
    return Measured(**(told | {"size": size}))
