"""Limits of bonuses and of the plan, and deductions: what is too much is taken off by lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from commissions.engine.buyers import over_by_buyer
from commissions.engine.earned import Direct, Evidence, Paid, direct_lines
from commissions.engine.errors import TooLarge
from commissions.engine.grades import graded
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT, absolute_total, apply_rate, exact_sum
from commissions.engine.plan import NOT_COVERED, ByMarket, PayKind, Rates
from commissions.engine.reasons import Limit
from commissions.engine.rounding import Rounding
from commissions.engine.sharing import part_by_weight, part_in_groups, rounded_fraction
from commissions.engine.sold import volume_of_all

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]

ALL = -1
"""Instead of a bonus: the evidence is all that somebody earns."""


def cap_bonus(ground: Ground, index: int, part: Paid) -> Paid:
    """Return the lines that a bonus's own limits take off: of buyers, earners, holders, of all."""
    taking = taken_off_bonus(ground, index, part)
    return Paid() if taking is None else Paid(direct=taking.lines())


def taken_off_bonus(ground: Ground, index: int, part: Paid) -> Taking | None:
    """Return what each of a bonus's own limits takes off; None if it has none."""
    cap = ground.plan.bonuses[index].cap
    if cap is None:
        return None
    taking = Taking(ground, part.by_earner(ground.size), index)
    if cap.per_buyer:
        taking.add(Limit.PER_BUYER, over_by_buyer(ground, index, part.earned))
    if cap.per_earner is not None:
        taking.per_earner(_limits_by_grade(ground, cap.per_earner))
    if cap.per_holder is not None:
        taking.per_holder(cap.per_holder)
    if cap.total is not None:
        taking.all_together(Limit.TOTAL, _worth(ground, cap.total, cap.total_of))
    return taking


def cap_plan(ground: Ground, paid: Mapping[int, Paid]) -> dict[int, Paid]:
    """Return what the plan's limits take off the bonuses inside, by the place of the pay."""
    taking = taken_off_all(ground, paid)
    if taking is None:
        return {}
    (place,) = (at for at, pay in enumerate(ground.plan.pays) if pay.kind == PayKind.PLAN_CAP)
    return {place: Paid(direct=taking.lines())}


def taken_off_all(ground: Ground, paid: Mapping[int, Paid]) -> Taking | None:
    """Return what each of the plan's limits takes off the bonuses inside; None if it has none."""
    plan, cap = ground.plan, ground.plan.cap
    if cap is None:
        return None
    inside = (
        paid[place]
        for place, pay in enumerate(plan.pays)
        if place in paid and pay.kind in (PayKind.BONUS, PayKind.CAP) and pay.of in cap.inside
    )
    taking = Taking(ground, _together(ground, inside), ALL)
    if any(limit is not None for limit in cap.per_earner):
        taking.per_earner(_limits_by_market(ground, cap.per_earner))
    if cap.per_holder is not None:
        taking.per_holder(cap.per_holder)
    if cap.payout is not None:
        taking.all_together(Limit.PAYOUT, _worth(ground, cap.payout, cap.payout_of))
    return taking


def deduct(ground: Ground, paid: Mapping[int, Paid]) -> dict[int, Paid]:
    """Return what each deduction takes off what everybody earns, all caps already off."""
    plan = ground.plan
    if not plan.deductions:
        return {}
    have = np.maximum(_together(ground, paid.values()), 0)
    found = {}
    for place, pay in enumerate(plan.pays):
        if pay.kind == PayKind.DEDUCTION:
            off = apply_rate(have, plan.deductions[pay.of].rate_ppm, plan.rounding)
            earner = np.flatnonzero(off).astype(np.int32)
            found[place] = Paid(direct=direct_lines(earner, -off[earner], Evidence.EARNINGS))
    return found


class Taking:
    """Takes off one limit after the other; each sees what those before left."""

    def __init__(self, ground: Ground, have: Int64s, bonus: int) -> None:
        if absolute_total(have) >= LIMIT:
            raise TooLarge("all that is paid together leaves 64 bits")
        self.ground = ground
        self.have = have
        self.bonus = bonus
        self.parts: list[tuple[Limit, Direct]] = []

    def lines(self) -> Direct:
        """Return all that was taken off."""
        return Direct.together([part for _, part in self.parts])

    def add(self, limit: Limit, taken: tuple[Rows, NDArray[np.int16], Int64s]) -> None:
        """Take off what each earner has too much on a level: lines of earner, level and amount."""
        earner, level, too_much = taken
        np.subtract.at(self.have, earner, too_much)
        lines = direct_lines(
            earner, -too_much, Evidence.EARNINGS, level=level, source_bonus=self.bonus
        )
        self.parts.append((limit, lines))

    def _take(self, limit: Limit, too_much: Int64s) -> None:
        earner = np.flatnonzero(too_much).astype(np.int32)
        self.add(limit, (earner, np.zeros(len(earner), np.int16), too_much[earner]))

    def per_earner(self, limit: Int64s) -> None:
        """Take off what is more than each earner's limit; a limit below zero is none."""
        self._take(Limit.PER_EARNER, np.where(limit >= 0, np.maximum(self.have - limit, 0), 0))

    def per_holder(self, limit: int) -> None:
        """Take off what is more than the limit for all members of a holder, in proportion."""
        network = self.ground.network
        holder = self.ground.snapshot.holder[network.order]
        there = np.flatnonzero(self.have)
        if not len(there):
            return
        rows = there[np.lexsort((network.member[there], holder[there]))]
        have = self.have[rows]
        first = np.flatnonzero(np.append(True, np.diff(holder[rows]) != 0))
        over = np.maximum(np.add.reduceat(have, first) - limit, 0)
        too_much = np.zeros(len(self.have), np.int64)
        too_much[rows] = part_in_groups(np.append(first, len(rows)), over, np.maximum(have, 0))
        self._take(Limit.PER_HOLDER, too_much)

    def all_together(self, by: Limit, limit: int) -> None:
        """Take off everybody's part of what is more than the limit, by one factor."""
        if exact_sum(self.have) <= limit:
            return
        earner = np.flatnonzero(self.have > 0)
        weight = self.have[earner]
        kept = part_by_weight(limit, weight, self.ground.network.member[earner])
        too_much = np.zeros(len(self.have), np.int64)
        too_much[earner] = weight - kept
        self._take(by, too_much)


def _together(ground: Ground, paid: Iterable[Paid]) -> Int64s:
    total = np.zeros(ground.size, np.int64)
    for part in paid:
        part.add_to(total)
    return total


def _limits_by_grade(ground: Ground, rates: Rates) -> Int64s:
    """Return each row's limit, `NOT_COVERED` for grades without one."""
    return graded(ground, rates).rates()


def _limits_by_market(ground: Ground, limits: ByMarket[int | None]) -> Int64s:
    table = np.array([NOT_COVERED if limit is None else limit for limit in limits], np.int64)
    return table[np.where(ground.market < len(table), ground.market, 0)]


def _worth(ground: Ground, limit: int, of: int) -> int:
    """Return an amount of money; of a figure, that part of its worth, rounded toward zero."""
    if of < 0:
        return limit
    num, den = ground.plan.amount_of(limit)
    return max(rounded_fraction(volume_of_all(ground, of) * num, den, Rounding.TOWARD_ZERO), 0)
