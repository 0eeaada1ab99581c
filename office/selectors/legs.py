"""What the two legs of a binary carry on: volume that nobody used yet."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import BinaryRule
from commissions.models import Run
from commissions.selectors import ranks, standings
from distributors.models import Member


@dataclass(frozen=True, slots=True)
class Legs:
    """One binary bonus: what each leg carries into the next period, in hundredths of a point."""

    bonus: str
    unit: str
    left: int
    right: int


def legs_of(run: Run, member: Member) -> list[Legs]:
    """Return what a run leaves in a member's legs. One query, and only in plans with a binary."""
    plan = ranks.plan_of(run)
    rules = [rule for rule in plan.bonuses if isinstance(rule, BinaryRule)]
    if not rules:
        return []
    carried: dict[str, int] = {}
    for key, _, value in standings.state_left(run, member):
        if isinstance(value, int):
            carried[key] = carried.get(key, 0) + value
    return [
        Legs(
            rule.name,
            plan.figures[rule.pays_on].name,
            carried.get(f"{rule.name}.left", 0),
            carried.get(f"{rule.name}.right", 0),
        )
        for rule in rules
    ]
