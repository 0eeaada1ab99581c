"""One run, from a snapshot to earnings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses import pay_bonus
from commissions.engine.bonuses.shape import Summed
from commissions.engine.errors import BooksBroken
from commissions.engine.network import Network, order_network
from commissions.engine.plan import Do, Plan
from commissions.engine.sales import arrange_sales
from commissions.engine.snapshot import Flag, Snapshot
from commissions.engine.standings import (
    Ground,
    Standings,
    lay_ground,
    work_out_active,
    work_out_ranks,
    work_out_volume,
)

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Earnings:
    """Sums of rounded lines, in the order of earner (network row), bonus and level.

    `base` is in hundredths of a point, `amount` in the currency's smallest unit.
    """

    earner: Rows
    bonus: NDArray[np.int16]
    level: NDArray[np.int16]
    rate_ppm: Rows
    base: Int64s
    amount: Int64s
    lines: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """What a run found. Rows are in network order: `network.member` has the outside numbers."""

    network: Network
    standings: Standings
    earnings: Earnings
    total: int

    @property
    def member(self) -> Int64s:
        """Return the outside number of each row."""
        return self.network.member


@kernel
def _merge(
    n: int, earner: Rows, bonus: NDArray[np.int16], level: NDArray[np.int16], rate_ppm: Rows,
    base: Int64s, amount: Int64s, lines: Int64s,
) -> tuple[Rows, NDArray[np.int16], NDArray[np.int16], Rows, Int64s, Int64s, Int64s]:  # fmt: skip
    """Put rows in the order of earner, keeping the order in which an earner's rows came."""
    size = len(earner)
    cursor = np.zeros(n + 1, np.int64)
    for i in range(size):
        cursor[earner[i] + 1] += 1
    for row in range(n):
        cursor[row + 1] += cursor[row]
    out_earner, out_rate = np.empty(size, np.int32), np.empty(size, np.int32)
    out_bonus, out_level = np.empty(size, np.int16), np.empty(size, np.int16)
    out_base, out_amount = np.empty(size, np.int64), np.empty(size, np.int64)
    out_lines = np.empty(size, np.int64)
    for i in range(size):
        at = cursor[earner[i]]
        cursor[earner[i]] += 1
        out_earner[at], out_bonus[at], out_level[at] = earner[i], bonus[i], level[i]
        out_rate[at], out_lines[at] = rate_ppm[i], lines[i]
        out_base[at], out_amount[at] = base[i], amount[i]
    return out_earner, out_bonus, out_level, out_rate, out_base, out_amount, out_lines


def merge_by_earner(n: int, parts: list[tuple[int, Summed]]) -> Earnings:
    """Return the earnings of several bonuses together; `parts` are in the order of the plan."""
    summed = [part for _, part in parts] or [EMPTY]
    bonus = np.repeat(
        np.array([index for index, _ in parts] or [0], np.int16),
        [len(part.earner) for part in summed],
    )
    return Earnings(
        *_merge(
            n,
            np.concatenate([part.earner for part in summed]),
            bonus,
            np.concatenate([part.level for part in summed]),
            np.concatenate([part.rate_ppm for part in summed]),
            np.concatenate([part.base for part in summed]),
            np.concatenate([part.amount for part in summed]),
            np.concatenate([part.lines for part in summed]),
        )
    )


EMPTY = Summed(
    earner=np.zeros(0, np.int32),
    level=np.zeros(0, np.int16),
    rate_ppm=np.zeros(0, np.int32),
    base=np.zeros(0, np.int64),
    amount=np.zeros(0, np.int64),
    lines=np.zeros(0, np.int64),
)


def calculate_run(snapshot: Snapshot, plan: Plan, network: Network | None = None) -> RunResult:
    """Work out a run. The same snapshot and plan always give the same figures, in the same order.

    `network` is `order_network(snapshot.member, snapshot.sponsor)`, if it is at hand already.
    """
    network = network or order_network(snapshot.member, snapshot.sponsor)
    ground = lay_ground(snapshot, network, plan, arrange_sales(snapshot, network))
    parts: list[tuple[int, Summed]] = []
    for step in plan.steps:
        if step.do == Do.VOLUME:
            work_out_volume(ground, step.index)
        elif step.do == Do.ACTIVE:
            work_out_active(ground)
        elif step.do == Do.RANKS:
            work_out_ranks(ground)
        else:
            parts.append((step.index, pay_bonus(ground, plan.bonuses[step.index])))
    parts.sort(key=lambda part: part[0])
    earnings = merge_by_earner(len(network.member), parts)
    total = int(earnings.amount.sum())
    check_result(ground, earnings, sum(int(part.amount.sum()) for _, part in parts))
    return RunResult(network, ground.standings, earnings, total)


def check_result(ground: Ground, earnings: Earnings, expected: int) -> None:
    """Stop the run if somebody is paid who may not be, or if the sums do not agree."""
    payable = ground.standings.active & ground.allowed(Flag.EARNS)
    if not payable[earnings.earner].all():
        raise BooksBroken("somebody was paid who is inactive or may not earn")
    if int(earnings.amount.sum()) != expected:
        raise BooksBroken("the earnings are not the sum of the bonuses")
