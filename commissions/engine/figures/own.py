"""Figures that are made of one's own others: sums, time since joining, ranks of the past."""

from __future__ import annotations

import numpy as np

from commissions.engine.carried import rows_of
from commissions.engine.ground import Ground
from commissions.engine.money import part_of
from commissions.engine.plan import JoinedFigure, MixFigure, RankBeforeFigure


def mix_figure(ground: Ground, figure: MixFigure, index: int) -> None:
    """Fill in a sum of parts of other figures."""
    total = np.zeros(ground.size, np.int64)
    for ppm, of in figure.terms:
        total += part_of(ground.standings.figures[of], ppm)
    ground.standings.figures[index] = total


def joined_figure(ground: Ground, figure: JoinedFigure, index: int) -> None:
    """Fill in days or months from joining to the period's last day."""
    snapshot = ground.snapshot
    joined = snapshot.joined_month if figure.in_months else snapshot.joined_day
    last = snapshot.last_month if figure.in_months else snapshot.last_day
    ground.standings.figures[index] = last - joined[ground.network.order].astype(np.int64)


def rank_before_figure(ground: Ground, figure: RankBeforeFigure, index: int) -> None:
    """Fill in the number of earlier periods in which the qualified-as rank was high enough."""
    row, age, value = rows_of(ground, "rank.qualified")
    good = (age >= 1) & (age <= figure.periods) & (value >= figure.rank)
    ground.standings.figures[index] = np.bincount(row[good], minlength=ground.size)
