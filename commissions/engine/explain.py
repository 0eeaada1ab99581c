"""Why, and why not: everybody a sale met on its way up, by the decision that also pays."""

from __future__ import annotations

from typing import NamedTuple

from commissions.engine.bonuses import trace_bonus
from commissions.engine.bonuses.shape import Outcome
from commissions.engine.lines import _place_of, ground_of
from commissions.engine.plan import Plan
from commissions.engine.run import RunResult
from commissions.engine.sales import arrange_sales
from commissions.engine.snapshot import Snapshot

__all__ = ["Outcome", "Trace", "explain_sale"]


class Trace(NamedTuple):
    """One upline met by a sale for one bonus.

    `member` is the number outside, `level` the level that was to be paid when they were met.
    `rate_ppm` and `amount` are zero unless the outcome is `PAID`.
    """

    bonus: int
    member: int
    level: int
    outcome: Outcome
    rate_ppm: int
    base: int
    amount: int


def explain_sale(snapshot: Snapshot, plan: Plan, result: RunResult, sale: int) -> list[Trace]:
    """Return everybody whom a sale (by its number) met, bonus by bonus, nearest first.

    `KeyError` if there is no such sale. It ends where the bonus's last level is used up.
    """
    sales = arrange_sales(snapshot, result.network, _place_of(snapshot, sale))
    ground = ground_of(snapshot, plan, result, sales)
    return [
        Trace(
            index, int(result.member[met.row]), met.level, met.outcome, met.rate_ppm, met.base,
            met.amount,
        )
        for index, rule in enumerate(plan.bonuses)
        for met in trace_bonus(ground, rule, 0)
    ]  # fmt: skip
