"""Where sales are: what lines rest on, and are measured by, that are not paid sale by sale."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.money import exact_sum
from commissions.engine.plan import SaleFigure, SaleMix
from commissions.engine.sales import summed_by_owner
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@kernel
def _numbers(start: Int64s, there: Bools, keeps: Bools) -> Int64s:
    """Return how many of each row's sales are there; none of who keeps no volume.

    >>> start, there = np.array([0, 2, 3, 3]), np.array([True, True, True])
    >>> _numbers(start, there, np.array([True, False]))
    array([2, 0])
    """
    number = np.zeros(len(keeps), np.int64)
    for row in range(len(keeps)):
        if keeps[row]:
            for place in range(start[row], start[row + 1]):
                number[row] += there[place]
    return number


def sale_numbers(ground: Ground, base: Int64s | None = None) -> Int64s:
    """Return how many sales each row has that lines may rest on: those whose base is not 0.

    Without a base those that the run pays on, with a figure in any column. Who keeps no volume
    has none.
    """
    there = _with_any_figure(ground) if base is None else base != 0
    return _numbers(ground.sales.start, there, ground.allowed(Flag.KEEPS_VOLUME))


def has_sales(ground: Ground, base: Int64s | None = None) -> bool:
    """Tell whether anybody has a sale that lines may rest on, as `sale_numbers` counts them."""
    there = _with_any_figure(ground) if base is None else base != 0
    return _is_any(ground.sales.start, there, ground.allowed(Flag.KEEPS_VOLUME))


@kernel
def _is_any(start: Int64s, there: Bools, keeps: Bools) -> bool:
    """Look no further than the first sale of somebody who keeps volume.

    >>> start, there = np.array([0, 1, 2, 2]), np.array([True, False])
    >>> [_is_any(start, there, np.array(keeps)) for keeps in ([True, True], [False, True])]
    [True, False]
    """
    for row in range(len(keeps)):
        if keeps[row]:
            for place in range(start[row], start[row + 1]):
                if there[place]:
                    return True
    return False


def _with_any_figure(ground: Ground) -> Bools:
    """Tell by place which sales the run pays on, and have a figure in a column of the plan."""
    snapshot = ground.snapshot
    there = np.zeros(len(snapshot.sale), np.bool_)
    for name, values in snapshot.columns.items():
        if name in ("pv", "cv", *ground.plan.columns):
            there |= values != 0
    if not snapshot.calm:
        there &= snapshot.pays & ~snapshot.late
    found: Bools = there[ground.sales.at]
    return found


def paid_on(ground: Ground, figure: int) -> Int64s:
    """Return the base in a sale figure, by place, of the sales that the run pays on."""
    base, snapshot, at = ground.base_of(figure), ground.snapshot, ground.sales.at
    if snapshot.calm:
        return base
    return np.where(snapshot.pays[at] & ~snapshot.late[at], base, 0)


def sold_on(ground: Ground, figure: int) -> Int64s:
    """Return each row's volume of the sales that the run pays on; 0 for who keeps no volume.

    Not to be written into: where all sales pay and count it is the figure itself.
    """
    if ground.snapshot.calm and figure in ground.ready:
        return ground.standings.figures[figure]
    keeps = ground.allowed(Flag.KEEPS_VOLUME)
    return summed_by_owner(ground.sales.start, paid_on(ground, figure), keeps)


def is_sale_volume(ground: Ground, figure: int) -> bool:
    """Tell whether a figure is a volume of single sales."""
    return isinstance(ground.plan.figures[figure], SaleFigure | SaleMix)


def volume_of_all(ground: Ground, figure: int) -> int:
    """Return a volume of all distributors together, of which a fund or a limit is a part.

    Of a sale volume it is that of the sales that the run pays on.
    """
    if not is_sale_volume(ground, figure):
        return exact_sum(ground.standings.figures[figure])
    return exact_sum(sold_on(ground, figure))


def by_level(frame: Frame, values: Int64s) -> Iterator[Int64s]:
    """Yield what those on level 1, 2 and so on of everybody have together, by network row.

    Everybody stands on a level here, whatever their state. It has no end.
    """
    parent, everybody = frame.ordered_parent, np.ones(len(values), np.bool_)
    level = frame.there(values)
    while True:
        level = tree.frontline_total(parent, level, everybody)
        yield frame.back(level)


def of_downline(frame: Frame, values: Int64s) -> Int64s:
    """Return what everybody's downline has together, oneself not included."""
    own = frame.there(values)
    return frame.back(tree.downline_total(frame.ordered_parent, own) - own)
