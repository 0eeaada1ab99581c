"""What groups of sales come to: the evidence of lines that are not paid sale by sale.

The same sums are asked twice: of what was sold, and of what has come back of it.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.bonuses.legs import in_legs
from commissions.engine.bottom_up.order import seen_frame
from commissions.engine.carried import carried_total
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.lines import Lines
from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    CompressedFigure,
    CustomersFigure,
    FullLevelRule,
    GroupFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    Plan,
    PoolRule,
    ReserveFigure,
    RewardRule,
    SaleFigure,
    SaleMix,
    Scope,
    StructureRule,
)
from commissions.engine.requirements import met_everywhere
from commissions.engine.snapshot import Flag
from commissions.engine.sold import by_level, of_downline

Int64s = NDArray[np.int64]
FOREVER = 10**6
"""More periods than any lot is carried."""

GROUPED = BinaryRule | FullLevelRule | PoolRule | RewardRule | StructureRule


def evidence_figure(plan: Plan, rule: BonusRule) -> int:
    """Return the sale volume in which a bonus's evidence is measured.

    It is what the bonus pays on; of a pool, what its fund is made of; of rewards and structures PV.
    """
    if isinstance(rule, PoolRule):
        return sale_figure_in(plan, rule.fund_of)
    if isinstance(rule, RewardRule | StructureRule):
        return sale_figure_in(plan, plan.figure_index("PV"))
    return rule.pays_on


def rests_on_a_figure(plan: Plan, rule: GROUPED) -> bool:
    """Tell whether only sales with a figure in `evidence_figure` are evidence; else any is."""
    if isinstance(rule, PoolRule):
        return isinstance(plan.figures[rule.fund_of], SaleFigure | SaleMix)
    return isinstance(rule, FullLevelRule)


def sale_figure_in(plan: Plan, index: int) -> int:
    """Return the sale volume that a figure is made of at the bottom; of people, PV."""
    while not isinstance(figure := plan.figures[index], SaleFigure | SaleMix):
        if isinstance(figure, MixFigure):
            index = figure.terms[0][1]
        elif isinstance(figure, LevelsFigure) and figure.of < 0:
            index = plan.figure_index("PV")
        elif isinstance(
            figure,
            GroupFigure | CompressedFigure | PastFigure | LevelsFigure | ReserveFigure
            | LimitedFigure | CustomersFigure,
        ):  # fmt: skip
            index = figure.of
        else:
            raise TypeError(f"{figure.name} is made of no sales")
    return index


def of_evidence(ground: Ground, rule: GROUPED, values: Int64s, lines: Lines, at: Int64s) -> Int64s:
    """Return for lines of a bonus what `values` (of each row) come to in their evidence."""
    earner, level = lines.earner[at], lines.level[at]
    if isinstance(rule, PoolRule):
        return np.full(len(at), values.sum(), np.int64)
    if isinstance(rule, BinaryRule):
        left, right = in_legs(ground, rule, values)
        both = left + right + (values if rule.own_volume else 0)
        return np.asarray(both[earner], np.int64)
    if isinstance(rule, RewardRule):
        return np.asarray(_of_reward(ground, rule, values)[earner], np.int64)
    found = np.zeros(len(at), np.int64)
    together = values.copy()
    deepest = int(level.max(initial=0))
    levels = islice(by_level(ground.frame(rule.tree), values), deepest)
    for number, on_level in enumerate(levels, start=1):
        together += on_level
        here = level == number
        total = together if isinstance(rule, StructureRule) else on_level
        found[here] = total[earner[here]]
    return found


def whole_evidence(ground: Ground, rule: GROUPED, sold: Int64s, lines: Lines, at: Int64s) -> Int64s:
    """Return what the evidence of lines comes to: what was sold there, and lots carried in."""
    whole = of_evidence(ground, rule, sold, lines, at)
    if not isinstance(rule, BinaryRule):
        return whole
    oldest = rule.carry_expires or FOREVER
    lots = sum(
        carried_total(ground, f"{rule.name}.{side}", oldest=oldest) for side in ("left", "right")
    )
    return whole + np.asarray(lots, np.int64)[lines.earner[at]]


def _of_reward(ground: Ground, rule: RewardRule, values: Int64s) -> Int64s:
    """Return what oneself and the downline, or oneself and those counted, have together."""
    if rule.for_each < 0:
        return values + of_downline(ground.frame(rule.tree), values)
    figure = ground.plan.figures[rule.for_each]
    if not isinstance(figure, PeopleFigure):
        raise TypeError(f"{figure.name} counts nobody")
    with_ranks = rule.for_each in ground.plan.during
    frame = seen_frame(ground, figure.tree) if with_ranks else ground.frame(figure.tree)
    return values + of_people(ground, frame, figure, values)


def of_people(ground: Ground, frame: Frame, figure: PeopleFigure, values: Int64s) -> Int64s:
    """Return what the people whom a figure counts have together; of legs, those who meet it.

    `frame` is the figure's tree, as far as it is seen.
    """
    counted = np.where(met_everywhere(ground, figure.who), values, 0)
    own, parent = frame.there(counted), frame.ordered_parent
    heads = frame.there(ground.allowed(Flag.COUNTS_AS_LEG))
    if figure.scope == Scope.LEGS:
        if frame.leg is not None:
            heads = np.ones(len(own), np.bool_)
        legs = tree.frontline_total(parent, tree.downline_total(parent, own), heads)
        return frame.back(legs)
    if figure.scope == Scope.DOWNLINE and figure.levels:
        stands = frame.there(ground.allowed(Flag.OCCUPIES_LEVEL))
        return frame.back(tree.level_totals(parent, own, stands, figure.levels).sum(axis=0))
    if figure.scope == Scope.DOWNLINE:
        return of_downline(frame, counted)
    if figure.leg_tree >= 0:
        return _in_leg(ground, frame, figure, counted)
    return frame.back(tree.frontline_total(parent, own, heads))


def _in_leg(ground: Ground, frame: Frame, figure: PeopleFigure, counted: Int64s) -> Int64s:
    """Return what those of a frontline have together who sit in one leg of a binary tree."""
    above = frame.parent.tolist()
    heads = ground.allowed(Flag.COUNTS_AS_LEG).tolist()
    placed = ground.frame(figure.leg_tree)
    ordered = placed.ordered_parent
    place = placed.back(np.arange(len(counted), dtype=np.int64)).tolist()
    end = placed.back(tree.downline_end(ordered)).tolist()
    child: dict[int, int] = {}
    if placed.leg is not None:
        inside = np.flatnonzero((placed.parent >= 0) & (placed.leg == figure.leg))
        child = dict(zip(placed.parent[inside].tolist(), inside.tolist(), strict=True))
    total = np.zeros(len(counted), np.int64)
    for person in np.flatnonzero(counted).tolist():
        at = above[person] if heads[person] else -1
        while at >= 0:
            head = child.get(at)
            if head is not None and place[head] <= place[person] < end[head]:
                total[at] += counted[person]
            at = -1 if heads[at] else above[at]
    return total
