"""The plan as the rivals need it: thresholds and rates, read from the engine's own plan.

The rivals know plans of Evergreen's kind: activity by PV, ranks by PV, customers and GV, and one
unilevel with dynamic compression. Any other plan is refused, so that nothing is compared wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from commissions.engine.plan import (
    Asks,
    Compression,
    CustomersFigure,
    GradeBy,
    GroupFigure,
    Keeping,
    Plan,
    Rank,
    Rates,
    Requirements,
    SaleFigure,
    Scope,
    UnilevelRule,
    Whose,
)
from commissions.engine.rounding import PPM, Rounding
from commissions.plan import read_plan

PLAN_FILE: Final = Path(__file__).resolve().parents[2] / "plans" / "evergreen.toml"

# An earning: who, level, rate; then how many lines, the sum of their bases, of their amounts
EARNINGS: Final = np.dtype(
    [(name, "i8") for name in ("earner", "level", "rate_ppm", "lines", "base", "amount")]
)

_VOLUMES: Final = (
    SaleFigure("PV", 0, Whose.BOTH),
    SaleFigure("CV", 1, Whose.BOTH),
    GroupFigure("GV", 0, Scope.SELF_AND_DOWNLINE),
)
_NOTHING: Final = {"PV": 0, "GV": 0, "customers": 0, "active": 0}


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
    """Return a plan's thresholds and rates; refuse a plan of another kind."""
    unknown = [part for part, is_known in _parts(plan).items() if not is_known]
    if unknown:
        raise NotImplementedError(f"the rivals do not know this of {plan.name}: {unknown}")
    table = _bonus(plan).rates.table[0]
    return Rules(
        active_pv=_wanted(plan, plan.active[0])["PV"],
        customer_pv=_customers(plan)[0].at_least,
        ranks=tuple(_rank(plan, *each) for each in zip(plan.ranks, table[1:], strict=True)),
    )


def _bonus(plan: Plan) -> UnilevelRule:
    bonus = plan.bonuses[0]
    if not isinstance(bonus, UnilevelRule):
        raise NotImplementedError(f"the rivals do not know bonuses such as {bonus.name}")
    return bonus


def _customers(plan: Plan) -> list[CustomersFigure]:
    return [each for each in plan.figures if isinstance(each, CustomersFigure)]


def _parts(plan: Plan) -> dict[str, bool]:
    """Tell of each part of a plan whether it is what the rivals take for granted."""
    bonus, customers, active = _bonus(plan), _customers(plan), _wanted(plan, plan.active[0])
    only_bonus = UnilevelRule(
        name=bonus.name,
        pays_on=1,
        compression=Compression.DYNAMIC,
        rates=Rates(GradeBy.PAID_AS, bonus.rates.table),
    )
    return {
        "figures": plan.figures == (*_VOLUMES, *customers) and plan.columns == ("pv", "cv"),
        "customers": len(customers) == 1 and customers[0].of == 0,
        "keeping": plan.keeping == Keeping() and all(one.maintain == (None,) for one in plan.ranks),
        "money": plan.rounding == Rounding.HALF_AWAY and plan.amount_of(PPM) == (1, 1),
        "limits": plan.cap is None and not plan.deductions,
        "activity": active == _NOTHING | {"PV": active["PV"]},
        "bonuses": plan.bonuses == (only_bonus,) and not plan.markets,
    }


def _rank(plan: Plan, rank: Rank, rates_ppm: tuple[int, ...]) -> Wanted:
    need = _wanted(plan, rank.require[0])
    if not need["active"]:
        raise NotImplementedError(f"the rivals give {rank.name} to active members only")
    covered = tuple(rate for rate in rates_ppm if rate >= 0)
    return Wanted(need["PV"], need["customers"], need["GV"], covered)


def _wanted(plan: Plan, requirements: Requirements) -> Mapping[str, int]:
    """Return what is asked for, by what is asked about; 0 is nothing."""
    need = dict(_NOTHING)
    for requirement in requirements:
        if len(requirement.terms) != 1:
            raise NotImplementedError(f"the rivals do not know {requirement.phrase}")
        (term,) = requirement.terms
        figure = plan.figures[term.index]
        if term.asks == Asks.ACTIVE:
            need["active"] = term.need
        elif term.asks == Asks.AT_LEAST:
            need["customers" if isinstance(figure, CustomersFigure) else figure.name] = term.need
        else:
            raise NotImplementedError(f"the rivals do not know {requirement.phrase}")
    return need
