"""What bonuses give back: sums of lines by earner, and lines that stand for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bounds import refuse_from_limit, size_of
from commissions.engine.columns import add_by_row
from commissions.engine.money import LIMIT

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Places = NDArray[np.int16]


class Evidence(IntEnum):
    """What a line rests on. A sale has its number as source, all others a member's."""

    SALE = 0
    EARNINGS = 1
    GROUP = 2
    LEGS = 3
    LEVEL = 4
    SHAPE = 5
    POOL = 6


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """Sums of rounded lines: rows in the order of round, then earner (network row)."""

    earner: Rows
    turn: Places
    level: Places
    rate_ppm: Rows
    base: Int64s
    amount: Int64s
    lines: Int64s

    @classmethod
    def together(cls, parts: Sequence[Earned]) -> Earned:
        """Return several parts as one, one after the other."""
        if not parts:
            return NOTHING_EARNED
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__)
        )


NOTHING_EARNED = Earned(
    np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(0, np.int16), np.zeros(0, np.int32),
    np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64),
)  # fmt: skip


@kernel
def _gather(
    rate: Places, ppm: Int64s, base_sum: Int64s, amount_sum: Int64s, lines: Int64s
) -> tuple[Rows, Rows, Int64s, Int64s, Int64s]:
    """Return the rows that have lines, with rate and sums, and set the sums back to zero."""
    size = 0
    for row in range(len(lines)):
        size += lines[row] > 0
    earner = np.empty(size, np.int32)
    rates = np.empty(size, np.int32)
    bases_out, amounts = np.empty(size, np.int64), np.empty(size, np.int64)
    counts = np.empty(size, np.int64)
    k = 0
    for row in range(len(lines)):
        if lines[row] > 0:
            earner[k], rates[k] = row, ppm[rate[row]]
            bases_out[k], amounts[k], counts[k] = base_sum[row], amount_sum[row], lines[row]
            base_sum[row], amount_sum[row], lines[row] = 0, 0, 0
            k += 1
    return earner, rates, bases_out, amounts, counts


def gathered_earnings(
    turn: int, level: int, rate: Places, ppm: Int64s, base: Int64s, amount: Int64s, lines: Int64s
) -> Earned:
    """Return one round's sums, and set the columns of sums back to zero."""
    earner, rates, bases, amounts, counts = _gather(rate, ppm, base, amount, lines)
    size = len(earner)
    return Earned(
        earner, np.full(size, turn, np.int16), np.full(size, level, np.int16), rates, bases,
        amounts, counts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Where a bonus writes single lines: columns of place in the load, base and amount.

    `cursors[turn]` holds, for each earner, the place of the next line of that round; -1 for an
    earner whose lines are not wanted.
    """

    cursors: dict[int, Int64s]
    columns: tuple[Rows, Int64s, Int64s]
    nobody: Int64s

    def cursor(self, turn: int) -> Int64s:
        """Return the cursors of a round; of one that nobody wants, all -1."""
        return self.cursors.get(turn, self.nobody)


@dataclass(frozen=True, slots=True, eq=False)
class Direct:
    """Lines that are there already, one row each: of bonuses that are not paid sale by sale.

    `source` is a network row, -1 where there is none; `source_bonus` a place in `Plan.bonuses`
    whose earnings are the evidence, -1 for all of them.
    """

    earner: Rows
    level: Places
    rate_ppm: Rows
    base: Int64s
    amount: Int64s
    evidence: NDArray[np.int8]
    source: Rows
    source_bonus: Places

    @classmethod
    def together(cls, parts: Sequence[Direct]) -> Direct:
        """Return several parts as one, one after the other."""
        if not parts:
            return NO_DIRECT
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__)
        )


NO_DIRECT = Direct(
    np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(0, np.int32), np.zeros(0, np.int64),
    np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.int32), np.zeros(0, np.int16),
)  # fmt: skip


def direct_lines(
    earner: Rows,
    amount: Int64s,
    evidence: Evidence,
    *,
    level: int | Places = 0,
    rate_ppm: int | Rows = 0,
    base: Int64s | None = None,
    source: Rows | None = None,
    source_bonus: int = -1,
) -> Direct:
    """Return lines with what is the same for all filled in; left out, `source` is the earner."""
    size = len(earner)
    return Direct(
        earner=earner.astype(np.int32),
        level=np.full(size, level, np.int16) if isinstance(level, int) else level,
        rate_ppm=np.full(size, rate_ppm, np.int32) if isinstance(rate_ppm, int) else rate_ppm,
        base=np.zeros(size, np.int64) if base is None else base,
        amount=amount,
        evidence=np.full(size, int(evidence), np.int8),
        source=earner.astype(np.int32) if source is None else source.astype(np.int32),
        source_bonus=np.full(size, source_bonus, np.int16),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """State that a bonus leaves under `BONUS.key`: network rows, ages (-1: undated) and values."""

    key: str
    row: Rows
    age: int | Rows
    value: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Paid:
    """All that one bonus, cap or deduction pays: sums that can be told line by line, and lines.

    `left` is what a bonus leaves to the next period, all that it was left itself included.
    """

    earned: Earned = NOTHING_EARNED
    direct: Direct = NO_DIRECT
    left: tuple[Left, ...] = ()

    @property
    def total(self) -> int:
        """Return the sum of all amounts."""
        return int(self.earned.amount.sum()) + int(self.direct.amount.sum())

    def size(self, room: int) -> int:
        """Return what all amounts come to at most, regardless of sign; exact if not below room."""
        earned = size_of(self.earned.amount, room).together
        return earned + size_of(self.direct.amount, room - earned).together

    def by_earner(self, n: int) -> Int64s:
        """Return what each network row is paid."""
        amount = np.zeros(n, np.int64)
        self.add_to(amount)
        return amount

    def add_to(self, total: Int64s) -> None:
        """Add what each network row is paid to a column."""
        add_by_row(total, self.earned.earner, self.earned.amount)
        add_by_row(total, self.direct.earner, self.direct.amount)


def check_total(paid: Mapping[int, Paid]) -> None:
    """Refuse pay that could leave 64 bits when all of it is added up."""
    together = 0
    for part in paid.values():
        together += part.size(LIMIT - together)
        refuse_from_limit(together, "all payments together")
