"""Differential: everybody on the way up is paid the own rate less the highest so far."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine._compile import kernel
from commissions.engine.bonuses.meeting import qualified_for, unpaid_reasons
from commissions.engine.bonuses.rising import Climb, Risers, rising_rounds
from commissions.engine.grades import graded, money_of
from commissions.engine.ground import Ground
from commissions.engine.plan import DifferentialRule
from commissions.engine.rounding import PPM
from commissions.engine.snapshot import Flag
from commissions.engine.walking import Load, Unpaid, Walk, in_network

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def walk_differential(ground: Ground, rule: DifferentialRule) -> Walk:
    """Return the way up of a differential."""
    base = ground.paying(rule)
    way = Way.of(ground, rule)
    fraction = ground.plan.amount_of(PPM, rule.part_ppm)
    money = money_of(way.risers.differences(), fraction, base)
    own, customers, begins = way.begin(rule)
    return Walk(
        Load.of_sales(ground.sales, base),
        money,
        rising_rounds(way.risers, own, customers, money),
        way.ends,
        partial(_unpaid, ground, rule, begins),
    )


def _unpaid(ground: Ground, rule: DifferentialRule, begins: tuple[Rows, Rows]) -> Unpaid:
    """Return why people are not paid; `begins` is in the tree's order."""
    frame = ground.frame(rule.tree)
    itself = np.arange(ground.size, dtype=np.int32)
    looked_at = rule.buyer_paid or rule.buyer_counts
    return Unpaid(
        unpaid_reasons(ground, rule, graded(ground, rule.rates).rates() > 0),
        (itself if looked_at else frame.parent, itself),
        (in_network(frame, begins[0]), in_network(frame, begins[1])),
        buyer_aside=not rule.buyer_paid,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A differential's way up, in the tree's order."""

    risers: Risers
    ends: Bools | None
    """By network row: who is the last to be met."""
    parent: Rows
    """Nobody is above those at whom the way ends."""
    buyer: Int64s
    """The rate that somebody's own order begins with, where the buyer counts."""
    lower: Int64s
    """The rate that somebody below the first paid level raises the bar to."""
    occupies: Bools

    @classmethod
    def of(cls, ground: Ground, rule: DifferentialRule) -> Way:
        """Return the way up."""
        frame, grades = ground.frame(rule.tree), graded(ground, rule.rates)
        occupies = ground.allowed(Flag.OCCUPIES_LEVEL)
        qualified = qualified_for(ground, rule)
        parent, ends = frame.ordered_parent, None
        if rule.breakaway:
            ends = (ground.standings.paid_as >= rule.breakaway) & occupies
            parent = np.where(frame.there(ends), np.int32(-1), parent)
        paid = qualified & occupies
        raises = occupies if rule.unqualified_block else paid
        rates = np.where(occupies, np.maximum(grades.rates(), 0), 0)
        lower = (qualified & rule.lower_count) | (~qualified & rule.unqualified_block)
        return cls(
            Risers.of(frame, parent, grades, paid, raises),
            ends,
            parent,
            frame.there(rates),
            frame.there(np.where(lower, rates, 0)),
            frame.there(occupies),
        )

    def begin(self, rule: DifferentialRule) -> tuple[Climb, Climb, tuple[Rows, Rows]]:
        """Return where own and customers' orders begin, by owner, with which bar, and the rows."""
        everybody = np.arange(len(self.parent), dtype=np.int32)
        nothing = np.zeros(len(self.parent), np.int64)
        for_customers = self._past_lower(everybody, nothing, rule.from_level - 1)
        customers = self._climb(*for_customers)
        if rule.buyer_paid and rule.from_level == 0:
            return customers, customers, (for_customers[0], for_customers[0])
        start, bar = self.parent, nothing
        if rule.buyer_paid:
            bar = self.lower
        elif rule.buyer_counts:
            bar = self.buyer
        else:
            start = self.risers.frame.ordered_parent
        for_own = self._past_lower(start, bar, rule.from_level - 1)
        return self._climb(*for_own), customers, (for_own[0], for_customers[0])

    def _climb(self, start: Rows, bar: Int64s) -> Climb:
        return Climb.begin(start, bar, self.risers.counts, self.risers.above)

    def _past_lower(self, start: Rows, bar: Int64s, levels: int) -> tuple[Rows, Int64s]:
        """Return the rows and bars from which entries are paid: so many levels further up."""
        at, bar = start.copy(), bar.copy()
        if levels > 0:
            nearest = tree.nearest(self.parent, self.occupies)
            for _ in range(levels):
                _pass_one(at, bar, nearest, self.parent, self.lower)
        return at, bar


@kernel
def _pass_one(at: Rows, bar: Int64s, nearest: Rows, parent: Rows, lower_rate: Int64s) -> None:
    """Move every entry past the next one who occupies a level; it may raise the bar."""
    for entry in range(len(at)):
        if at[entry] >= 0:
            met = nearest[at[entry]]
            if met >= 0:
                bar[entry] = max(bar[entry], lower_rate[met])
                at[entry] = parent[met]
            else:
                at[entry] = -1
