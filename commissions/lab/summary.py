"""summary.json: what a run comes to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine import ENGINE_VERSION, Plan
from commissions.engine.digest import snapshot_digest
from commissions.engine.ground import Ground
from commissions.engine.plan import PayKind, SaleFigure, SaleMix
from commissions.lab.figures import figure, per_cent, points
from commissions.lab.outcome import Outcome

Int64s = NDArray[np.int64]


def summary_of(outcome: Outcome, result: str) -> dict[str, Any]:
    """Return the totals of a run; amounts are text, so that no reader makes floats of them.

    `paid` is what bonuses pay, `capped` and `deducted` what is taken off, `taken_back` what late
    returns take back, `earned` all of it together. The payout ratio is what is paid, caps off, of
    what the period's CV is worth. `result` is the digest of the result.
    """
    plan, clock, lines = outcome.plan, outcome.clock, outcome.lines
    sums = _sums(outcome)
    volumes = {name: _sold(outcome.result.ground, name) for name in ("PV", "CV")}
    kept = sums[PayKind.BONUS] + sums[PayKind.CAP] + sums[PayKind.PLAN_CAP]
    amounts = {
        "paid": sums[PayKind.BONUS],
        "capped": sums[PayKind.CAP] + sums[PayKind.PLAN_CAP],
        "deducted": sums[PayKind.DEDUCTION],
        "taken_back": int(lines.amount[_is_back(outcome)].sum()),
        "earned": int(lines.amount.sum()),
    }
    return {
        "plan": {
            "name": plan.name,
            "currency": plan.currency,
            "cadence": plan.cadence,
            "rounding": plan.rounding.name,
            "digest": plan.text_digest,
        },
        "period": {
            "start": clock.period.start.isoformat(),
            "end": clock.period.end.isoformat(),
            "cadence": clock.rhythm,
            "so_far_from": clock.counted.start.isoformat(),
        },
        "as_of": clock.as_of.isoformat(),
        "time_zone": clock.zone.key,
        "members": {
            "distributors": len(outcome.snapshot.member),
            "customers": len(outcome.people.ids) - len(outcome.snapshot.member),
        },
        "sales": {
            "sales": int((outcome.snapshot.pays & ~outcome.snapshot.late).sum()),
            "late_returns": len(outcome.late.returned),
        },
        "totals": {
            **{name.lower(): points(volume) for name, volume in volumes.items()},
            **{name: figure(amount, plan.exponent) for name, amount in amounts.items()},
            "earners": len(np.unique(lines.member)),
            "lines": len(lines),
        },
        "payout_ratio": _ratio(kept * plan.point_den * 100, volumes["CV"] * plan.point_num),
        **_by_name(outcome),
        "digests": {
            "input": snapshot_digest(outcome.snapshot, outcome.result.network),
            "result": result,
        },
        "engine": ENGINE_VERSION,
    }


def _is_back(outcome: Outcome) -> NDArray[np.bool_]:
    """Tell which lines take back."""
    return np.array([text != "" for text in outcome.lines.reverses], np.bool_)


def _sums(outcome: Outcome) -> dict[PayKind, int]:
    """Return what bonuses, caps and deductions come to, without what is taken back."""
    found = dict.fromkeys(PayKind, 0)
    for place, part in outcome.result.paid.items():
        found[outcome.plan.pays[place].kind] += part.total
    return found


def _sold(ground: Ground, name: str) -> int:
    """Return what the sales of the run's period have in a volume; 0 if it is no sale volume."""
    index = ground.plan.figure_index(name)
    if not isinstance(ground.plan.figures[index], SaleFigure | SaleMix):
        return 0
    at = ground.sales.at
    paid_on = ground.snapshot.pays[at] & ~ground.snapshot.late[at]
    return int(ground.base_of(index)[paid_on].sum())


def _ratio(paid: int, worth: int) -> str | None:
    """Return what is paid of what the period's points are worth, in per cent, cut at 4 decimals."""
    return per_cent(paid * 1_000_000 // worth) if worth > 0 and paid >= 0 else None


def _by_name(outcome: Outcome) -> dict[str, list[dict[str, str]]]:
    """Return what each bonus, cap and deduction comes to, what is taken back included."""
    plan, lines = outcome.plan, outcome.lines
    total = np.zeros(len(lines.names), np.int64)
    np.add.at(total, lines.name, lines.amount)
    groups: dict[str, list[dict[str, str]]] = {"bonuses": [], "caps": [], "deductions": []}
    for at, name in enumerate(lines.names):
        row = {"name": name, "amount": figure(int(total[at]), plan.exponent)}
        groups[_group(plan, at)].append(row)
    return groups


def _group(plan: Plan, at: int) -> str:
    """Return what a name is of; names of earlier plans stand with the bonuses."""
    kind = plan.pays[at].kind if at < len(plan.pays) else PayKind.BONUS
    if kind == PayKind.BONUS:
        return "bonuses"
    return "deductions" if kind == PayKind.DEDUCTION else "caps"
