"""Grades of earners and the rates that they have, as columns and tables that kernels read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bounds import size_of
from commissions.engine.errors import TooLarge
from commissions.engine.ground import Ground
from commissions.engine.money import check_bounds, product_fits, share_fits
from commissions.engine.plan import NOT_COVERED, GradeBy, Rates
from commissions.engine.rounding import PPM, reduced

Int64s = NDArray[np.int64]

MOST_PLACES = 2**15 - 1
"""So many grades, and so many different rates, a bonus can have: places are 16 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """Everybody's grade, as a place in `table`, whose second index is the level (from 0).

    The table is the plan's, market by market below each other; it holds the plan's figures.
    """

    grade: NDArray[np.int16]
    table: Int64s

    def column(self, level: int) -> Int64s:
        """Return the rates of a level (from 1) by grade, `NOT_COVERED` where there is none."""
        if level > self.table.shape[1]:
            return np.full(len(self.table), NOT_COVERED, np.int64)
        column: Int64s = self.table[:, level - 1]
        return column

    def rates(self, level: int = 1) -> Int64s:
        """Return everybody's rate of a level, `NOT_COVERED` where there is none."""
        rates: Int64s = self.column(level)[self.grade]
        return rates


def graded(ground: Ground, rates: Rates) -> Graded:
    """Return everybody's grade in a table of rates; a seller's grade is the seller's own."""
    grade, first = _grade(ground, rates, 0), len(rates.table[0])
    for market in range(1, len(rates.table)):
        here = ground.market == market
        if here.any():
            grade[here] = _grade(ground, rates, market)[here] + first
        first += len(rates.table[market])
    return Graded(grade.astype(np.int16), table_of(rates))


def table_of(rates: Rates) -> Int64s:
    """Return a table of rates, market by market below each other; refuse too many grades."""
    depth = rates.depth
    rows = [
        [*levels, *[NOT_COVERED] * (depth - len(levels))]
        for by_grade in rates.table
        for levels in by_grade
    ]
    if len(rows) > MOST_PLACES:
        raise TooLarge(f"a bonus with more than {MOST_PLACES} grades")
    return np.array(rows, np.int64).reshape(len(rows), depth)


def rates_in(ground: Ground, rates: Rates, market: int, level: int) -> Int64s:
    """Return everybody's rate of a level by the table of one market, whatever their own is."""
    column = [
        levels[level - 1] if level <= len(levels) else NOT_COVERED for levels in rates.table[market]
    ]
    found: Int64s = np.array(column, np.int64)[_grade(ground, rates, market)]
    return found


def _grade(ground: Ground, rates: Rates, market: int) -> NDArray[np.int64]:
    """Return the grade within one market's table; a table of one row is for everybody."""
    size = len(rates.table[market])
    if size == 1:
        return np.zeros(ground.size, np.int64)
    found = ground.standings
    if rates.by == GradeBy.FIGURE:
        thresholds = np.array(rates.thresholds[market], np.int64)
        grade = np.searchsorted(thresholds, found.figures[rates.figure], side="right")
    else:
        ranks = {GradeBy.TITLE: found.title, GradeBy.HIGHEST: found.highest}
        grade = ranks.get(rates.by, found.paid_as).astype(np.int64)
    if len(grade) and grade.max() >= size:
        raise TypeError(f"there are rates for {size} grades, and somebody has grade {grade.max()}")
    return grade


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """What a rate makes of a base: fractions, or (`is_flat`) an amount that each sale brings.

    Places are those of `ppm`, which holds each rate once.
    """

    ppm: Int64s
    num: Int64s
    den: Int64s
    fits: NDArray[np.bool_]
    is_flat: bool = False

    def places(self, rates: Int64s) -> NDArray[np.int16]:
        """Return the place of each rate; -1 for those of 0 and for `NOT_COVERED`."""
        at = np.searchsorted(self.ppm, rates)
        return np.where(rates > 0, at, -1).astype(np.int16)


def money_of(rates: Int64s, fraction: tuple[int, int], base: Int64s) -> Money:
    """Return the money of every rate above zero; `fraction` makes money of a base at 100 %.

    `base` is all that any of the rates may be paid on. Refuses what could leave 64 bits.
    """
    ppm = _different(rates)
    num, den = fraction
    pairs = [reduced(num * rate, den * PPM) for rate in ppm.tolist()]
    size = size_of(base)
    if not all(share_fits(size.together, *pair) for pair in pairs):
        size = size_of(base, room=0)
    for pair in pairs:
        check_bounds(size.together, *pair)
    return Money(
        ppm,
        np.array([pair[0] for pair in pairs], np.int64),
        np.array([pair[1] for pair in pairs], np.int64),
        np.array([product_fits(size.each, *pair) for pair in pairs], np.bool_),
    )


def rates_worth(ground: Ground, rates: Rates, part_ppm: int, base: Int64s) -> Money:
    """Return the money of a table of rates, or of amounts for each sale."""
    table = table_of(rates)
    if rates.is_money:
        return flat_money(table, base)
    return money_of(table, ground.plan.amount_of(PPM, part_ppm), base)


def flat_money(amounts: Int64s, base: Int64s) -> Money:
    """Return the money of every amount above zero, which each sale above zero brings once."""
    paid = _different(amounts)
    for amount in paid.tolist():
        check_bounds(len(base), amount, 1)
    one = np.ones(len(paid), np.int64)
    return Money(paid, paid, one, np.ones(len(paid), np.bool_), is_flat=True)


def _different(rates: Int64s) -> Int64s:
    """Return each rate above zero once; refuse more than there are places for."""
    different = np.unique(rates[rates > 0])
    if len(different) > MOST_PLACES:
        raise TooLarge(f"{len(different)} different rates are more than {MOST_PLACES}")
    return different
