"""Ranks, and what is worked out with them, from the bottom of the trees upwards.

A rank may ask for ranks of the downline, and so may volumes and counts that ranks ask for. Whoever
comes after all below can be worked out whole, in one pass over everybody: figures of the downline
that have been collected, then activity if it is not known yet, then the ranks, then the figures
are handed on to the parents. The pass reads a small table of what to do, made from the plan.
"""

from __future__ import annotations

import numpy as np

from commissions.engine.bottom_up.keeping import Kept, window_misses
from commissions.engine.bottom_up.order import bottom_first
from commissions.engine.bottom_up.work import NO_RANKS, Work, lay_out
from commissions.engine.bottom_up.working import work_up
from commissions.engine.errors import BadSnapshot
from commissions.engine.ground import Ground
from commissions.engine.plan import GroupFigure, LimitedFigure, PeopleFigure, Plan


def work_out_ranks(ground: Ground, before: Kept) -> None:
    """Fill in everybody's ranks and whatever the plan works out with them.

    `before` is what the period before left of ranks.
    """
    found, plan = ground.standings, ground.plan
    override = ground.snapshot.rank_override[ground.network.order]
    if len(override) and override.max() > len(plan.ranks):
        raise BadSnapshot(f"rank_override: the plan has no rank number {override.max()}")
    found.paid_as, found.title = override, before.title
    work = lay_out(ground, plan.during, ranks=True)
    _run(ground, work, before, plan.rank_trees)
    if not plan.ranks:
        found.paid_as = np.maximum(override, 0)


def work_out_alone(ground: Ground, index: int, *, as_with_ranks: bool = False) -> None:
    """Fill in one figure that counts people or limits legs, when ranks are known already.

    `as_with_ranks`: it sees no more than those do that are worked out with ranks.
    """
    work = lay_out(ground, (index,), ranks=False, as_with_ranks=as_with_ranks)
    _run(ground, work, NO_RANKS, (_tree_of(ground.plan, index),))


def _tree_of(plan: Plan, index: int) -> int:
    """Return the tree from the bottom of which a count of people, or a limit of legs, is made."""
    figure = plan.figures[index]
    group = plan.figures[figure.of] if isinstance(figure, LimitedFigure) else figure
    if not isinstance(group, PeopleFigure | GroupFigure):
        raise TypeError(f"{figure.name} counts nobody, and has no legs to limit")
    return group.tree


def _run(ground: Ground, work: Work, before: Kept, trees: tuple[int, ...]) -> None:
    order = bottom_first(ground, trees)
    misses = window_misses(ground, before) if work.is_ranking else before.held
    work_up(order, work, ground.standings, before, misses, ground.plan.keeping)
    for index, column in work.figures():
        ground.standings.figures[index] = column
        ground.is_ready(index)
