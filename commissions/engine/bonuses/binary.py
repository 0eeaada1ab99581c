"""Binary: two legs are paired, and what nobody used is carried to the next period."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.legs import lay_legs
from commissions.engine.bonuses.lots import Lots
from commissions.engine.bonuses.meeting import qualified_for
from commissions.engine.bonuses.pairing import has_pay, pair
from commissions.engine.earned import Left, Paid
from commissions.engine.ground import Ground
from commissions.engine.plan import BinaryRule
from commissions.engine.reasons import Outcome

Int64s = NDArray[np.int64]

CARRY, ADD_NOTHING, LOSE_STRONGER, LOSE_BOTH, USE_UP = range(5)
"""`BinaryRule.unqualified`."""
BOTH_LEGS, WEAKER_LEG, NO_LEG = range(3)
"""`BinaryRule.carry`."""


Watch = Callable[[Outcome, Lots, Lots], None]
"""Is shown both legs after each thing that happened to them."""


def pay_binary(ground: Ground, rule: BinaryRule, watch: Watch = lambda *_: None) -> Paid:
    """Return what each earner is paid on the two legs, and the lots that are carried on."""
    paid = qualified_for(ground, rule) & has_pay(ground, rule)
    everybody = np.ones(ground.size, np.bool_)
    left, right = lay_legs(ground, rule, paid if rule.unqualified == ADD_NOTHING else everybody)
    watch(Outcome.LOST, left, right)
    has_left, has_right = left.has(), right.has()
    watch(Outcome.MADE_GOOD, left, right)
    paired = pair(
        ground, rule, has_left, has_right, everybody if rule.unqualified == USE_UP else paid, paid
    )
    left.take(paired.left)
    right.take(paired.right)
    watch(Outcome.PAIRED, left, right)
    has_left, has_right = has_left - paired.left, has_right - paired.right
    if rule.unqualified in (LOSE_STRONGER, LOSE_BOTH):
        stronger = has_left >= has_right
        loses_left = ~paid & (stronger | (rule.unqualified == LOSE_BOTH))
        loses_right = ~paid & (~stronger | (rule.unqualified == LOSE_BOTH))
        left.lose(loses_left)
        right.lose(loses_right)
        has_left, has_right = np.where(loses_left, 0, has_left), np.where(loses_right, 0, has_right)
    watch(Outcome.LOST, left, right)
    _carry(rule, left, right, has_left, has_right, watch)
    return Paid(direct=paired.lines, left=_left(rule, left, right, paired.cycles))


def _carry(
    rule: BinaryRule, left: Lots, right: Lots, has_left: Int64s, has_right: Int64s, watch: Watch
) -> None:
    """Take away what is not carried; also from those who were not paired."""
    if rule.carry == WEAKER_LEG:
        left.lose(has_left > has_right)
        right.lose(has_right > has_left)
    elif rule.carry == NO_LEG:
        everybody = np.ones(len(has_left), np.bool_)
        left.lose(everybody)
        right.lose(everybody)
    watch(Outcome.FLUSHED, left, right)
    if rule.carry_most:
        left.keep_most(rule.carry_most)
        right.keep_most(rule.carry_most)
    watch(Outcome.FULL, left, right)


def _left(rule: BinaryRule, left: Lots, right: Lots, cycles: Int64s) -> tuple[Left, ...]:
    found = (left.left("left"), right.left("right"))
    if not rule.steps_for_good:
        return found
    row = np.flatnonzero(cycles).astype(np.int32)
    return (*found, Left("cycles", row, -1, cycles[row]))
