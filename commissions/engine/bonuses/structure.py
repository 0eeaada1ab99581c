"""Structure: money for a shape of so many legs and stages that is filled with people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.meeting import qualified_for
from commissions.engine.bonuses.settling import by_earner
from commissions.engine.earned import Direct, Evidence, Paid, direct_lines
from commissions.engine.ground import Ground
from commissions.engine.money import absolute_total, check_bounds
from commissions.engine.plan import StructureRule
from commissions.engine.requirements import met_everywhere
from commissions.engine.sold import by_level, sale_numbers

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

ONE = 100
"""One set, written as one point."""


def pay_structure(ground: Ground, rule: StructureRule) -> Paid:
    """Return a line for each stage that somebody is paid, with the number of sets."""
    market = np.where(ground.market < len(rule.pays), ground.market, 0)
    stages = np.array([len(pays) for pays in rule.pays], np.int64)[market]
    full, partial = _sets(ground, rule, stages)
    qualified = qualified_for(ground, rule)
    sales = sale_numbers(ground)
    levels, parts = by_level(ground.frame(rule.tree), sales), []
    for stage in range(1, int(stages.max(initial=0)) + 1):
        sales = sales + next(levels)
        if rule.each:
            sets = full * (stages >= stage) + (partial >= stage)
        else:
            sets = full * (stages == stage) + (partial == stage)
        pays = np.array([_pay(pays, stage) for pays in rule.pays], np.int64)[market]
        earner = np.flatnonzero(qualified & (sales > 0) & (sets > 0) & (pays > 0))
        parts.append(_lines(stage, earner.astype(np.int32), sets[earner], pays[earner]))
    return Paid(direct=by_earner(Direct.together(parts)))


def _pay(pays: tuple[int, ...], stage: int) -> int:
    return pays[stage - 1] if stage <= len(pays) else 0


def _lines(stage: int, earner: Rows, sets: Int64s, pays: Int64s) -> Direct:
    check_bounds(absolute_total(sets), max(int(pays.max(initial=0)), ONE), 1)
    return direct_lines(earner, sets * pays, Evidence.SHAPE, level=stage, base=sets * ONE)


def _sets(ground: Ground, rule: StructureRule, stages: Int64s) -> tuple[Int64s, Int64s]:
    """Return how many sets of each row have all its stages, and the stage of the next set.

    Without `sets` there is one set and no next one.
    """
    frame = ground.frame(rule.tree)
    person = met_everywhere(ground, rule.person)
    head = person & met_everywhere(ground, rule.head)
    full, partial = _shapes(
        frame.ordered_parent, frame.there(person), frame.there(head), frame.there(stages),
        rule.width, rule.sets, int(stages.max(initial=0)),
    )  # fmt: skip
    return frame.back(full), frame.back(partial)


@kernel
def _shapes(
    parent: Rows, person: Bools, head: Bools, stages: Int64s, width: int, sets: bool, most: int
) -> tuple[Int64s, Int64s]:
    """Work out stages from the bottom up; `below` counts the frontline by the stage they reach.

    >>> parent = np.array([-1, 0, 1, 1, 0, 4, 4], np.int32)
    >>> yes = np.ones(7, np.bool_)
    >>> full, partial = _shapes(parent, yes, yes, np.full(7, 2), 2, False, 2)
    >>> full, partial
    (array([1, 0, 0, 0, 0, 0, 0]), array([0, 1, 0, 0, 1, 0, 0]))
    """
    n = len(parent)
    below = np.zeros((n, most + 1), np.int32)
    full, partial = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for row in range(n - 1, -1, -1):
        if not person[row]:
            continue
        stage = 0
        if head[row]:
            full[row], partial[row] = _own_sets(below[row], width, stages[row], sets)
            stage = _stage_of(below[row], width, most)
        if parent[row] >= 0:
            for reached in range(min(stage, most) + 1):
                below[parent[row], reached] += 1
    return full, partial


@kernel
def _own_sets(below: NDArray[np.int32], width: int, stages: int, sets: bool) -> tuple[int, int]:
    """Return the number of sets with all stages, and the stage of the next set, if it counts.

    >>> below = np.array([7, 5, 0], np.int32)
    >>> _own_sets(below, 2, 2, True), _own_sets(below, 2, 2, False), _own_sets(below, 6, 2, True)
    ((2, 1), (1, 0), (0, 1))
    """
    if stages == 0:
        return 0, 0
    full = below[stages - 1] // width
    if not sets and full > 0:
        return 1, 0
    return full, _stage_of(below, (full + 1) * width, stages - 1)


@kernel
def _stage_of(below: NDArray[np.int32], needed: int, most: int) -> int:
    """Return the highest stage, at most `most`, for which so many of the frontline reach one less.

    >>> _stage_of(np.array([5, 3, 1], np.int32), 3, 3), _stage_of(np.array([2, 0], np.int32), 3, 2)
    (2, 0)
    """
    stage = most
    while stage > 0 and below[stage - 1] < needed:
        stage -= 1
    return stage
