"""Matching: what a member is paid goes up like an own order, and so many levels are paid of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.leading import LeadersWay, about_rank, with_rank
from commissions.engine.bonuses.meeting import Meeting
from commissions.engine.bonuses.unilevel import Steps
from commissions.engine.grades import Money, graded, money_of, table_of
from commissions.engine.ground import Ground
from commissions.engine.plan import Leaders, MatchingRule
from commissions.engine.reasons import Outcome
from commissions.engine.rounding import PPM, reduced
from commissions.engine.snapshot import Flag
from commissions.engine.walking import Load, Round, Walk

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def walk_matching(
    ground: Ground, rule: MatchingRule, matched: Mapping[int, Int64s], *, telling: bool = False
) -> Walk:
    """Return the way up of what is matched: by bonus, what each row is paid by it.

    `telling`: with rounds that pay nobody, and only say who is met below the first generation.
    """
    load, _ = matched_load(rule, matched, ground.size)
    table, fraction = table_of(rule.rates), reduced(rule.part_ppm, PPM)
    money = money_of(table, fraction, load.base)
    return Walk(load, money, _rounds(ground, rule, money, telling=telling))


def matched_load(
    rule: MatchingRule, matched: Mapping[int, Int64s], n: int
) -> tuple[Load, NDArray[np.int16]]:
    """Return what goes up, one base for each member and bonus, and the bonus of each.

    Bases are in the currency's smallest unit and stand as own orders.
    """
    paid = np.array([matched[bonus] for bonus in rule.of], np.int64).reshape(len(rule.of), n)
    start, base, which = _loaded(paid, int(np.count_nonzero(paid)))
    return Load(start, start[1:], base), np.array(rule.of, np.int16)[which]


@kernel
def _loaded(paid: Int64s, size: int) -> tuple[Int64s, Int64s, NDArray[np.int16]]:
    """Return where each row's bases start, what is not 0 row by row, and from which column it is.

    >>> _loaded(np.array([[5, 0, 7], [6, 0, 0]]), 3)
    (array([0, 2, 2, 3, 3]), array([5, 6, 7]), array([0, 1, 0], dtype=int16))
    """
    n = paid.shape[1]
    start = np.empty(n + 2, np.int64)
    base, which = np.empty(size, np.int64), np.empty(size, np.int16)
    k = 0
    for row in range(n):
        start[row] = k
        for column in range(len(paid)):
            if paid[column, row] != 0:
                base[k], which[k] = paid[column, row], column
                k += 1
    start[n], start[n + 1] = k, k
    return start, base, which


def _rounds(ground: Ground, rule: MatchingRule, money: Money, *, telling: bool) -> Iterator[Round]:
    """Yield a round for each level or generation."""
    grades = graded(ground, rule.rates)
    meeting = Meeting.of(ground, rule, rule.compression, grades, money)
    frame = ground.frame(rule.tree)
    if rule.leaders is None:
        steps = Steps(ground, frame, frame.ordered_parent)
        for level in range(1, rule.rates.depth + 1):
            outcome, place = meeting.on(level)
            found = steps.go(outcome)
            yield Round(level, found, found, place, frame.parent, outcome=outcome)
        return
    ranks = range(1, len(ground.plan.ranks) + 1) if rule.leaders.rank_of_earner else (0,)
    for rank in ranks:
        way = LeadersWay.begin(ground, rule.leaders, rule.tree, rank)
        about = about_rank(ground, rank) if telling else None
        if telling:
            yield _of_groups(ground, rule.leaders, way, about)
        for generation in range(1, rule.rates.depth + 1):
            outcome, place = meeting.on(generation)
            outcome = way.only_leaders(outcome)
            found = way.go(outcome)
            place = with_rank(ground, place, rank)
            yield Round(generation, found, found, place, outcome=outcome, about=about)


def _of_groups(ground: Ground, leaders: Leaders, way: LeadersWay, about: Bools | None) -> Round:
    """Return the round of the groups that earners are in: it pays nobody."""
    outcome = np.full(ground.size, int(Outcome.GROUP_LEADER), np.uint8)
    outcome[~ground.allowed(Flag.OCCUPIES_LEVEL)] = int(Outcome.SKIPPED_STATE)
    leader, nothing = way.group_leader, np.full(ground.size, -1, np.int16)
    return Round(
        0, leader, leader, nothing, outcome=way.only_leaders(outcome),
        first=way.frame.parent if leaders.sales_above else None, anew=True, about=about,
    )  # fmt: skip
