"""Retail and personal: each sale pays its owner, at a flat rate or by size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.meeting import qualified_for, reasons_against
from commissions.engine.bonuses.sizes import begins_at, reached
from commissions.engine.grades import Graded, Money, graded, rates_worth
from commissions.engine.ground import Ground
from commissions.engine.plan import PersonalRule
from commissions.engine.walking import Load, Round, Unpaid, Walk

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]
Places = NDArray[np.int16]


def walk_personal(ground: Ground, rule: PersonalRule) -> Walk:
    """Return a way up that ends at the owner; with tiers, a level for each."""
    base = ground.paying(rule)
    if rule.customers_only:
        base = np.where(ground.own, 0, base)
    grades = graded(ground, rule.rates)
    money = rates_worth(ground, rule.rates, rule.part_ppm, base)
    rounds = _rounds(ground, rule, base, grades, money)
    load = Load.of_sales(ground.sales, base)
    return Walk(load, money, rounds, unpaid=partial(_unpaid, ground, rule))


def _unpaid(ground: Ground, rule: PersonalRule) -> Unpaid:
    """Return why owners are not paid; who may be, and reaches no tier, has no rate."""
    itself = np.arange(ground.size, dtype=np.int32)
    nobody = np.zeros(ground.size, np.bool_)
    return Unpaid(reasons_against(ground, rule, nobody), (itself, itself), (itself, itself))


def _rounds(
    ground: Ground, rule: PersonalRule, base: Int64s, grades: Graded, money: Money
) -> Iterator[Round]:
    qualified = qualified_for(ground, rule)
    owner = np.where(qualified, np.arange(ground.size), -1).astype(np.int32)
    if rule.tiers:
        yield from _by_tier(ground, rule, base, grades, money, owner)
    else:
        yield Round(0, owner, owner, _places(grades, money, 1))


def _places(grades: Graded, money: Money, tier: int) -> Places:
    return money.places(grades.column(tier))[grades.grade]


def _by_tier(
    ground: Ground, rule: PersonalRule, base: Int64s, grades: Graded, money: Money, owner: Rows
) -> Iterator[Round]:
    """Yield a round for each tier; its base is the part of each sale that lies in the tier."""
    start = ground.sales.start
    place = begins_at(ground, rule, base) if rule.marginal else reached(ground, rule, base)
    part = _stretches_in if rule.marginal else _whole_in
    for tier in range(1, rule.rates.depth + 1):
        low, high = _edges(ground, rule, tier)
        rate = _places(grades, money, tier)
        yield Round(tier, owner, owner, rate, base=part(start, place, base, low, high))


NO_END = 2**63 - 1


def _edges(ground: Ground, rule: PersonalRule, tier: int) -> tuple[Int64s, Int64s]:
    """Return where each row's tier begins, and where the next one does."""
    edges = np.array([[*tiers, NO_END] for tiers in rule.tiers], np.int64)
    market = np.where(ground.market < len(edges), ground.market, 0)
    return edges[market, tier - 1], edges[market, tier]


@kernel
def _whole_in(start: Int64s, size: Int64s, base: Int64s, low: Int64s, high: Int64s) -> Int64s:
    """Return the bases of those sales whose group has a size from `low` to below `high`.

    >>> start, low, high = np.array([0, 2, 2]), np.array([10]), np.array([20])
    >>> _whole_in(start, np.array([20, 19]), np.array([5, 6]), low, high)
    array([0, 6])
    """
    part = np.zeros(len(base), np.int64)
    for row in range(len(low)):
        for place in range(start[row], start[row + 1]):
            if size[place] >= low[row] and size[place] < high[row]:
                part[place] = base[place]
    return part


@kernel
def _stretches_in(start: Int64s, begin: Int64s, base: Int64s, low: Int64s, high: Int64s) -> Int64s:
    """Return what of each sale lies between `low` and `high`, if it is laid down from `begin` on.

    A sale below zero is a stretch that runs backwards.

    >>> start, low, high = np.array([0, 3, 3]), np.array([10]), np.array([20])
    >>> _stretches_in(start, np.array([0, 15, 25]), np.array([15, 10, -12]), low, high)
    array([ 5,  5, -7])
    """
    part = np.zeros(len(base), np.int64)
    for row in range(len(low)):
        for place in range(start[row], start[row + 1]):
            end = begin[place] + base[place]
            up_to = min(max(end, low[row]), high[row])
            part[place] = up_to - min(max(begin[place], low[row]), high[row])
    return part
