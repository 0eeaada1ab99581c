"""Lets bonuses on a way up pay once more, and writes their lines down by the same kernels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import pay_bonus
from commissions.engine.earned import Book, Paid
from commissions.engine.earnings import Earnings
from commissions.engine.exact import split_over_lines
from commissions.engine.ground import Ground
from commissions.engine.plan import RoundAt
from commissions.engine.sales import places_in

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Lines of some earnings: earning g has lines first[g] to first[g + 1] - 1.

    `place` is of a sale, or of what else the bonus pays on.
    """

    groups: Earnings
    first: Int64s
    place: Rows
    base: Int64s
    amount: Int64s

    @classmethod
    def blank(cls, groups: Earnings) -> Written:
        """Return room for the lines of these earnings."""
        first = np.concatenate([[0], np.cumsum(groups.lines)]).astype(np.int64)
        size = int(first[-1])
        return cls(
            groups, first, np.zeros(size, np.int32), np.zeros(size, np.int64),
            np.zeros(size, np.int64),
        )  # fmt: skip

    def lines_of(self, at: NDArray[np.intp]) -> Int64s:
        """Return the places of the lines of these earnings."""
        return places_in(self.first[at], self.first[at + 1])

    def write(
        self, ground: Ground, index: int, paid: Mapping[int, Paid], at: NDArray[np.intp]
    ) -> None:
        """Write down the lines of these earnings, all of them of one bonus on a way up."""
        nobody = np.full(ground.size, -1, np.int64)
        cursors = {}
        for turn in np.unique(self.groups.turn[at]).tolist():
            here = at[self.groups.turn[at] == turn]
            cursors[turn] = nobody.copy()
            cursors[turn][self.groups.earner[here]] = self.first[here]
        book = Book(cursors, (self.place, self.base, self.amount), nobody)
        pay_bonus(ground, index, paid, book)
        if ground.plan.bonuses[index].round_at != RoundAt.LINE:
            number, own = np.zeros(len(self.place), np.int64), self.lines_of(at)
            number[own] = ground.snapshot.sale[ground.sales.at[self.place[own]]]
            split_over_lines(
                ground, index, self.groups, at, self.first, number, self.base, self.amount
            )
