"""Single lines, worked out again on demand by the kernels that pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import pay_bonus
from commissions.engine.bonuses.shape import Recorder
from commissions.engine.errors import BooksBroken
from commissions.engine.plan import BonusRule, Plan
from commissions.engine.run import Earnings, RunResult, merge_by_earner
from commissions.engine.sales import Sales, arrange_sales
from commissions.engine.snapshot import Snapshot
from commissions.engine.standings import Ground

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """One amount each, with the sale it was paid on.

    In the order of earner (network row), bonus, level, and then of the sale's way up: where it
    entered, by network row, and its number. `base` is in hundredths of a point.
    """

    sale: Int64s
    earner: NDArray[np.int32]
    bonus: NDArray[np.int16]
    level: NDArray[np.int16]
    rate_ppm: NDArray[np.int32]
    base: Int64s
    amount: Int64s


def ground_of(snapshot: Snapshot, plan: Plan, result: RunResult, sales: Sales) -> Ground:
    """Return what the run's bonuses saw, with these sales."""
    flags = snapshot.flags[result.network.order]
    return Ground(snapshot, result.network, plan, sales, flags, result.standings, {})


def lines_of(
    snapshot: Snapshot,
    plan: Plan,
    result: RunResult,
    *,
    earner: int | None = None,
    sale: int | None = None,
    rows: range | None = None,
) -> Lines:
    """Return the lines behind a result: all, or those of one earner, one sale, or of both.

    `earner` and `sale` are numbers from outside; `KeyError` if there is no such one. `rows` is a
    range of network rows, to take a large run's lines in parts: parts in order are all lines.
    """
    only = None if sale is None else _place_of(snapshot, sale)
    sales = arrange_sales(snapshot, result.network, only)
    ground = ground_of(snapshot, plan, result, sales)
    groups = result.earnings if sale is None else _pay_again(ground)
    if earner is not None:
        at = result.network.row_of(earner)
        rows = range(at, at + 1)
    if rows is not None:
        groups = _of_rows(groups, rows)
    return _recorded(ground, groups)


def _place_of(snapshot: Snapshot, sale: int) -> NDArray[np.int32]:
    found = np.flatnonzero(snapshot.sale == sale).astype(np.int32)
    if not len(found):
        raise KeyError(sale)
    return found


def _pay_again(ground: Ground) -> Earnings:
    parts = [(k, pay_bonus(ground, rule)) for k, rule in enumerate(ground.plan.bonuses)]
    return merge_by_earner(len(ground.network.member), parts)


def _of_rows(groups: Earnings, rows: range) -> Earnings:
    begin, end = np.searchsorted(groups.earner, [rows.start, rows.stop])
    kept = slice(int(begin), int(end))
    return Earnings(
        groups.earner[kept], groups.bonus[kept], groups.level[kept], groups.rate_ppm[kept],
        groups.base[kept], groups.amount[kept], groups.lines[kept],
    )  # fmt: skip


def _recorded(ground: Ground, groups: Earnings) -> Lines:
    first = np.concatenate([[0], np.cumsum(groups.lines)])
    size = int(first[-1])
    place = np.empty(size, np.int32)
    base, amount = np.empty(size, np.int64), np.empty(size, np.int64)
    for index, rule in enumerate(ground.plan.bonuses):
        cursor = _cursors(ground, groups, first[:-1], index, rule)
        pay_bonus(ground, rule, Recorder(cursor, place, base, amount))
    lines = Lines(
        sale=ground.snapshot.sale[ground.sales.at[place]],
        earner=np.repeat(groups.earner, groups.lines),
        bonus=np.repeat(groups.bonus, groups.lines),
        level=np.repeat(groups.level, groups.lines),
        rate_ppm=np.repeat(groups.rate_ppm, groups.lines),
        base=base,
        amount=amount,
    )
    _check_sums(groups, lines, first)
    return lines


def _cursors(
    ground: Ground, groups: Earnings, first: Int64s, index: int, rule: BonusRule
) -> tuple[Int64s, ...]:
    depth: int = getattr(rule, "depth", 1)
    cursors = []
    for level in range(1, depth + 1):
        cursor = np.full(len(ground.network.member), -1, np.int64)
        here = (groups.bonus == index) & (groups.level == level)
        cursor[groups.earner[here]] = first[here]
        cursors.append(cursor)
    return tuple(cursors)


def _check_sums(groups: Earnings, lines: Lines, first: Int64s) -> None:
    if not len(groups.earner):
        return
    summed = np.add.reduceat(lines.amount, first[:-1])
    if not np.array_equal(summed, groups.amount):
        raise BooksBroken("lines do not add up to the earnings they belong to")
