"""The guarantee of a generation bonus: what a leader's group is short of moves up, bottom first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.leading import LeadersWay, less_leader
from commissions.engine.bonuses.meeting import Meeting
from commissions.engine.earned import Direct, Earned, Evidence, direct_lines
from commissions.engine.grades import graded
from commissions.engine.ground import Ground
from commissions.engine.money import check_bounds, share
from commissions.engine.plan import GenerationRule
from commissions.engine.reasons import Outcome
from commissions.engine.walking import Round, Walk, pay_rounds

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Places = NDArray[np.int16]


@kernel
def _settle(order: Rows, upline: Rows, brought: Int64s, received: Int64s, need: Int64s) -> Int64s:
    """Return what moves from each leader to the upline; `order` has leaders bottom first.

    >>> order, upline = np.array([2, 1, 0], np.int32), np.array([-1, 0, 1], np.int32)
    >>> _settle(order, upline, np.array([0, 240, 440]), np.array([240, 440, 0]),
    ...         np.array([0, 400, 400]))
    array([  0, 160,   0])
    """
    moved = np.zeros(len(upline), np.int64)
    have = received.copy()
    for i in range(len(order)):
        at = order[i]
        above = upline[at]
        if above < 0 or need[at] <= brought[at] or have[at] <= 0:
            continue
        moved[at] = min(need[at] - brought[at], have[at])
        have[at] -= moved[at]
        have[above] += moved[at]
    return moved


def settle_guarantee(ground: Ground, rule: GenerationRule, walk: Walk, earned: Earned) -> Direct:
    """Return the lines by which shortfalls move: one from each leader, one to the upline."""
    load, money = walk.load, walk.money
    way = LeadersWay.begin(ground, rule.leaders, rule.tree)
    leader = way.group_leader
    grades = graded(ground, rule.rates)
    outcome, _ = Meeting.of(ground, rule, rule.compression, grades, money).on(1)
    leads, frame = way.leads, way.frame
    way.found = _themselves(way)
    upline = way.go(way.only_leaders(outcome))
    paid = leads & (np.append(outcome, np.uint8(Outcome.NOT_COVERED))[upline] == Outcome.PAID)
    ppm = np.append(grades.rates(1), 0)[upline]
    if rule.less_leader:
        ppm = less_leader(ppm, grades.rates(1), rule)
    rate = np.where(paid, money.places(ppm), np.int16(-1))
    brought, received = np.zeros(ground.size, np.int64), np.zeros(ground.size, np.int64)
    group = pay_rounds(load, [Round(1, leader, leader, rate)], money, int(ground.plan.rounding))
    brought[group.earner] = group.amount
    first = earned.level == 1
    np.add.at(received, earned.earner[first], earned.amount[first])
    need = np.zeros(ground.size, np.int64)
    for at in range(len(money.ppm)):
        check_bounds(rule.guarantee, int(money.num[at]), int(money.den[at]))
        need[rate == at] = share(
            rule.guarantee,
            money.num[at],
            money.den[at],
            int(ground.plan.rounding),
            False,
        )
    bottom_first = np.arange(ground.size, dtype=np.int32) if frame.row is None else frame.row
    moved = _settle(
        bottom_first[::-1], np.where(paid, upline, np.int32(-1)), brought, received, need
    )
    return _moves(ground, rule, moved, upline)


def _themselves(way: LeadersWay) -> Rows:
    """Return every row as its own place on the way: the next leader is looked for above it."""
    return np.arange(len(way.found), dtype=np.int32)


def _moves(ground: Ground, rule: GenerationRule, moved: Int64s, upline: Rows) -> Direct:
    giver = np.flatnonzero(moved).astype(np.int32)
    bonus = ground.plan.bonuses.index(rule)
    lines = [
        direct_lines(earner, amount, Evidence.EARNINGS, level=1, source=giver, source_bonus=bonus)
        for earner, amount in ((giver, -moved[giver]), (upline[giver], moved[giver]))
    ]
    return Direct.together(lines)
