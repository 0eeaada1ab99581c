"""Single lines, worked out again on demand by the kernels that pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import matched_by
from commissions.engine.bonuses.matching import matched_load
from commissions.engine.earned import Evidence
from commissions.engine.earnings import DIRECT, Earnings
from commissions.engine.errors import BooksBroken
from commissions.engine.plan import MatchingRule
from commissions.engine.run import RunResult
from commissions.engine.writing import Written

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """One amount each, with what it rests on.

    In the order of earnings, and within one of owners (network rows), own orders first, then of
    the sales' numbers.

    `earner` is a network row. `source` is a sale's number or (of other evidence) a member's number
    outside, -1 where there is none; `source_bonus` the bonus whose earnings are the evidence,
    -1: all or none. `base` is in hundredths of a point; of matching in smallest units.
    """

    evidence: NDArray[np.int8]
    source: Int64s
    source_bonus: NDArray[np.int16]
    earner: Rows
    bonus: NDArray[np.int16]
    level: NDArray[np.int16]
    rate_ppm: Rows
    base: Int64s
    amount: Int64s


def lines_of(result: RunResult, *, earner: int | None = None, rows: range | None = None) -> Lines:
    """Return the lines behind a result: all, or those of one earner or of a range of network rows.

    `earner` is a number from outside; `KeyError` if there is no such one. A large run's lines are
    taken in parts: parts in order are all lines.
    """
    if earner is not None:
        at = result.network.row_of(earner)
        rows = range(at, at + 1)
    groups = result.earnings if rows is None else _of_rows(result.earnings, rows)
    return _Recorder(result, groups).lines()


def _of_rows(groups: Earnings, rows: range) -> Earnings:
    begin, end = np.searchsorted(groups.earner, [rows.start, rows.stop])
    kept = slice(int(begin), int(end))
    return Earnings(*(getattr(groups, name)[kept] for name in Earnings.__slots__))


class _Recorder:
    """Writes the lines of some earnings down, bonus by bonus."""

    def __init__(self, result: RunResult, groups: Earnings) -> None:
        self.result = result
        self.groups = groups
        self.written = Written.blank(groups)
        size = len(self.written.place)
        self.evidence = np.zeros(size, np.int8)
        self.source = np.full(size, -1, np.int64)
        self.source_bonus = np.full(size, -1, np.int16)

    def lines(self) -> Lines:
        """Return everything, after holding it against the sums."""
        groups = self.groups
        for pay in np.unique(groups.bonus).tolist():
            here = np.flatnonzero(groups.bonus == pay)
            walked = here[groups.turn[here] != DIRECT]
            if len(walked):
                self.written.write(self.result.ground, pay, self.result.paid, walked)
                self._name_sources(pay, self.written.lines_of(walked))
            there = here[groups.turn[here] == DIRECT]
            if len(there):
                self._copy(pay, there)
        self._check()
        columns: dict[str, Any] = {
            name: np.repeat(getattr(groups, name), groups.lines)
            for name in ("earner", "bonus", "level", "rate_ppm")
        }
        return Lines(
            evidence=self.evidence, source=self.source, source_bonus=self.source_bonus,
            base=self.written.base, amount=self.written.amount, **columns,
        )  # fmt: skip

    def _name_sources(self, pay: int, which: Int64s) -> None:
        """Name the sales, or whose earnings are matched, that lines rest on."""
        ground, rule = self.result.ground, self.result.ground.plan.bonuses[pay]
        place = self.written.place[which]
        if not isinstance(rule, MatchingRule):
            self.source[which] = ground.snapshot.sale[ground.sales.at[place]]
            return
        load, bonus = matched_load(rule, matched_by(ground, rule, self.result.paid), ground.size)
        owner = np.searchsorted(load.start, place, side="right") - 1
        self.evidence[which] = int(Evidence.EARNINGS)
        self.source[which] = self.result.member[owner]
        self.source_bonus[which] = bonus[place]

    def _copy(self, pay: int, at: NDArray[np.intp]) -> None:
        """Write down lines that are there already."""
        direct = self.result.paid[pay].direct
        order = np.lexsort((-direct.rate_ppm, direct.level, direct.earner))
        kept = order[np.isin(direct.earner[order], self.groups.earner[at])]
        which = self.written.lines_of(at)
        self.written.base[which], self.written.amount[which] = (
            direct.base[kept],
            direct.amount[kept],
        )
        self.evidence[which] = direct.evidence[kept]
        numbers = np.append(self.result.member, -1)
        self.source[which] = numbers[direct.source[kept]]
        self.source_bonus[which] = direct.source_bonus[kept]

    def _check(self) -> None:
        groups = self.groups
        if not len(groups.earner):
            return
        summed = np.add.reduceat(self.written.amount, self.written.first[:-1])
        if not np.array_equal(summed, groups.amount):
            wrong = np.flatnonzero(summed != groups.amount)[0]
            name = self.result.ground.plan.pays[groups.bonus[wrong]].name
            raise BooksBroken(f"lines of {name} do not add up to the earnings they belong to")
