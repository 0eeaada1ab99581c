"""Points that people on levels bring: a walk up from everybody, weighed level by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.ground import Ground
from commissions.engine.money import part_of
from commissions.engine.plan import PEOPLE, LevelsFigure
from commissions.engine.requirements import met_everywhere
from commissions.engine.snapshot import Flag
from commissions.engine.walking import BEFORE_THE_FIRST, go_up

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int32]


@kernel
def _bring(found: Rows, parent: Rows, values: Int64s, counts: Bools, total: Int64s) -> None:
    """Add each counted row's value to whoever stands at this level above its parent."""
    for row in range(len(parent)):
        if counts[row] and parent[row] >= 0:
            above = found[parent[row]]
            if above >= 0:
                total[above] += values[row]


def levels_figure(ground: Ground, figure: LevelsFigure, index: int) -> None:
    """Fill in the weighted sum; who does not meet `who` brings nothing to anybody."""
    frame = ground.frame(figure.tree)
    parent = frame.ordered_parent
    counts = frame.there(met_everywhere(ground, figure.who))
    occupies = frame.there(ground.allowed(Flag.OCCUPIES_LEVEL))
    uses = occupies & counts if figure.skips else occupies
    values = frame.there(_values(ground, figure))
    total = np.zeros(len(parent), np.int64)
    total[counts] = _weighed(figure, values, figure.self_weight)[counts]
    found = np.full(len(parent), BEFORE_THE_FIRST, np.int32)
    stop = np.empty(len(parent), np.int32)
    for weight in figure.weights:
        go_up(parent, uses, found, stop)
        _bring(found, parent, _weighed(figure, values, weight), counts & occupies, total)
    ground.standings.figures[index] = frame.back(total)


def _values(ground: Ground, figure: LevelsFigure) -> Int64s:
    if figure.of == PEOPLE:
        return np.ones(ground.size, np.int64)
    return ground.standings.figures[figure.of]


def _weighed(figure: LevelsFigure, values: Int64s, weight: int) -> Int64s:
    return values * weight if figure.of == PEOPLE else part_of(values, weight)
