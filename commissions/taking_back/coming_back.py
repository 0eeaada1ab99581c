"""How much of an earlier run's sales has come back by now, in every sale volume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine.ground import Ground
from commissions.engine.sales import arrange_sales, summed_by_owner
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]


class ComingBack:
    """Figures of sales, `numbers`, that come back bit by bit.

    What has come back of a sale is looked at as a sale of its own: of the same owner, buyer and
    time, so that every sale volume says what it has of it, rounded once for all that came back.
    """

    def __init__(self, ground: Ground, numbers: Iterable[int]) -> None:
        snapshot = ground.snapshot
        self.ground = ground
        self.numbers = np.array(sorted(set(numbers)), np.int64)
        order = np.argsort(snapshot.sale, kind="stable")
        at = order[np.searchsorted(snapshot.sale[order], self.numbers)].astype(np.int32)
        self.columns = {name: np.zeros_like(values) for name, values in snapshot.columns.items()}
        self.of_sale = dict(zip(self.numbers.tolist(), at.tolist(), strict=True))
        few = arrange_sales(snapshot, ground.network, at)
        self.place = {place: k for k, place in enumerate(few.at.tolist())}
        self.few = replace(ground, sales=few, own=snapshot.own[few.at], bases={})
        self.back = replace(self.few, snapshot=replace(snapshot, columns=self.columns), bases={})

    def add(self, sale: int, figures: Mapping[str, int]) -> None:
        """Let so much come back of a sale; figures are not above zero."""
        for name, figure in figures.items():
            if name in self.columns:
                self.columns[name][self.of_sale[sale]] += figure
        self.back.bases.clear()

    def returned(self, figure: int, sale: int) -> int:
        """Return how much of a sale volume has come back of a sale."""
        return -int(self.back.base_of(figure)[self.place[self.of_sale[sale]]])

    def sold(self, figure: int, sale: int) -> int:
        """Return what a sale had in a sale volume."""
        return int(self.few.base_of(figure)[self.place[self.of_sale[sale]]])

    def returned_by_owner(self, figure: int, *, of_those_with_a_figure: bool) -> Int64s:
        """Return how much of a sale volume has come back, by network row of the owner.

        `of_those_with_a_figure`: of the sales that had something in the volume when they were sold.
        """
        base = self.back.base_of(figure)
        if of_those_with_a_figure:
            base = np.where(self.few.base_of(figure) != 0, base, 0)
        return -self._by_owner(self.back, base)

    def sold_by_owner(self, figure: int) -> Int64s:
        """Return what the sales that the run paid on had in a sale volume, by owner."""
        ground = self.ground
        base = ground.base_of(figure)
        if not ground.snapshot.calm:
            at = ground.sales.at
            paid_on = ground.snapshot.pays[at] & ~ground.snapshot.late[at]
            base = np.where(paid_on, base, 0)
        return self._by_owner(ground, base)

    def _by_owner(self, ground: Ground, base: Int64s) -> Int64s:
        keeps = ground.allowed(Flag.KEEPS_VOLUME)
        found: Int64s = summed_by_owner(ground.sales.start, base, keeps)
        return found
