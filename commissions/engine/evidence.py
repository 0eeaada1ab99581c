"""Held against the books before a run counts: every line leads to a sale, and may be paid at all.

Everything is looked at for all lines of a bonus at once. The questions are asked anew: which
bonus decided what, and how, is not believed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.legs import in_legs, paid_in_legs
from commissions.engine.bonuses.meeting import active_for
from commissions.engine.bonuses.pool import fund_has_sales
from commissions.engine.bonuses.reward import rests_on_sales
from commissions.engine.carried import rows_of
from commissions.engine.earned import Direct, Evidence, Paid
from commissions.engine.errors import BooksBroken
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    FullLevelRule,
    MatchingRule,
    PayKind,
    PoolRule,
    RewardRule,
    StructureRule,
)
from commissions.engine.snapshot import Flag
from commissions.engine.sold import by_level, sale_numbers

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


def check_evidence(ground: Ground, paid: Mapping[int, Paid]) -> None:
    """Stop the run at a line that rests on no sale, or pays somebody who may not be paid.

    Lines of sales rest on theirs. `BooksBroken` names the bonus and one member.
    """
    for place, part in paid.items():
        pay = ground.plan.pays[place]
        good = np.ones(len(part.direct.earner), np.bool_)
        if pay.kind == PayKind.BONUS:
            rule = ground.plan.bonuses[pay.of]
            _check_who_is_paid(ground, rule, part)
            good = _rests_on_group(ground, rule, part.direct)
            if isinstance(rule, MatchingRule) and len(part.earned.earner):
                _check_matched(ground, rule, paid)
        good &= _rests_on_earnings(ground, part.direct, paid)
        _refuse(ground, pay.name, part.direct, good)


def _refuse(ground: Ground, name: str, lines: Direct, good: Bools) -> None:
    wrong = np.flatnonzero(~good)
    if len(wrong):
        member = ground.network.member[lines.earner[wrong[0]]]
        raise BooksBroken(f"{name}: a line of member {member} rests on no sale")


def _check_who_is_paid(ground: Ground, rule: BonusRule, part: Paid) -> None:
    """Nobody is paid who may not earn, or who is not active where that matters."""
    may = ground.allowed(Flag.EARNS) & active_for(ground, rule)
    for earner in (part.earned.earner, part.direct.earner[part.direct.amount > 0]):
        wrong = earner[~may[earner]]
        if len(wrong):
            member = ground.network.member[wrong[0]]
            raise BooksBroken(f"{rule.name}: member {member} is paid, who may not be")


def _check_matched(ground: Ground, rule: MatchingRule, paid: Mapping[int, Paid]) -> None:
    """Some bonus that is matched has lines, of this run or of a shorter period."""
    posted = set(ground.snapshot.posted.bonus.tolist())
    if not any(
        of in posted
        or (of in paid and (len(paid[of].earned.earner) or len(paid[of].direct.earner)))
        for of in rule.of
    ):
        raise BooksBroken(f"{rule.name}: what is matched was never paid")


def _rests_on_earnings(ground: Ground, lines: Direct, paid: Mapping[int, Paid]) -> Bools:
    """Tell whether the earnings that lines name are there; lines on something else are good."""
    good = np.ones(len(lines.earner), np.bool_)
    named = lines.evidence == int(Evidence.EARNINGS)
    for bonus in np.unique(lines.source_bonus[named]).tolist():
        here = named & (lines.source_bonus == bonus)
        good[here] = _have_earnings(ground, bonus, paid)[lines.source[here]]
    return good


def _have_earnings(ground: Ground, bonus: int, paid: Mapping[int, Paid]) -> Bools:
    """Tell who has lines of a bonus (-1: of any) that do not rest on the own earnings."""
    found = np.zeros(ground.size, np.bool_)
    for place, part in paid.items():
        pay = ground.plan.pays[place]
        if pay.kind == PayKind.BONUS and bonus in (pay.of, -1):
            found[part.earned.earner] = True
            lines = part.direct
            own = (lines.evidence == int(Evidence.EARNINGS)) & (lines.source == lines.earner)
            found[lines.earner[~own]] = True
    return found


def _rests_on_group(ground: Ground, rule: BonusRule, lines: Direct) -> Bools:
    """Tell whether lines on legs, levels, shapes, groups and pools have a sale there."""
    good = np.ones(len(lines.earner), np.bool_)
    if not len(good):
        return good
    if isinstance(rule, BinaryRule):
        return _has_legs(ground, rule)[lines.earner]
    if isinstance(rule, RewardRule):
        return rests_on_sales(ground, rule)[lines.earner]
    if isinstance(rule, PoolRule):
        return good & fund_has_sales(ground, rule)
    if isinstance(rule, FullLevelRule | StructureRule):
        return _has_levels(ground, rule, lines)
    return good


def _has_legs(ground: Ground, rule: BinaryRule) -> Bools:
    """Tell who has a sale of the period in the legs, or a lot carried in."""
    sales = sale_numbers(ground, paid_in_legs(ground, rule))
    left, right = in_legs(ground, rule, sales)
    number = left + right + (sales if rule.own_volume else 0)
    for side in ("left", "right"):
        row, _, _ = rows_of(ground, f"{rule.name}.{side}")
        number[row] += 1
    there: Bools = number > 0
    return there


def _has_levels(ground: Ground, rule: FullLevelRule | StructureRule, lines: Direct) -> Bools:
    """Tell which lines have a sale on their level; of a shape, also above it, down from oneself."""
    sales = sale_numbers(ground, ground.paying(rule) if rule.pays_on >= 0 else None)
    there = sales if isinstance(rule, StructureRule) else np.zeros(ground.size, np.int64)
    good = np.zeros(len(lines.earner), np.bool_)
    levels = by_level(ground.frame(rule.tree), sales)
    for level in range(1, int(lines.level.max()) + 1):
        on_level = next(levels)
        there = there + on_level if isinstance(rule, StructureRule) else on_level
        here = lines.level == level
        good[here] = there[lines.earner[here]] > 0
    return good
