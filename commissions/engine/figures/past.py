"""Volumes over time: this period's, and what the state has of earlier ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine.carried import carried_total
from commissions.engine.figures.bounding import check_size
from commissions.engine.ground import Ground
from commissions.engine.plan import Past, PastFigure

Int64s = NDArray[np.int64]


def earlier(ground: Ground, figure: PastFigure) -> Int64s:
    """Return what earlier periods contribute to a volume over time, for each row."""
    name = ground.plan.figures[figure.of].name
    if figure.past == Past.LIFETIME:
        return carried_total(ground, f"lifetime.{name}")
    oldest = figure.periods - 1 if figure.past == Past.LAST else 1
    return carried_total(ground, f"past.{name}", youngest=1, oldest=oldest)


def over_time(past: Past, before: Int64s, now: Int64s) -> Int64s:
    """Return the volume over time, of what was before and what is now."""
    if past == Past.BEFORE:
        return before
    if past == Past.GROWTH:
        growth: Int64s = np.maximum(now - before, 0)
        return growth
    return before + now


def past_figure(ground: Ground, figure: PastFigure, index: int) -> None:
    """Fill in a volume over time."""
    before, now = earlier(ground, figure), ground.standings.figures[figure.of]
    check_size(ground, index, before)
    ground.standings.figures[index] = over_time(figure.past, before, now)
