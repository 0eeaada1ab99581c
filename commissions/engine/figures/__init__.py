"""Working out figures, one by one, for everybody at once; and those that need ranks with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commissions.engine.figures.bounding import check_size
from commissions.engine.figures.customers import customers_figures
from commissions.engine.figures.groups import compressed_figure, group_figure
from commissions.engine.figures.levels import levels_figure
from commissions.engine.figures.own import joined_figure, mix_figure, rank_before_figure
from commissions.engine.figures.past import past_figure
from commissions.engine.figures.selling import reserve_figure, sale_figure
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    CompressedFigure,
    CustomersFigure,
    GroupFigure,
    JoinedFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    RankBeforeFigure,
    ReserveFigure,
    SaleFigure,
    SaleMix,
)


def _from_below(ground: Ground, figure: PeopleFigure | LimitedFigure, index: int) -> None:
    """Fill in a count of people, or a limit of legs, of whom all that is asked is known."""
    from commissions.engine.bottom_up import work_out_alone  # it needs figures itself

    del figure
    work_out_alone(ground, index)


KINDS: dict[type[Any], Callable[[Ground, Any, int], None]] = {
    SaleFigure: sale_figure,
    SaleMix: sale_figure,
    MixFigure: mix_figure,
    GroupFigure: group_figure,
    CompressedFigure: compressed_figure,
    PastFigure: past_figure,
    LevelsFigure: levels_figure,
    ReserveFigure: reserve_figure,
    CustomersFigure: customers_figures,
    JoinedFigure: joined_figure,
    RankBeforeFigure: rank_before_figure,
    PeopleFigure: _from_below,
    LimitedFigure: _from_below,
}
"""By kind: works out the figure at a place of the plan."""


def work_out_figure(ground: Ground, index: int) -> None:
    """Fill in one figure of the standings, unless it was filled in with another."""
    if index in ground.ready:
        return
    figure = ground.plan.figures[index]
    if not isinstance(figure, PastFigure):
        check_size(ground, index)
    KINDS[type(figure)](ground, figure, index)
    ground.is_ready(index)
