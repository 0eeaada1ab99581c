"""Sales on their way up: who is met, who is paid, round by round, for the whole network at once.

All sales of one owner meet the same people, so the way up is worked out once per owner and
**round**: a round names for every owner at most one earner, at a rate that the earner alone
decides. A kind of bonus is a sequence of rounds; paying them, writing single lines and telling why
is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.earned import Book, Earned, gathered_earnings
from commissions.engine.frames import Frame
from commissions.engine.grades import Money
from commissions.engine.money import share
from commissions.engine.plan import BonusRule, RoundAt
from commissions.engine.sales import Sales

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int16]
Outcomes = NDArray[np.uint8]

BEFORE_THE_FIRST = -2
"""Instead of who took a level: nobody yet."""


@kernel
def go_up(parent: Rows, uses: Bools, found: Rows, stop: Rows) -> None:
    """Move every entry on to the next upline who uses up the level; -1 beyond the top.

    Rows are in the tree's order. `found[row]` is who took the level before of what enters at
    `row`, or `BEFORE_THE_FIRST`. `stop` is room to work in; it holds the nearest user of each
    row, itself first, when this is done.
    """
    for row in range(len(parent)):
        if uses[row]:
            stop[row] = row
        elif parent[row] < 0:
            stop[row] = -1
        else:
            stop[row] = stop[parent[row]]
    for row in range(len(parent)):
        if found[row] == BEFORE_THE_FIRST:
            found[row] = stop[row]
        elif found[row] >= 0:
            above = parent[found[row]]
            found[row] = stop[above] if above >= 0 else -1


def next_above(parent: Rows, found: Rows) -> Rows:
    """Return the row above each row found; entries that have not begun are at their own row.

    >>> next_above(np.array([-1, 0, 1], np.int32), np.array([-2, 0, 2], np.int32))
    array([ 0, -1,  1], dtype=int32)
    """
    itself = np.arange(len(parent), dtype=np.int32)
    return np.where(found == BEFORE_THE_FIRST, itself, value_at(parent, found))


def value_at(values: Rows, rows: Rows) -> Rows:
    """Return the value at each row, -1 where there is no row."""
    return np.append(values, np.int32(-1))[np.maximum(rows, -1)]


@kernel
def _by_network(found: Rows, row: Rows, place: Rows) -> Rows:
    out = np.empty(len(found), np.int32)
    for at in range(len(found)):
        earner = found[place[at]]
        out[at] = row[earner] if earner >= 0 else earner
    return out


def in_network(frame: Frame, found: Rows) -> Rows:
    """Return who was found, given by a tree's order, by network row."""
    if frame.row is None or frame.place is None:
        return found
    return _by_network(found, frame.row, frame.place)


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """What goes up: bases grouped by owner like `Sales`, own ones first."""

    start: Int64s
    middle: Int64s
    base: Int64s

    @classmethod
    def of_sales(cls, sales: Sales, base: Int64s) -> Load:
        """Return the sales' bases as a load."""
        return cls(sales.start, sales.middle, base)


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """Who is paid what on one level, by network rows. It holds until the next one is made.

    The earner of what an owner bought is `own[owner]`, or with `above` (everybody's parent in the
    bonus's tree) `own[above[owner]]`; of what customers bought it is `customers[owner]`, or with
    `all_above` that of the parent, too; -1 is nobody. `rate` is the place of each earner's rate in
    the bonus's `Money`, -1 where nothing is paid. `base` stands in for the load's where only some
    of it is paid on.
    """

    level: int
    own: Rows
    customers: Rows
    rate: Places
    above: Rows | None = None
    all_above: bool = False
    base: Int64s | None = None
    outcome: Outcomes | None = None
    """What happens at each network row in this round (`Outcome`); a round without it only pays."""
    first: Rows | None = None
    """Who is looked at first, read like `own`; None: who is above the earner of the round before.

    In the first round, and where sales set out `anew`, None is whom they meet first.
    """
    anew: bool = False
    about: Bools | None = None
    """Whom this round tells of, by network row; None: everybody."""


NO_ROWS = np.zeros(0, np.int32)
NO_CURSOR = np.zeros(0, np.int64)


