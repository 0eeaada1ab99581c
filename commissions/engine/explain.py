"""Why: what happened to a sale on its way up, in legs, and at limits, by the kernels that pay.

A sale's way up depends only on those it meets, so it is walked again over them alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from commissions.engine.bonuses import WALKS, matched_by, walk_of
from commissions.engine.bonuses.matching import walk_matching
from commissions.engine.cuts import cut_traces
from commissions.engine.excerpt import alone, chain_above, has_place, owner_of, way_of
from commissions.engine.ground import Ground
from commissions.engine.leg_books import told_in_legs
from commissions.engine.plan import SPONSOR, BinaryRule, BonusRule, MatchingRule, PersonalRule
from commissions.engine.reasons import NOBODY, Outcome
from commissions.engine.run import RunResult
from commissions.engine.sales import Sales
from commissions.engine.traces import MOST, Trace, Way
from commissions.engine.walking import Walk

__all__ = ["MOST", "Trace", "explain_earning", "explain_in", "explain_sale", "walked"]


def explain_sale(result: RunResult, sale: int) -> list[Trace]:
    """Return everybody on a sale's way up (by its number), bonus by bonus, nearest first.

    `PAID` are exactly the lines of that sale, and of matching those on what earners of these lines
    earn in that bonus. A way up ends where the bonus's last level is used up, and in any case after
    a thousand people. `KeyError` if there is no such sale.
    """
    owner, steps = owner_of(result.ground, sale), list[Trace]()
    if owner >= 0:
        for index in paid_now(result.ground):
            steps += _told(result, index, sale, steps)
    return steps


def explain_in(result: RunResult, index: int, sale: int) -> list[Trace]:
    """Return what one bonus on sales made of a sale, without limits; as `explain_sale` does."""
    return _on_the_way(result.ground, index, result.ground.plan.bonuses[index], sale)


def explain_earning(result: RunResult, index: int, of: int, member: int) -> list[Trace]:
    """Return everybody whom a member's earning in the bonus `of` met in the matching bonus `index`.

    Bonuses are places in `Plan.bonuses`, the member a number outside. Nobody, if nothing was
    earned. `KeyError` if there is no such distributor.
    """
    ground, rule = result.ground, result.ground.plan.bonuses[index]
    row = result.network.row_of(member)
    if not isinstance(rule, MatchingRule) or of not in rule.of or index not in paid_now(ground):
        return []
    amount = int(matched_by(ground, rule, result.paid)[of][row])
    if not amount:
        return []
    part = chain_above(ground, row, rule.tree)
    matched = {other: np.zeros(part.size, np.int64) for other in rule.of}
    matched[of][-1] = amount
    walk = walk_matching(part, rule, matched, telling=True)
    steps = Way(index, going_up(part, walk), walk, 0, source=member, of=of).told()
    steps += _without_place(ground, index, row, amount)
    return [step._replace(source=member, of=of) for step in steps]


def going_up(part: Ground, walk: Walk) -> Ground:
    """Return a ground with what a matching walk carries up in the place of sales."""
    load, size = walk.load, len(walk.load.base)
    earnings = Sales(load.start, load.middle, np.zeros(size, np.int32))
    return replace(part, sales=earnings, own=np.ones(size, np.bool_))


def walked(ground: Ground) -> list[int]:
    """Return the bonuses of this rhythm that sales go up for."""
    bonuses = ground.plan.bonuses
    return [index for index in paid_now(ground) if type(bonuses[index]) in WALKS]


def paid_now(ground: Ground) -> list[int]:
    """Return the bonuses of this rhythm."""
    return [
        index
        for index, rule in enumerate(ground.plan.bonuses)
        if rule.cadence == ground.snapshot.cadence
    ]


def _told(result: RunResult, index: int, sale: int, before: list[Trace]) -> list[Trace]:
    """Return what one bonus made of a sale; `before` is what those above it did."""
    ground, rule = result.ground, result.ground.plan.bonuses[index]
    if isinstance(rule, MatchingRule):
        steps = _matched(result, index, rule, before)
    elif isinstance(rule, BinaryRule):
        steps = told_in_legs(ground, index, rule, sale)
    elif type(rule) in WALKS:
        steps = _on_the_way(ground, index, rule, sale)
    else:
        steps = []
    return steps + list(cut_traces(result, index, sale, steps))


def _on_the_way(ground: Ground, index: int, rule: BonusRule, sale: int) -> list[Trace]:
    """Return a sale's way up in a bonus on sales."""
    owner = owner_of(ground, sale)
    part = _part_of(ground, rule, sale, owner)
    place = int((part.snapshot.sale[part.sales.at] == sale).argmax())
    walk = walk_of(part, rule, {})
    steps = Way(index, part, walk, place).told()
    return steps + _without_place(ground, index, owner, int(walk.load.base[place]))


def _part_of(ground: Ground, rule: BonusRule, sale: int, owner: int) -> Ground:
    """Return whom a sale meets; sizes are of all sales of an owner."""
    if isinstance(rule, PersonalRule):
        return alone(ground, owner)
    return way_of(ground, sale, getattr(rule, "tree", SPONSOR))


def _without_place(ground: Ground, index: int, row: int, base: int) -> list[Trace]:
    """Return that somebody has no place in the bonus's tree, if that is so and anything is paid."""
    rule = ground.plan.bonuses[index]
    if isinstance(rule, PersonalRule) or not base:
        return []
    if has_place(ground, getattr(rule, "tree", SPONSOR), row):
        return []
    member = int(ground.network.member[row])
    return [Trace(index, member, 0, Outcome.NOT_IN_TREE, 0, base, 0)]


def _matched(result: RunResult, index: int, rule: MatchingRule, before: list[Trace]) -> list[Trace]:
    """Return the ways up of what earners of a sale earn in the bonuses that are matched."""
    earners = dict.fromkeys(
        (step.bonus, step.member)
        for step in before
        if step.outcome == Outcome.PAID and step.bonus in rule.of and step.source == NOBODY
    )
    steps = list[Trace]()
    for of, member in earners:
        steps += explain_earning(result, index, of, member)
    return steps
