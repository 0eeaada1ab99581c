"""Reward: fixed money for something reached, each period or once for good."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.meeting import qualified_for
from commissions.engine.bonuses.settling import by_earner, paid_once, was_paid
from commissions.engine.bottom_up import work_out_alone
from commissions.engine.earned import Direct, Evidence, Paid, direct_lines
from commissions.engine.grades import graded
from commissions.engine.ground import Ground
from commissions.engine.money import absolute_total, check_bounds
from commissions.engine.plan import (
    Asks,
    GradeBy,
    PeopleFigure,
    Requirement,
    RewardRule,
    Term,
)
from commissions.engine.sold import of_downline, sale_numbers

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

ONE = 100
"""One time, written as one point."""


def pay_reward(ground: Ground, rule: RewardRule) -> Paid:
    """Return what each earner is paid, and, if it is once for good, the ranks paid so far."""
    times = np.ones(ground.size, np.int64)
    if rule.for_each >= 0:
        times = ground.standings.figures[rule.for_each]
    good = qualified_for(ground, rule) & _in_time(ground, rule) & (times > 0)
    good &= rests_on_sales(ground, rule)
    if not rule.once:
        return Paid(direct=_lines(0, good, graded(ground, rule.pays).rates(), times))
    name, parts = f"{rule.name}.rank", []
    own = _own_rank(ground, rule.pays.by)
    for rank in range(1, len(ground.plan.ranks) + 1):
        due = good & (own >= rank) & ~was_paid(ground, name, rank)
        parts.append(_lines(rank, due, _money_of_rank(ground, rule, rank), times))
    lines = by_earner(Direct.together(parts))
    return Paid(direct=lines, left=(paid_once(ground, name, lines),))


def _lines(level: int, good: Bools, money: Int64s, times: Int64s) -> Direct:
    earner = np.flatnonzero(good & (money > 0)).astype(np.int32)
    money, times = money[earner], times[earner]
    check_bounds(absolute_total(times), max(int(money.max(initial=0)), ONE), 1)
    return direct_lines(earner, times * money, Evidence.GROUP, level=level, base=times * ONE)


def _own_rank(ground: Ground, by: GradeBy) -> NDArray[np.int16]:
    found = ground.standings
    return {GradeBy.TITLE: found.title, GradeBy.HIGHEST: found.highest}.get(by, found.paid_as)


def _money_of_rank(ground: Ground, rule: RewardRule, rank: int) -> Int64s:
    """Return what each row's market pays for a rank; `NOT_COVERED` where the plan names it not."""
    table = rule.pays.table
    market = np.where(ground.market < len(table), ground.market, 0)
    rows = [by_grade[min(rank, len(by_grade) - 1)][0] for by_grade in table]
    return np.array(rows, np.int64)[market]


def _in_time(ground: Ground, rule: RewardRule) -> Bools:
    """Tell whose joining is not too long before the period's last day."""
    snapshot, order = ground.snapshot, ground.network.order
    good = np.ones(ground.size, np.bool_)
    if rule.within_days:
        good &= snapshot.last_day - snapshot.joined_day[order] < rule.within_days
    if rule.within_months:
        good &= snapshot.last_month - snapshot.joined_month[order] < rule.within_months
    return good


def rests_on_sales(ground: Ground, rule: RewardRule) -> Bools:
    """Tell for whom there is a sale: of oneself and the downline, or of those who are counted."""
    sales = sale_numbers(ground)
    if rule.for_each < 0:
        return (sales + of_downline(ground.frame(rule.tree), sales)) > 0
    figure = ground.plan.figures[rule.for_each]
    if not isinstance(figure, PeopleFigure):
        raise TypeError(f"{figure.name} counts nobody")
    with_ranks = rule.for_each in ground.plan.during
    counted = _counted_with_sales(ground, figure, sales, as_with_ranks=with_ranks)
    return (sales > 0) | (counted > 0)


def _counted_with_sales(
    ground: Ground, figure: PeopleFigure, sales: Int64s, *, as_with_ranks: bool
) -> Int64s:
    """Return how many of the people that a figure counts have a sale.

    The same count is asked with one condition more, of a figure that stands behind the plan's.
    """
    size = len(ground.plan.figures)
    has_sale = Requirement("a sale", (Term(Asks.AT_LEAST, size),))
    stricter = replace(figure, who=(*figure.who, has_sale))
    plan = replace(ground.plan, figures=(*ground.plan.figures, figure, stricter))
    nothing = np.zeros(ground.size, np.int64)
    found = replace(ground.standings, figures=[*ground.standings.figures, sales, nothing])
    aside = replace(ground, plan=plan, standings=found, ready=set())
    work_out_alone(aside, size + 1, as_with_ranks=as_with_ranks)
    return found.figures[size + 1]
