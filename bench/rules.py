"""The plan as the rivals need it: thresholds and rates, read from the engine's own plan.

The rivals know plans of Evergreen's kind: activity by PV, ranks by PV, customers and GV, and one
unilevel with dynamic compression. Any other plan is refused, so that nothing is compared wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from commissions.engine.money import PPM, Rounding
from commissions.engine.plan import Asks, Compression, Plan, Rank, UnilevelRule
from commissions.plan import read_plan

PLAN_FILE: Final = Path(__file__).resolve().parents[1] / "plans" / "evergreen.toml"

# An earning: who, level, rate; then how many lines, the sum of their bases, of their amounts
EARNINGS: Final = np.dtype(
    [(name, "i8") for name in ("earner", "level", "rate_ppm", "lines", "base", "amount")]
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rank asks for besides being active, and the rates of the levels that it covers."""

    pv: int
    customers: int
    gv: int
    rates_ppm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds in hundredths of a point. A base times a rate in ppm is in millionths of a cent.

    An amount is that, halves up: no base of these months is negative.
    """

    active_pv: int
    customer_pv: int
    ranks: tuple[Wanted, ...]

    @property
    def depth(self) -> int:
        """Return how many levels the highest rank is paid on."""
        return max(len(rank.rates_ppm) for rank in self.ranks)


def bench_plan() -> Plan:
    """Return the plan that is measured."""
    return read_plan(PLAN_FILE.read_text(encoding="utf-8"))


def rules_of(plan: Plan) -> Rules:
    """Return a plan's thresholds and rates."""
    (bonus,), (count,), (active,) = plan.bonuses, plan.counts, plan.active
    if (
        not isinstance(bonus, UnilevelRule)
        or bonus.compression != Compression.DYNAMIC
        or plan.rounding != Rounding.HALF_AWAY
        or plan.amount_of(PPM) != (1, 1)
        or (active.asks, active.index) != (Asks.VOLUME, plan.volume_index("PV"))
    ):
        raise NotImplementedError(f"the rivals do not know plans such as {plan.name}")
    return Rules(
        active_pv=active.need,
        customer_pv=count.at_least,
        ranks=tuple(
            _wanted(plan, rank, tuple(rate for rate in rates if rate >= 0))
            for rank, rates in zip(plan.ranks, bonus.rates_ppm[1:], strict=True)
        ),
    )


def _wanted(plan: Plan, rank: Rank, rates_ppm: tuple[int, ...]) -> Wanted:
    need = {"PV": 0, "GV": 0, "customers": 0, "active": 0}
    for requirement in rank.require:
        if requirement.asks == Asks.VOLUME:
            need[plan.volumes[requirement.index].name] = requirement.need
        else:
            need["customers" if requirement.asks == Asks.CUSTOMERS else "active"] = requirement.need
    if not need["active"]:
        raise NotImplementedError(f"the rivals give {rank.name} to active members only")
    return Wanted(need["PV"], need["customers"], need["GV"], rates_ppm)
