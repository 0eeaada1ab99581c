"""The kinds of bonus, one file each. A new kind is a file and a line in `KINDS`.

A bonus's file has one public function, which returns its earnings; `record` makes it write single
lines too, and `trace` lets the same decisions tell why, for one sale.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from commissions.engine.bonuses.shape import Recorder, Summed, TraceStep
from commissions.engine.bonuses.unilevel import pay_unilevel, trace_unilevel
from commissions.engine.plan import BonusRule, UnilevelRule
from commissions.engine.standings import Ground


class Pay(Protocol):
    """Pays one bonus."""

    def __call__(self, ground: Ground, rule: Any, recorder: Recorder | None = None) -> Summed:
        """Return what each earner is paid; write single lines if there is a recorder."""


TraceSale = Callable[[Ground, Any, int], list[TraceStep]]

KINDS: dict[type[BonusRule], tuple[Pay, TraceSale]] = {
    UnilevelRule: (pay_unilevel, trace_unilevel),
}


def pay_bonus(ground: Ground, rule: BonusRule, recorder: Recorder | None = None) -> Summed:
    """Return the earnings of one bonus of the plan."""
    pay, _ = KINDS[type(rule)]
    return pay(ground, rule, recorder)


def trace_bonus(ground: Ground, rule: BonusRule, place: int) -> list[TraceStep]:
    """Return everybody met by the sale at a place of `ground.sales`, and what happened there."""
    _, trace = KINDS[type(rule)]
    return trace(ground, rule, place)
