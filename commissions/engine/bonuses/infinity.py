"""Infinity: everything from a level or generation on, down to the next who is paid it."""

from __future__ import annotations

from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.leading import LeadersWay
from commissions.engine.bonuses.meeting import (
    active_for,
    qualified_for,
    unpaid_reasons,
)
from commissions.engine.bonuses.rising import Climb, Risers, rising_rounds
from commissions.engine.grades import graded, money_of
from commissions.engine.ground import Ground
from commissions.engine.plan import Compression, InfinityRule
from commissions.engine.reasons import Outcome
from commissions.engine.requirements import met
from commissions.engine.rounding import PPM
from commissions.engine.snapshot import Flag
from commissions.engine.walking import (
    BEFORE_THE_FIRST,
    Load,
    Unpaid,
    Walk,
    go_up,
    in_network,
    next_above,
    value_at,
)

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def walk_infinity(ground: Ground, rule: InfinityRule) -> Walk:
    """Return the way up from the first level or generation that is paid."""
    base = ground.paying(rule)
    grades, frame = graded(ground, rule.rates), ground.frame(rule.tree)
    paid = qualified_for(ground, rule) & ground.allowed(Flag.OCCUPIES_LEVEL)
    way = None if rule.leaders is None else LeadersWay.begin(ground, rule.leaders, rule.tree)
    if way is not None:
        paid = paid & way.leads
    risers = Risers.of(frame, frame.ordered_parent, grades, paid, paid)
    rates = risers.rates if rule.first_takes_all else risers.differences()
    fraction = ground.plan.amount_of(PPM, rule.part_ppm)
    money = money_of(rates, fraction, base)
    own, customers = _starts(ground, rule, way)
    rounds = rising_rounds(risers, _climb(risers, own), _climb(risers, customers), money)
    return Walk(
        Load.of_sales(ground.sales, base),
        money,
        islice(rounds, 1) if rule.first_takes_all else rounds,
        unpaid=partial(_unpaid, ground, rule, way, (own, customers)),
    )


def _unpaid(
    ground: Ground, rule: InfinityRule, way: LeadersWay | None, begins: tuple[Rows, Rows]
) -> Unpaid:
    """Return why people are not paid; `begins` is in the tree's order."""
    frame = ground.frame(rule.tree)
    reason = unpaid_reasons(ground, rule, graded(ground, rule.rates).rates() > 0)
    itself = np.arange(ground.size, dtype=np.int32)
    first = (frame.parent, itself)
    if rule.leaders is not None and way is not None:
        reason = np.where(way.leads, reason, np.uint8(Outcome.NOT_A_LEADER))
        entry = frame.parent if rule.leaders.sales_above else itself
        first = (entry, entry)
    return Unpaid(reason, first, (in_network(frame, begins[0]), in_network(frame, begins[1])))


def _climb(risers: Risers, start: Rows) -> Climb:
    return Climb.begin(start, np.zeros(len(start), np.int64), risers.counts, risers.above)


def _starts(ground: Ground, rule: InfinityRule, way: LeadersWay | None) -> tuple[Rows, Rows]:
    """Return the rows from which own and customers' orders are paid, in the tree's order."""
    frame = ground.frame(rule.tree)
    parent = frame.ordered_parent
    if way is None:
        uses = frame.there(_uses_level(ground, rule))
        found = np.full(len(parent), BEFORE_THE_FIRST, np.int32)
        stop = np.empty(len(parent), np.int32)
        for _ in range(rule.begins - 1):
            go_up(parent, uses, found, stop)
        start = next_above(parent, found)
        return value_at(start, parent), start
    uses = way.leads & _uses_level(ground, rule)
    found, stop = way.found, np.empty(len(parent), np.int32)
    if rule.begins == 0:
        return found, found
    for _ in range(rule.begins - 1):
        go_up(parent, frame.there(uses), found, stop)
    start = next_above(parent, found)
    return start, start


def _uses_level(ground: Ground, rule: InfinityRule) -> Bools:
    """Tell who uses a level up: lines 1 to 3 of the table."""
    uses = ground.allowed(Flag.OCCUPIES_LEVEL)
    if rule.compression != Compression.NONE:
        uses = uses & active_for(ground, rule)
    if rule.compression == Compression.DYNAMIC:
        uses = uses & met(ground, rule.requires)
    return uses
