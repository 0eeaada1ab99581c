"""What bonuses have in common whose lines are worked out at once, not sale by sale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.carried import rows_of
from commissions.engine.earned import Direct, Left
from commissions.engine.grades import Money
from commissions.engine.ground import Ground
from commissions.engine.money import share

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int16]


def amounts_of(ground: Ground, base: Int64s, money: Money, place: Places) -> Int64s:
    """Return what each base is worth at the rate in its place, each rounded once."""
    return _amounts(base, place, money.num, money.den, money.fits, int(ground.plan.rounding))


@kernel
def _amounts(
    base: Int64s, place: Places, num: Int64s, den: Int64s, fits: Bools, rounding: int
) -> Int64s:
    amount = np.empty(len(base), np.int64)
    for i in range(len(base)):
        at = place[i]
        amount[i] = share(base[i], num[at], den[at], rounding, fits[at])
    return amount


def by_earner(lines: Direct) -> Direct:
    """Return the lines in the order of earners; those of one keep theirs."""
    order = np.argsort(lines.earner, kind="stable")
    return Direct(*(getattr(lines, name)[order] for name in Direct.__slots__))


def was_paid(ground: Ground, name: str, number: int) -> Bools:
    """Tell whom a state key says that this level, or rank, was paid once for good."""
    row, _, value = rows_of(ground, name)
    paid = np.zeros(ground.size, np.bool_)
    paid[row[value == number]] = True
    return paid


def paid_once(ground: Ground, name: str, lines: Direct) -> Left:
    """Return what was paid before and what is paid now, a number for each line's level."""
    row, _, value = rows_of(ground, name)
    rows = np.concatenate([row, lines.earner])
    values = np.concatenate([value, lines.level.astype(np.int64)])
    order = np.lexsort((values, rows))
    return Left(name.rpartition(".")[2], rows[order].astype(np.int32), -1, values[order])
