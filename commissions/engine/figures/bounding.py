"""How large a figure can become, told before it is worked out, from what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bounds import Size, refuse_from_limit, size_of
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    PEOPLE,
    CompressedFigure,
    GroupFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
)
from commissions.engine.rounding import PPM

Int64s = NDArray[np.int64]


def check_size(ground: Ground, index: int, before: Int64s | None = None) -> None:
    """Note how large a figure can become; refuse what could leave 64 bits while it is worked out.

    `before` is what earlier periods contribute to a volume over time. Sums of sales, and counts,
    are bounded by what there is of both.
    """
    figure = ground.plan.figures[index]
    if isinstance(figure, PastFigure):
        size = _over_time(ground, figure, size_of(_nothing() if before is None else before))
    elif type(figure) in RULES:
        size = RULES[type(figure)](ground, figure)
    else:
        return
    refuse_from_limit(size.each, f"{figure.name}: all volumes together")
    ground.sizes[index] = size


def figure_size(ground: Ground, index: int) -> Size:
    """Return how large a figure is, or, while it is still to be worked out, can become."""
    if index not in ground.sizes:
        ground.sizes[index] = size_of(ground.standings.figures[index])
    return ground.sizes[index]


def _nothing() -> Int64s:
    return np.zeros(0, np.int64)


def _group(ground: Ground, figure: GroupFigure) -> Size:
    together = figure_size(ground, figure.of).together
    return Size(together, together * ground.size)


def _compressed(ground: Ground, figure: CompressedFigure) -> Size:
    together = figure_size(ground, figure.of).together
    return Size(together, together)


def _limited(ground: Ground, figure: LimitedFigure) -> Size:
    group = ground.plan.figures[figure.of]
    if not isinstance(group, GroupFigure):
        raise TypeError(f"{group.name} has no legs to limit")
    return _group(ground, group)


def _people(ground: Ground, figure: PeopleFigure) -> Size:
    del figure
    return Size(ground.size, ground.size**2)


def _over_time(ground: Ground, figure: PastFigure, before: Size) -> Size:
    now = figure_size(ground, figure.of)
    return Size(now.each + before.each, now.together + before.together)


def _mix(ground: Ground, figure: MixFigure) -> Size:
    """Each part is rounded, by less than one."""
    each = together = 0
    for ppm, of in figure.terms:
        size = figure_size(ground, of)
        each += size.each * abs(ppm) // PPM + 1
        together += size.together * abs(ppm) // PPM + ground.size
    return Size(each, together)


def _levels(ground: Ground, figure: LevelsFigure) -> Size:
    """Everybody stands on one level of somebody, and that may be the one that counts most."""
    n, most = ground.size, max(figure.weights, default=0)
    if figure.of == PEOPLE:
        each = n * most + figure.self_weight
    else:
        of = figure_size(ground, figure.of)
        refuse_from_limit(of.together, f"{figure.name}: all volumes together")
        each = (of.together * most + of.each * figure.self_weight) // PPM + n + 1
    return Size(each, each * n)


RULES: dict[type[Any], Callable[[Ground, Any], Size]] = {
    GroupFigure: _group,
    CompressedFigure: _compressed,
    LimitedFigure: _limited,
    PeopleFigure: _people,
    MixFigure: _mix,
    LevelsFigure: _levels,
}
