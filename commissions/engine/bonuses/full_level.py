"""Full level: a level of a matrix pays when all its places are taken by people who count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.meeting import qualified_for
from commissions.engine.bonuses.settling import amounts_of, by_earner, paid_once, was_paid
from commissions.engine.earned import Direct, Evidence, Paid, direct_lines
from commissions.engine.grades import graded, money_of
from commissions.engine.ground import Ground
from commissions.engine.plan import FullLevelRule
from commissions.engine.requirements import met_everywhere
from commissions.engine.rounding import PPM
from commissions.engine.sales import summed_by_owner
from commissions.engine.snapshot import Flag
from commissions.engine.sold import by_level, sale_numbers

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def pay_full_level(ground: Ground, rule: FullLevelRule) -> Paid:
    """Return a line for each full level that somebody is paid, and those paid once for good."""
    grades, qualified = graded(ground, rule.rates), qualified_for(ground, rule)
    name, parts = f"{rule.name}.level", []
    for level, full, volume in _levels(ground, rule):
        good = qualified & full
        if rule.once:
            good &= ~was_paid(ground, name, level)
        parts.append(_lines(ground, rule, level, np.where(good, grades.rates(level), 0), volume))
    lines = by_earner(Direct.together(parts))
    return Paid(direct=lines, left=(paid_once(ground, name, lines),) if rule.once else ())


def _levels(ground: Ground, rule: FullLevelRule) -> Iterator[tuple[int, Bools, Int64s]]:
    """Yield each level, below whom it is full and has a sale, and its volume."""
    frame = ground.frame(rule.tree)
    fills = met_everywhere(ground, rule.counted).astype(np.int64)
    if frame.inside is not None:
        fills[~frame.inside] = 0
    base = ground.paying(rule)
    volume = summed_by_owner(ground.sales.start, base, ground.allowed(Flag.KEEPS_VOLUME))
    levels = zip(
        range(1, rule.rates.depth + 1), by_level(frame, fills), by_level(frame, volume),
        by_level(frame, sale_numbers(ground, base)), strict=False,
    )  # fmt: skip
    for level, people, points, sales in levels:
        places = frame.rule.width**level
        if places > ground.size:
            return
        yield level, (people == places) & (sales > 0), points


def _lines(ground: Ground, rule: FullLevelRule, level: int, rate: Int64s, volume: Int64s) -> Direct:
    earner = np.flatnonzero(rate > 0).astype(np.int32)
    base, rate = volume[earner], rate[earner]
    if rule.rates.is_money:
        return direct_lines(earner, rate, Evidence.LEVEL, level=level, base=base)
    money = money_of(rate, ground.plan.amount_of(PPM, rule.part_ppm), base)
    amount = amounts_of(ground, base, money, money.places(rate))
    return direct_lines(
        earner, amount, Evidence.LEVEL, level=level, rate_ppm=rate.astype(np.int32), base=base
    )
