"""Tables of rates: what each grade of earner is paid on each level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from commissions.engine.plan.words import ByMarket

NOT_COVERED = -1
"""Stands in a table where a grade has no rate at a level."""


class GradeBy(IntEnum):
    """What makes the grade of an earner; `SELLER` is the paid-as rank of the sale's owner."""

    PAID_AS = 0
    TITLE = 1
    HIGHEST = 2
    FIGURE = 3
    SELLER = 4


@dataclass(frozen=True, slots=True)
class Rates:
    """`table[market][grade][level]`, in parts per million, or (`is_money`) in smallest units.

    Grade 0 is no rank, or below the lowest threshold; then ranks by number, or the thresholds
    of that market in turn: the last one that figure `figure` reaches (hundredths). All rows of a
    market's table have the same length, `depth`. What a place of the last index means, a level, a
    generation, a tier or a stage, is the bonus's matter; the first is at 0.
    """

    by: GradeBy
    table: ByMarket[tuple[tuple[int, ...], ...]]
    figure: int = -1
    thresholds: ByMarket[tuple[int, ...]] = ()
    is_money: bool = False

    @property
    def depth(self) -> int:
        """Return how many levels there are."""
        return max(len(grade) for market in self.table for grade in market)
