"""Pool: a fund that those who are qualified part, by shares or by ranking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.meeting import qualified_for
from commissions.engine.earned import Direct, Evidence, Paid, direct_lines
from commissions.engine.errors import TooLarge
from commissions.engine.ground import Ground
from commissions.engine.money import (
    LIMIT,
    absolute_total,
    check_bounds,
    exact_sum,
    product_fits,
    shares,
)
from commissions.engine.plan import PoolRule
from commissions.engine.rounding import PPM
from commissions.engine.sharing import part_by_weight, rounded_fraction
from commissions.engine.sold import has_sales, is_sale_volume, paid_on, volume_of_all

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]

POINT = 100
"""Hundredths; equal shares are one point each."""


def pay_pool(ground: Ground, rule: PoolRule) -> Paid:
    """Return what each earner is paid of the fund; nothing without a sale in it."""
    fund = fund_of(ground, rule)
    if fund <= 0 or not fund_has_sales(ground, rule):
        return Paid()
    shares_of = np.full(ground.size, POINT, np.int64)
    if rule.shares >= 0:
        shares_of = ground.standings.figures[rule.shares]
    earner = np.flatnonzero(qualified_for(ground, rule) & (shares_of > 0)).astype(np.int32)
    if not len(earner):
        return Paid()
    base = shares_of[earner]
    if rule.places_ppm:
        return Paid(direct=_by_places(ground, rule, fund, earner, base))
    if rule.rest_kept:
        amount = _by_value(ground, rule, fund, base)
    else:
        amount = part_by_weight(fund, base, ground.network.member[earner])
    return Paid(direct=_lines(earner, amount, base))


def _lines(
    earner: Rows, amount: Int64s, base: Int64s, level: int | NDArray[np.int16] = 0
) -> Direct:
    nobody = np.full(len(earner), -1, np.int32)
    return direct_lines(earner, amount, Evidence.POOL, level=level, base=base, source=nobody)


def fund_of(ground: Ground, rule: PoolRule) -> int:
    """Return the fund in smallest units, rounded once."""
    num, den = ground.plan.amount_of(rule.fund_ppm)
    worth = volume_of_all(ground, rule.fund_of) * num
    fund = rounded_fraction(worth, den, ground.plan.rounding)
    if abs(fund) >= LIMIT:
        raise TooLarge(f"the fund of {rule.name} leaves 64 bits")
    return fund


def fund_has_sales(ground: Ground, rule: PoolRule) -> bool:
    """Tell whether there is a sale, in the volume of the fund if that is a sale volume."""
    base = None
    if is_sale_volume(ground, rule.fund_of):
        base = paid_on(ground, rule.fund_of)
    return has_sales(ground, base)


def _by_value(ground: Ground, rule: PoolRule, fund: int, base: Int64s) -> Int64s:
    """Return the whole units that one share is worth, times everybody's shares."""
    if rule.shares < 0:
        return np.full(len(base), fund // len(base), np.int64)
    value = fund * POINT // exact_sum(base)
    check_bounds(absolute_total(base), max(value, 1), POINT)
    fits = product_fits(int(base.max()), value, POINT)
    return shares(base, value, POINT, int(ground.plan.rounding), fits)


def _by_places(ground: Ground, rule: PoolRule, fund: int, earner: Rows, base: Int64s) -> Direct:
    """Return a line for each place of the ranking that somebody takes, on the place's level."""
    number = min(len(rule.places_ppm), len(earner))
    edge = np.partition(base, len(base) - number)[len(base) - number]
    near = np.flatnonzero(base >= edge)
    row = earner[near]
    joined = ground.snapshot.joined[ground.network.order[row]]
    order = near[np.lexsort((ground.network.member[row], joined, -base[near]))][:number]
    part = np.array(rule.places_ppm[:number], np.int64)
    level = np.arange(1, number + 1, dtype=np.int16)[part > 0]
    order, part = order[part > 0], part[part > 0]
    amount = [rounded_fraction(fund * ppm, PPM, ground.plan.rounding) for ppm in part.tolist()]
    return _lines(earner[order], np.array(amount, np.int64), base[order], level)