@kernel
def _pay(  # noqa: C901, PLR0912, PLR0915 # long: one loop, in which every call would cost
    start: Int64s, middle: Int64s, base: Int64s,
    own: Rows, customers: Rows, above: Rows, all_above: bool, rate: Places,
    num: Int64s, den: Int64s, fits: Bools, flat: bool, rounding: int, exact: bool,
    base_sum: Int64s, amount_sum: Int64s, lines: Int64s,
    record: bool, cursor: Int64s, out_place: Rows, out_base: Int64s, out_amount: Int64s,
) -> None:  # fmt: skip
    """Add one round's lines to their earners.

    With `record` only to those whose lines are wanted, and these are written down. With `exact`
    amounts are left alone: they are worked out of the sums of bases later.
    """
    n = len(rate)
    for half in range(2 * n):
        owner = half // 2
        if half % 2 == 0:
            first, last = start[owner], middle[owner]
            if first == last:
                continue
            entry = owner if len(above) == 0 else above[owner]
            earner = own[entry] if entry >= 0 else -1
        else:
            first, last = middle[owner], start[owner + 1]
            if first == last:
                continue
            entry = above[owner] if all_above else owner
            earner = customers[entry] if entry >= 0 else -1
        if earner < 0 or rate[earner] < 0 or (record and cursor[earner] < 0):
            continue
        at = rate[earner]
        bases_here, amounts_here, lines_here = 0, 0, 0
        for place in range(first, last):
            if base[place] == 0 or (flat and base[place] < 0):
                continue
            if flat:
                amount = num[at]
            elif exact:
                amount = 0
            else:
                amount = share(base[place], num[at], den[at], rounding, fits[at])
            bases_here += base[place]
            amounts_here += amount
            lines_here += 1
            if record:
                out_place[cursor[earner]] = place
                out_base[cursor[earner]] = base[place]
                out_amount[cursor[earner]] = amount
                cursor[earner] += 1
        base_sum[earner] += bases_here
        amount_sum[earner] += amounts_here
        lines[earner] += lines_here


@dataclass(frozen=True, slots=True, eq=False)
class Unpaid:
    """Why people on a way up are not paid, of kinds whose rounds only say who is.

    `reason` is by network row. `first` and `begins` are by owner, of own and of customers' orders:
    who is met first, and from whom on anybody is paid (network rows, -1: nobody).
    `buyer_aside`: the buyer of an own order is met, and never paid.
    """

    reason: Outcomes
    first: tuple[Rows, Rows]
    begins: tuple[Rows, Rows]
    buyer_aside: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """One bonus's way up: what goes up, round by round, and what rates make of it.

    The rest is for telling why. Whoever `ends` says is the last to be met (network rows; None:
    nobody is). Where rounds do not say what happens to whom, `unpaid` does.
    """

    load: Load
    money: Money
    rounds: Iterable[Round]
    ends: Bools | None = None
    unpaid: Callable[[], Unpaid] | None = None


def pay_walk(walk: Walk, rule: BonusRule, rounding: int, book: Book | None = None) -> Earned:
    """Return what a bonus's way up pays; what is not rounded line by line is 0 until `exact`."""
    exact = rule.round_at != RoundAt.LINE
    return pay_rounds(walk.load, walk.rounds, walk.money, rounding, exact=exact, book=book)


def pay_rounds(
    load: Load,
    rounds: Iterable[Round],
    money: Money,
    rounding: int,
    *,
    exact: bool = False,
    book: Book | None = None,
) -> Earned:
    """Return what each earner is paid in each round.

    Into a book, if given, single lines are written, and only what those earners have is returned
    whose lines it wants. With `exact`, amounts are left at 0.
    """
    sums: tuple[Int64s, Int64s, Int64s] | None = None
    parts = []
    for number, turn in enumerate(rounds):
        if sums is None:
            n = len(turn.rate)
            sums = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
        cursor = NO_CURSOR if book is None else book.cursor(number)
        _pay(
            load.start, load.middle, load.base if turn.base is None else turn.base,
            turn.own, turn.customers, NO_ROWS if turn.above is None else turn.above,
            turn.all_above, turn.rate,
            money.num, money.den, money.fits, money.is_flat, rounding, exact,
            *sums, book is not None, cursor,
            *((NO_ROWS, NO_CURSOR, NO_CURSOR) if book is None else book.columns),
        )  # fmt: skip
        parts.append(gathered_earnings(number, turn.level, turn.rate, money.ppm, *sums))
    earned = Earned.together(parts)
    return replace(earned, rate_ppm=np.zeros_like(earned.rate_ppm)) if money.is_flat else earned
