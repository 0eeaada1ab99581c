"""Figures that add up the sales that a distributor owns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bounds import refuse_from_limit, size_of
from commissions.engine.carried import carried_total
from commissions.engine.ground import Ground
from commissions.engine.plan import ReserveFigure, SaleFigure, SaleMix
from commissions.engine.sales import summed_by_owner
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def sale_figure(ground: Ground, figure: SaleFigure | SaleMix, index: int) -> None:
    """Fill in the sum over one's sales; 0 for who keeps no volume."""
    del figure
    keeps = ground.allowed(Flag.KEEPS_VOLUME)
    ground.standings.figures[index] = summed_by_owner(
        ground.sales.start, ground.counted(index), keeps
    )


@kernel
def _at_once(start: Int64s, base: Int64s, keeps: Bools, at_once: int) -> tuple[Int64s, Int64s]:
    """Return what counts at once of each row's sales, and what is left of them."""
    counts, rests = np.zeros(len(keeps), np.int64), np.zeros(len(keeps), np.int64)
    for row in range(len(keeps)):
        if keeps[row]:
            for place in range(start[row], start[row + 1]):
                now = min(base[place], at_once)
                counts[row] += now
                rests[row] += base[place] - now
    return counts, rests


def reserve_figure(ground: Ground, figure: ReserveFigure, index: int) -> None:
    """Fill in what counts at once and what is drawn, and note what is left in the reserve."""
    keeps = ground.allowed(Flag.KEEPS_VOLUME)
    base, held = ground.counted(figure.of), carried_total(ground, f"reserve.{figure.name}")
    largest = size_of(base).together + size_of(held).each + figure.draws_to + figure.at_once
    refuse_from_limit(largest, f"{figure.name}: all volumes together")
    counts, rests = _at_once(ground.sales.start, base, keeps, figure.at_once)
    drawn = np.minimum(held, np.maximum(figure.draws_to - counts, 0))
    ground.standings.figures[index] = counts + drawn
    ground.standings.reserves[index] = np.minimum(held - drawn + rests, figure.most)
