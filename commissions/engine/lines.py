"""Single lines, worked out again on demand by the kernels that pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import matched_by, pay_bonus
from commissions.engine.bonuses.matching import matched_load
from commissions.engine.earned import Book, Evidence
from commissions.engine.earnings import DIRECT, Earnings
from commissions.engine.errors import BooksBroken
from commissions.engine.exact import split_over_lines
from commissions.engine.plan import MatchingRule, RoundAt
from commissions.engine.run import RunResult

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """One amount each, with what it rests on; in the order of earnings, and then of sales.

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
        self.first = np.concatenate([[0], np.cumsum(groups.lines)]).astype(np.int64)
        size = int(self.first[-1])
        self.place = np.zeros(size, np.int32)
        self.base, self.amount = np.zeros(size, np.int64), np.zeros(size, np.int64)
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
                self._walk(pay, walked)
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
            base=self.base, amount=self.amount, **columns,
        )  # fmt: skip

    def _walk(self, pay: int, at: NDArray[np.intp]) -> None:
        """Let a bonus pay again, and write down the lines of these groups."""
        ground, groups = self.result.ground, self.groups
        cursors = {}
        for turn in np.unique(groups.turn[at]).tolist():
            here = at[groups.turn[at] == turn]
            cursors[turn] = np.full(ground.size, -1, np.int64)
            cursors[turn][groups.earner[here]] = self.first[here]
        nobody = np.full(ground.size, -1, np.int64)
        book = Book(cursors, (self.place, self.base, self.amount), nobody)
        pay_bonus(ground, pay, self.result.paid, book)
        which = np.concatenate([np.arange(self.first[k], self.first[k + 1]) for k in at])
        self._name_sources(pay, which)
        if ground.plan.bonuses[pay].round_at != RoundAt.LINE:
            split_over_lines(
                ground, pay, groups, at, self.first, self.source, self.base, self.amount
            )

    def _name_sources(self, pay: int, which: NDArray[np.int64]) -> None:
        ground, rule = self.result.ground, self.result.ground.plan.bonuses[pay]
        if not isinstance(rule, MatchingRule):
            self.source[which] = ground.snapshot.sale[ground.sales.at[self.place[which]]]
            return
        load, bonus = matched_load(rule, matched_by(ground, rule, self.result.paid), ground.size)
        owner = np.searchsorted(load.start, self.place[which], side="right") - 1
        self.evidence[which] = int(Evidence.EARNINGS)
        self.source[which] = self.result.member[owner]
        self.source_bonus[which] = bonus[self.place[which]]

    def _copy(self, pay: int, at: NDArray[np.intp]) -> None:
        """Write down lines that are there already."""
        direct, groups = self.result.paid[pay].direct, self.groups
        order = np.lexsort((-direct.rate_ppm, direct.level, direct.earner))
        rows = groups.earner[at]
        kept = order[np.isin(direct.earner[order], rows)]
        which = np.concatenate([np.arange(self.first[k], self.first[k + 1]) for k in at])
        self.base[which], self.amount[which] = direct.base[kept], direct.amount[kept]
        self.evidence[which] = direct.evidence[kept]
        numbers = np.append(self.result.member, -1)
        self.source[which] = numbers[direct.source[kept]]
        self.source_bonus[which] = direct.source_bonus[kept]

    def _check(self) -> None:
        groups = self.groups
        if not len(groups.earner):
            return
        summed = np.add.reduceat(self.amount, self.first[:-1])
        if not np.array_equal(summed, groups.amount):
            wrong = np.flatnonzero(summed != groups.amount)[0]
            name = self.result.ground.plan.pays[groups.bonus[wrong]].name
            raise BooksBroken(f"lines of {name} do not add up to the earnings they belong to")
