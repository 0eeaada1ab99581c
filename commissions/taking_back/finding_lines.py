"""The lines of a run, found by what they rest on and by whom they pay."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from commissions.engine.earned import Evidence
from commissions.engine.ground import Ground
from commissions.engine.lines import Lines

Int64s = NDArray[np.int64]


class LineFinder:
    """Finds places in `lines`, which are in the order of earners; of sales only the ones given."""

    def __init__(self, ground: Ground, lines: Lines, sales: Int64s) -> None:
        self.ground = ground
        self.lines = lines
        self._sale_order = np.argsort(ground.snapshot.sale, kind="stable")
        self._pays: dict[int, Int64s] = {}
        self._amounts: dict[int, Int64s] = {}
        self._earnings: dict[int, dict[tuple[int, int], list[int]]] = {}
        self._sales: dict[tuple[int, int], list[int]] = defaultdict(list)
        on_sale = lines.evidence == int(Evidence.SALE)
        here = np.flatnonzero(on_sale & np.isin(lines.source, sales))
        for line, pay, sale in zip(
            here.tolist(), lines.bonus[here].tolist(), lines.source[here].tolist(), strict=True
        ):
            self._sales[pay, sale].append(line)

    def of_pay(self, pay: int) -> Int64s:
        """Return the lines of a bonus, cap or deduction."""
        if pay not in self._pays:
            self._pays[pay] = np.flatnonzero(self.lines.bonus == pay)
        return self._pays[pay]

    def of(self, pay: int, row: int) -> list[int]:
        """Return the lines by which one earner is paid."""
        lines = self.of_pay(pay)
        first, last = np.searchsorted(self.lines.earner[lines], [row, row + 1])
        found: list[int] = lines[first:last].tolist()
        return found

    def of_sale(self, pay: int, sale: int) -> list[int]:
        """Return the lines of a bonus on one sale."""
        return self._sales.get((pay, sale), [])

    def on_earnings(self, pay: int) -> dict[tuple[int, int], list[int]]:
        """Return the lines of a bonus on earnings, by whose (a network row) and of which bonus."""
        if pay not in self._earnings:
            found: dict[tuple[int, int], list[int]] = defaultdict(list)
            lines = self.of_pay(pay)
            lines = lines[self.lines.evidence[lines] == int(Evidence.EARNINGS)]
            rows = self._rows(self.lines.source[lines])
            for line, row, bonus in zip(
                lines.tolist(), rows.tolist(), self.lines.source_bonus[lines].tolist(), strict=True
            ):
                found[row, bonus].append(line)
            self._earnings[pay] = dict(found)
        return self._earnings[pay]

    def amount(self, pay: int, row: int) -> int:
        """Return what one earner is paid altogether."""
        if pay not in self._amounts:
            lines = self.of_pay(pay)
            self._amounts[pay] = np.zeros(self.ground.size, np.int64)
            np.add.at(self._amounts[pay], self.lines.earner[lines], self.lines.amount[lines])
        return int(self._amounts[pay][row])

    def buyer(self, line: int) -> int:
        """Return the number of the member whose sale a line is on."""
        snapshot = self.ground.snapshot
        at = self._sale_order[
            np.searchsorted(snapshot.sale, self.lines.source[line], sorter=self._sale_order)
        ]
        customer = int(snapshot.customer[at])
        return customer if customer >= 0 else int(snapshot.member[snapshot.seller[at]])

    def _rows(self, numbers: Int64s) -> Int64s:
        """Return the network rows of members' numbers."""
        member = self.ground.network.member
        order = np.argsort(member, kind="stable")
        return np.asarray(order[np.searchsorted(member[order], numbers)], np.int64)
