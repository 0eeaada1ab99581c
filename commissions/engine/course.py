"""Sales on their way up once more, for telling why: whom they meet in each round of a bonus.

It is done on an excerpt of the ground, whose rows are in the order of the bonus's tree. Columns are
by place of a sale; -1 is nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.ground import Ground
from commissions.engine.walking import Round, Walk, value_at

Rows = NDArray[np.int32]
Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A round: of each sale, who is looked at first, who takes the level, and where the way ends.

    Everybody from `first` up to `taker` is met, or, where nobody takes it, up to `last`.
    `is_cut`: it ends at somebody who has others above, whom it would have reached.
    """

    turn: Round
    first: Rows
    taker: Rows
    last: Rows
    is_cut: Bools


class Course:
    """The ways up of all sales of an excerpt in one bonus."""

    def __init__(self, part: Ground, walk: Walk) -> None:
        self.walk = walk
        self.own = part.own
        self.owner = part.sales.owner
        self.parent = part.network.sponsor
        tops = self.parent < 0
        ends = tops if walk.ends is None else walk.ends
        self.above = np.where(ends, np.int32(-1), self.parent)
        """Everybody's parent, with nobody above those who are the last to be met."""
        self.last = tree.nearest(self.parent, ends | tops)
        """Who is the last to be met from each row on."""

    def stretches(self) -> Iterator[Stretch]:
        """Yield every round; of one that only pays, nobody is looked at first."""
        nobody = np.full(len(self.owner), -1, np.int32)
        before: Rows | None = None
        for turn in self.walk.rounds:
            entry = self._entry(turn)
            taker = self._half_at((turn.own, turn.customers), entry)
            if turn.outcome is None:
                yield Stretch(turn, nobody, taker, nobody, nobody >= 0)
                continue
            if turn.first is not None:
                first = value_at(turn.first, entry)
            elif before is None or turn.anew:
                first = entry
            else:
                first = value_at(self.above, before)
            last = value_at(self.last, entry)
            yield Stretch(turn, first, taker, last, (taker < 0) & self.is_cut(last))
            before = taker

    def is_cut(self, last: Rows) -> Bools:
        """Tell whether the last to be met has others above."""
        cut: Bools = value_at(self.parent, last) >= 0
        return cut

    def _half_at(self, halves: tuple[Rows, Rows], rows: Rows) -> Rows:
        """Return at each row what is of own orders, or of customers'; -1 where there is no row."""
        own, customers = halves
        found = value_at(own, rows)
        return found if own is customers else np.where(self.own, found, value_at(customers, rows))

    def either(self, halves: tuple[Rows, Rows]) -> Rows:
        """Return columns of own and of customers' orders by owner as one by place."""
        return self._half_at(halves, self.owner)

    def is_paid(self, stretch: Stretch) -> Bools:
        """Tell which sales pay who takes the level."""
        turn, money, n = stretch.turn, self.walk.money, len(self.parent)
        base = self.walk.load.base if turn.base is None else turn.base
        good = base > 0 if money.is_flat else base != 0
        rate = np.append(turn.rate, np.int16(-1))[np.where(stretch.taker < 0, n, stretch.taker)]
        paid: Bools = good & (rate >= 0)
        return paid

    def _entry(self, turn: Round) -> Rows:
        """Return at whose row each sale enters."""
        if turn.above is None:
            return self.owner
        above = value_at(turn.above, self.owner)
        return above if turn.all_above else np.where(self.own, above, self.owner)
