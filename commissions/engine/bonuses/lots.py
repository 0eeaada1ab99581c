"""Volume that a leg carries, in lots by age: the oldest are used first, the newest lost first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.carried import rows_of
from commissions.engine.earned import Left
from commissions.engine.errors import TooLarge
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT, absolute_total

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """One leg of everybody. Lots of row r are places start[r] to start[r + 1] - 1, oldest first.

    The last one of each row is what this period adds, of age 0.
    """

    start: Int64s
    age: Rows
    value: Int64s

    @classmethod
    def of(cls, ground: Ground, name: str, new: Int64s, *, oldest: int) -> Lots:
        """Return the lots of a state key that are not too old (`oldest` 0: none is), and new."""
        row, age, value = rows_of(ground, name)
        if oldest:
            kept = age <= oldest
            row, age, value = row[kept], age[kept], value[kept]
        if absolute_total(value) >= LIMIT // 4:
            raise TooLarge(f"{name}: all volumes together leave 64 bits")
        return cls(*_laid_out(row, age, value, new))

    def has(self) -> Int64s:
        """Pay back lots below zero; return what each row has in the leg then."""
        return _settled(self.start, self.value)

    def take(self, amount: Int64s) -> None:
        """Take so much off each row's lots, the oldest first; nobody has less than that."""
        _take_oldest(self.start, self.value, amount)

    def lose(self, who: Bools) -> None:
        """Take away all that these rows have."""
        _lose(self.start, self.value, who)

    def keep_most(self, most: int) -> None:
        """Take off the newest lots what somebody has too much."""
        _keep_oldest(self.start, self.value, most)

    def left(self, key: str) -> Left:
        """Return what is left, lot by lot."""
        return Left(key, *_what_is_left(self.start, self.age, self.value))


@kernel
def _laid_out(row: Rows, age: Rows, value: Int64s, new: Int64s) -> tuple[Int64s, Rows, Int64s]:
    """Return where each row's lots begin, ages and values, the oldest first and the new one last.

    >>> row, age = np.array([1, 1], np.int32), np.array([1, 2], np.int32)
    >>> _laid_out(row, age, np.array([10, 20]), np.array([5, 6]))[2]
    array([ 5, 20, 10,  6])
    """
    n = len(new)
    start = np.zeros(n + 1, np.int64)
    for i in range(len(row)):
        start[row[i] + 1] += 1
    for at in range(n):
        start[at + 1] += start[at] + 1
    ages, values = np.zeros(start[n], np.int32), np.empty(start[n], np.int64)
    following = start[:n].copy()
    for i in range(len(row) - 1, -1, -1):
        at = row[i]
        place = following[at]
        while place > start[at] and ages[place - 1] < age[i]:
            ages[place], values[place] = ages[place - 1], values[place - 1]
            place -= 1
        ages[place], values[place] = age[i], value[i]
        following[at] += 1
    for at in range(n):
        values[start[at + 1] - 1] = new[at]
    return start, ages, values


@kernel
def _settled(start: Int64s, value: Int64s) -> Int64s:
    """Pay back lots below zero and return each row's sum; then its lots are all of one sign.

    New volume pays first, then the oldest lots; the oldest debts are paid first.

    >>> start, value = np.array([0, 3, 6]), np.array([-5, 20, 8, 7, 9, -10])
    >>> _settled(start, value), value
    (array([23,  6]), array([ 0, 20,  3,  0,  6,  0]))
    """
    has = np.zeros(len(start) - 1, np.int64)
    for row in range(len(has)):
        new = start[row + 1] - 1
        for place in range(start[row], new):
            if value[place] < 0 and value[new] > 0:
                paid = min(-value[place], value[new])
                value[place] += paid
                value[new] -= paid
        debt, other = start[row], start[row]
        while debt <= new and other <= new:
            if value[debt] >= 0:
                debt += 1
            elif value[other] <= 0:
                other += 1
            else:
                paid = min(-value[debt], value[other])
                value[debt] += paid
                value[other] -= paid
        for place in range(start[row], new + 1):
            has[row] += value[place]
    return has


@kernel
def _take_oldest(start: Int64s, value: Int64s, amount: Int64s) -> None:
    """Take off lots above zero, from the front.

    >>> value = np.array([5, 20, 8])
    >>> _take_oldest(np.array([0, 3]), value, np.array([11]))
    >>> value
    array([ 0, 14,  8])
    """
    for row in range(len(amount)):
        missing, place = amount[row], start[row]
        while missing > 0 and place < start[row + 1]:
            part = min(value[place], missing)
            value[place] -= part
            missing -= part
            place += 1


@kernel
def _keep_oldest(start: Int64s, value: Int64s, most: int) -> None:
    """Take off lots above zero what is more than `most`, from the end.

    >>> value = np.array([5, 20, 8])
    >>> _keep_oldest(np.array([0, 3]), value, 15)
    >>> value
    array([ 5, 10,  0])
    """
    for row in range(len(start) - 1):
        too_much = -most
        for place in range(start[row], start[row + 1]):
            too_much += value[place]
        place = start[row + 1] - 1
        while too_much > 0:
            part = min(value[place], too_much)
            value[place] -= part
            too_much -= part
            place -= 1


@kernel
def _lose(start: Int64s, value: Int64s, who: Bools) -> None:
    for row in range(len(who)):
        if who[row]:
            value[start[row] : start[row + 1]] = 0


@kernel
def _what_is_left(start: Int64s, age: Rows, value: Int64s) -> tuple[Rows, Rows, Int64s]:
    """Return row, age and value of every lot that is not 0, the newest of a row first."""
    size = 0
    for place in range(len(value)):
        size += value[place] != 0
    rows, ages = np.empty(size, np.int32), np.empty(size, np.int32)
    values = np.empty(size, np.int64)
    k = 0
    for row in range(len(start) - 1):
        for place in range(start[row + 1] - 1, start[row] - 1, -1):
            if value[place] != 0:
                rows[k], ages[k], values[k] = row, age[place], value[place]
                k += 1
    return rows, ages, values
