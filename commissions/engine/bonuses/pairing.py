"""Pairing: what is taken off both legs of a binary, and what that pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.cycling import cycle_everybody
from commissions.engine.bonuses.settling import amounts_of, by_earner
from commissions.engine.carried import carried_total
from commissions.engine.earned import NO_DIRECT, Direct, Evidence, direct_lines
from commissions.engine.grades import Money, graded, money_of
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT, absolute_total, check_bounds, share
from commissions.engine.plan import NOT_COVERED, BinaryRule, Cycle, Rates
from commissions.engine.rounding import PPM
from commissions.engine.sharing import rounded_fraction

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """What is taken off each row's legs, the lines, and the cycles so far, this period included."""

    left: Int64s
    right: Int64s
    lines: Direct
    cycles: Int64s


def has_pay(ground: Ground, rule: BinaryRule) -> Bools:
    """Tell whose grade has a rate, or pay in any of the steps; 0 is one, too."""
    tables = [cycle.pays for cycle in rule.cycles] if rule.rates is None else [rule.rates]
    found = np.zeros(ground.size, np.bool_)
    for rates in tables:
        found |= graded(ground, rates).rates() != NOT_COVERED
    return found


def pair(
    ground: Ground, rule: BinaryRule, left: Int64s, right: Int64s, paired: Bools, paid: Bools
) -> Paired:
    """Pair the legs of all who are `paired`; of those, only who is `paid` has lines."""
    if rule.rates is None:
        return _by_cycles(ground, rule, left, right, paired, paid)
    matched = np.where(paired, np.maximum(np.minimum(left, right), 0), 0)
    stronger = np.maximum(left, right)
    lines = _by_rates(ground, rule, rule.rates, np.where(paid, matched, 0), stronger)
    return Paired(matched, matched, lines, np.zeros(0, np.int64))


def _by_rates(
    ground: Ground, rule: BinaryRule, rates: Rates, matched: Int64s, stronger: Int64s
) -> Direct:
    grades = graded(ground, rates)
    money = money_of(grades.table, ground.plan.amount_of(PPM, rule.part_ppm), matched)
    place = money.places(grades.column(1))[grades.grade]
    earner = np.flatnonzero((matched > 0) & (place >= 0)).astype(np.int32)
    base, place = matched[earner], place[earner]
    if rule.ratio:
        amount = _with_ratio(ground, money, place, base, stronger[earner])
    else:
        amount = amounts_of(ground, base, money, place)
    return direct_lines(
        earner, amount, Evidence.LEGS, rate_ppm=money.ppm[place].astype(np.int32), base=base
    )


def _with_ratio(
    ground: Ground, money: Money, place: NDArray[np.int16], base: Int64s, stronger: Int64s
) -> Int64s:
    """Return base x rate x weaker / stronger, rounded once; of large legs in large integers."""
    rounding = ground.plan.rounding
    amount, small = _ratios(base, stronger, place, money.num, money.den, int(rounding), LIMIT)
    for i in np.flatnonzero(~small).tolist():
        num, den = int(money.num[place[i]]), int(money.den[place[i]])
        amount[i] = rounded_fraction(int(base[i]) ** 2 * num, den * int(stronger[i]), rounding)
    return amount


@kernel
def _ratios(
    base: Int64s, stronger: Int64s, place: NDArray[np.int16], num: Int64s, den: Int64s,
    rounding: int, limit: int,
) -> tuple[Int64s, Bools]:  # fmt: skip
    """Return the amounts of which all products stay below the limit, and which those are.

    >>> at, one = np.zeros(2, np.int16), np.array([1])
    >>> base, stronger = np.array([300, 2**60]), np.array([600, 2**61])
    >>> _ratios(base, stronger, at, one, np.array([10]), 0, 2**62)[1]
    array([ True, False])
    """
    amount, small = np.zeros(len(base), np.int64), np.zeros(len(base), np.bool_)
    for i in range(len(base)):
        n, d = num[place[i]], den[place[i]]
        if base[i] < limit // base[i] // n and d < limit // stronger[i]:
            small[i] = True
            amount[i] = share(base[i] * base[i], n, d * stronger[i], rounding, True)
    return amount, small


def _by_cycles(
    ground: Ground, rule: BinaryRule, left: Int64s, right: Int64s, paired: Bools, paid: Bools
) -> Paired:
    taken_left, taken_right = np.zeros(ground.size, np.int64), np.zeros(ground.size, np.int64)
    cycles = np.zeros(ground.size, np.int64)
    done = cycles
    if rule.steps_for_good:
        done = carried_total(ground, f"{rule.name}.cycles")
    steps = np.array([[step.strong, step.weak, step.times] for step in rule.cycles], np.int64)
    numbers = cycle_everybody(
        left, right, paired, done.copy(), steps, rule.most_cycles, rule.beyond_used_up,
        taken_left, taken_right, cycles,
    )  # fmt: skip
    parts = [
        _step_lines(ground, rule, step, level + 1, np.where(paid, numbers[level], 0))
        for level, step in enumerate(rule.cycles)
    ]
    return Paired(taken_left, taken_right, by_earner(Direct.together(parts)), done + cycles)


def _step_lines(
    ground: Ground, rule: BinaryRule, step: Cycle, level: int, number: Int64s
) -> Direct:
    """Return one step's lines: the number of cycles times the pay of one."""
    grades = graded(ground, step.pays)
    rate = grades.rates()
    earner = np.flatnonzero((number > 0) & (rate > 0)).astype(np.int32)
    if not len(earner):
        return NO_DIRECT
    pay = _pay_of_one(ground, rule, step, rate[earner])
    check_bounds(absolute_total(number), int(pay.max()), 1)
    return direct_lines(
        earner, number[earner] * pay, Evidence.LEGS, level=level,
        rate_ppm=0 if step.pays.is_money else rate[earner].astype(np.int32),
        base=number[earner] * step.weak,
    )  # fmt: skip


def _pay_of_one(ground: Ground, rule: BinaryRule, step: Cycle, rate: Int64s) -> Int64s:
    """Return what one cycle pays at each rate, rounded by itself."""
    if step.pays.is_money:
        return rate
    fraction = ground.plan.amount_of(PPM, rule.part_ppm)
    base = np.full(len(rate), step.of, np.int64)
    money = money_of(rate, fraction, base[:1])
    return amounts_of(ground, base, money, money.places(rate))
