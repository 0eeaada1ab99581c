"""Generations: the sales of a leader's group pay the leaders above, so many of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.leading import LeadersWay, about_rank, less_leader, with_rank
from commissions.engine.bonuses.meeting import Meeting, qualified_for, unpaid_reasons
from commissions.engine.grades import Graded, Money, graded, money_of, table_of
from commissions.engine.ground import Ground
from commissions.engine.plan import GenerationRule
from commissions.engine.reasons import Outcome
from commissions.engine.rounding import PPM
from commissions.engine.snapshot import Flag
from commissions.engine.walking import Load, Round, Walk

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Places = NDArray[np.int16]


def walk_generation(ground: Ground, rule: GenerationRule) -> Walk:
    """Return the way up from leader to leader; the own group is generation 0."""
    base = ground.paying(rule)
    fraction = ground.plan.amount_of(PPM, rule.part_ppm)
    money = money_of(_all_rates(rule), fraction, base)
    return Walk(Load.of_sales(ground.sales, base), money, _rounds(ground, rule, money))


def _all_rates(rule: GenerationRule) -> Int64s:
    """Return every rate that may be paid, the group leader's taken off where the rule says so."""
    table = table_of(rule.rates)
    found = [table.ravel()]
    if rule.own_group is not None:
        found.append(table_of(rule.own_group).ravel())
    if rule.less_leader:
        found.append(less_leader(table.ravel()[:, None], table[:, 0][None, :], rule).ravel())
    return np.unique(np.concatenate(found))


def _rounds(ground: Ground, rule: GenerationRule, money: Money) -> Iterator[Round]:
    """Yield a round for the own groups and for each generation; by the earner's rank, each rank."""
    if not rule.leaders.rank_of_earner:
        yield from _rounds_of(ground, rule, money, 0)
        return
    for rank in range(1, len(ground.plan.ranks) + 1):
        yield from _rounds_of(ground, rule, money, rank)


def _rounds_of(ground: Ground, rule: GenerationRule, money: Money, rank: int) -> Iterator[Round]:
    way = LeadersWay.begin(ground, rule.leaders, rule.tree, rank)
    grades = graded(ground, rule.rates)
    meeting = Meeting.of(ground, rule, rule.compression, grades, money)
    leader, about = way.group_leader, about_rank(ground, rank)
    nothing = np.full(ground.size, -1, np.int16)
    yield _of_own_groups(ground, rule, money, way, rank)
    for generation in range(1, rule.rates.depth + 1):
        outcome, place = meeting.on(generation)
        outcome = way.only_leaders(outcome)
        found = way.go(outcome)
        if rule.less_leader:
            yield Round(generation, found, found, nothing, outcome=outcome, about=about)
            paid = with_rank(ground, np.where(outcome == Outcome.PAID, np.int16(0), nothing), rank)
            yield from _less_leader(rule, grades, money, generation, leader, found, paid)
        else:
            place = with_rank(ground, place, rank)
            yield Round(generation, found, found, place, outcome=outcome, about=about)


def _of_own_groups(
    ground: Ground, rule: GenerationRule, money: Money, way: LeadersWay, rank: int
) -> Round:
    """Return the round of generation 0, which pays group leaders if the rule says so."""
    leader = way.group_leader
    place = np.full(ground.size, -1, np.int16)
    outcome = np.full(ground.size, int(Outcome.GROUP_LEADER), np.uint8)
    if rule.own_group is not None:
        grades, qualified = graded(ground, rule.own_group), qualified_for(ground, rule)
        place = np.where(qualified, money.places(grades.column(1))[grades.grade], place)
        outcome = unpaid_reasons(ground, rule, grades.rates() > 0)
    outcome[~ground.allowed(Flag.OCCUPIES_LEVEL)] = int(Outcome.SKIPPED_STATE)
    return Round(
        0, leader, leader, with_rank(ground, place, rank), outcome=way.only_leaders(outcome),
        first=way.frame.parent if rule.leaders.sales_above else None, anew=True,
        about=about_rank(ground, rank),
    )  # fmt: skip


def _less_leader(
    rule: GenerationRule, grades: Graded, money: Money, generation: int, leader: Rows, found: Rows,
    paid: Places,
) -> Iterator[Round]:  # fmt: skip
    """Yield a round for each rate that is left when the group leaders' rates are taken off.

    `paid` is not below zero for who is paid by the table, whatever the own rate.
    """
    is_paid = np.append(paid, np.int16(-1))[found] >= 0
    rate = np.append(grades.rates(generation), 0)[found]
    less = less_leader(rate, np.append(grades.rates(1), 0)[leader], rule)
    covered = grades.column(generation)
    possible = less_leader(covered[covered >= 0][:, None], grades.column(1)[None, :], rule)
    for left in np.unique(possible[possible > 0])[::-1].tolist():
        earner = np.where(is_paid & (less == left), found, np.int32(-1))
        at = money.places(np.array([left]))[0]
        yield Round(generation, earner, earner, np.full(len(paid), at, np.int16))
