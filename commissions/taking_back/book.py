"""What late returns take back of a run's lines: docs/plan-language.md, "Returns".

For every line with base B and amount A, of which R has come back by now, the total to be taken
back is A x R / B, rounded as the plan rounds; a return takes back that total less what earlier
ones took back. So nothing needs to be remembered but what has come back of each sale, and parts
of a sale take back exactly the whole. All of it follows from the run's ground and its lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine.ground import Ground
from commissions.engine.lines import Lines
from commissions.engine.plan import BonusRule, GenerationRule, MatchingRule, OnReturn, PayKind
from commissions.engine.rounding import Rounding
from commissions.engine.sharing import rounded_fraction
from commissions.taking_back.coming_back import ComingBack
from commissions.taking_back.finding_lines import LineFinder
from commissions.taking_back.resting import (
    GROUPED,
    evidence_figure,
    of_evidence,
    rests_on_a_figure,
    whole_evidence,
)

Int64s = NDArray[np.int64]
Matched = Mapping[tuple[int, int], int]
"""By bonus and network row: what runs of a shorter rhythm have taken back by now."""
NOTHING_MATCHED: Matched = {}


@dataclass(frozen=True, slots=True)
class Change:
    """What one return changes one line by: base and amount, both mostly below zero."""

    line: int
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Done:
    """How much of a line's evidence has come back by now, and what was taken back for it."""

    returned: int = 0
    base: int = 0
    amount: int = 0


NOTHING = Done()


class Book:
    """The lines of an earlier run, and what has come back of them; returns come one by one.

    `lines` are all that the run paid, as they were posted, in the order of earners (network rows);
    `sales` the numbers of all sales of which something is going to come back.
    """

    def __init__(self, ground: Ground, lines: Lines, sales: Iterable[int]) -> None:
        self.ground = ground
        self.plan = ground.plan
        self.lines = lines
        self.back = ComingBack(ground, sales)
        self.find = LineFinder(ground, lines, self.back.numbers)
        self.done: dict[int, Done] = {}
        self.taken: dict[tuple[int, int], int] = defaultdict(int)
        """By pay and network row: how much has been taken back of it, with the sign of the pay."""
        self.cap_of = {
            pay.of: place for place, pay in enumerate(self.plan.pays) if pay.kind == PayKind.CAP
        }
        self._wholes: dict[int, Int64s] = {}
        self._changes: list[Change] = []
        self._touched: set[tuple[int, int]] = set()

    def come_back(
        self, sale: int, figures: Mapping[str, int], matched: Matched = NOTHING_MATCHED
    ) -> list[Change]:
        """Let something of a sale come back; return what changes, in the order of evaluation.

        `matched` is as for `matched_back`.
        """
        return self.come_back_together([(sale, figures)], matched)

    def come_back_together(
        self,
        returns: Collection[tuple[int, Mapping[str, int]]],
        matched: Matched = NOTHING_MATCHED,
    ) -> list[Change]:
        """Let something of many sales come back at once; a line changes once for all of them.

        The sums are those of the same returns one by one.
        """
        for sale, figures in returns:
            self.back.add(sale, figures)
        return self._settle(sorted({sale for sale, _ in returns}), matched)

    def matched_back(self, taken: Matched) -> list[Change]:
        """Follow what runs of a shorter rhythm have taken back, altogether, of matched earnings."""
        return self._settle((), taken)

    def _settle(self, sales: Collection[int], matched: Matched) -> list[Change]:
        self._changes, self._touched = [], set()
        for index, rule in enumerate(self.plan.bonuses):
            if rule.on_return in (OnReturn.NONE, OnReturn.VOLUME) or not self._has_paid(rule):
                continue
            for sale in sales:
                self._follow_sale(index, sale)
            if sales:
                self._follow_evidence(index, rule)
            if isinstance(rule, MatchingRule):
                self._follow_matched(index, rule, matched)
            if isinstance(rule, GenerationRule) and rule.guarantee:
                self._follow_moves(index, rule)
            if index in self.cap_of:
                self._follow_cap(self.cap_of[index], index)
        self._follow_plan_cap()
        self._follow_deductions()
        return self._changes

    def _has_paid(self, rule: BonusRule) -> bool:
        return rule.cadence == self.ground.snapshot.cadence

    # What a line rests on

    def _follow_sale(self, index: int, sale: int) -> None:
        for line in self.find.of_sale(index, sale):
            figure = self.plan.bonuses[index].pays_on
            self._follow(line, self.back.returned(figure, sale), self.back.sold(figure, sale))

    def _follow_evidence(self, index: int, rule: BonusRule) -> None:
        """Follow the lines whose evidence is a group of sales."""
        if not isinstance(rule, GROUPED) or not len(at := self.find.of_pay(index)):
            return
        ground, figure = self.ground, evidence_figure(self.plan, rule)
        if index not in self._wholes:
            sold = self.back.sold_by_owner(figure)
            self._wholes[index] = whole_evidence(ground, rule, sold, self.lines, at)
        whole = self._wholes[index]
        back = self.back.returned_by_owner(
            figure, of_those_with_a_figure=rests_on_a_figure(self.plan, rule)
        )
        returned = of_evidence(ground, rule, back, self.lines, at)
        for k in np.flatnonzero(returned != 0).tolist():
            self._follow(int(at[k]), int(returned[k]), int(whole[k]))

    def _follow_matched(self, index: int, rule: MatchingRule, matched: Matched) -> None:
        """Follow the lines on members' earnings of which something was taken back."""
        for of in rule.of:
            pays = [of, self.cap_of.get(of, of)]
            rows = {row for pay, row in self._touched if pay in pays}
            for row in sorted(rows | {row for bonus, row in matched if bonus == of}):
                returned = self._taken(dict.fromkeys(pays), row) + matched.get((of, row), 0)
                for line in self.find.on_earnings(index).get((row, of), ()):
                    self._follow(line, returned, int(self.lines.base[line]))

    def _follow_moves(self, index: int, rule: GenerationRule) -> None:
        """Follow the moves of a guarantee, from the bottom up: by what the giver was paid."""
        moves = self.find.on_earnings(index)
        frame = self.ground.frame(rule.tree)
        place = frame.back(np.arange(self.ground.size))
        for row, of in sorted(moves, key=lambda key: -int(place[key[0]])):
            if (index, row) in self._touched:
                gives = [line for line in moves[row, of] if self.lines.earner[line] == row]
                whole = self.find.amount(index, row) - self._amount_of(gives)
                returned = self.taken[index, row] - self._done_of(gives)
                for line in moves[row, of]:
                    self._follow(line, returned, whole)

    # Lines that take off

    def _follow_cap(self, place: int, index: int) -> None:
        """Follow a bonus's limits: those of buyers first, then each saw what those before left."""
        cap = self.plan.bonuses[index].cap
        for row in self._rows_touched([index]):
            lines = self.find.of(place, row)
            of_buyers = [line for line in lines if self.lines.level[line] > 0]
            if cap is not None and of_buyers:
                self._follow_buyers(index, row, of_buyers, cap.per_buyer)
            whole = self.find.amount(index, row) + self._amount_of(of_buyers)
            returned = self.taken[index, row] + self._done_of(of_buyers)
            self._follow_in_turn([x for x in lines if x not in of_buyers], whole, returned)

    def _follow_in_turn(self, lines: Iterable[int], whole: int, returned: int) -> None:
        for line in lines:
            self._follow(line, returned, whole)
            whole += self._amount_of([line])
            returned += self._done_of([line])

    def _follow_buyers(
        self, index: int, row: int, caps: Sequence[int], limits: Sequence[int]
    ) -> None:
        """Follow limits of what one buyer's sales pay; they are in the order of level and buyer."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for line in self.find.of(index, row):
            level = int(self.lines.level[line])
            if 1 <= level <= len(limits):
                groups[level, self.find.buyer(line)].append(line)
        over = [key for key in sorted(groups) if self._amount_of(groups[key]) > limits[key[0] - 1]]
        for line, key in zip(caps, over, strict=True):
            self._follow(line, self._done_of(groups[key]), self._amount_of(groups[key]))

    def _follow_plan_cap(self) -> None:
        if self.plan.cap is None:
            return
        inside = self.plan.cap.inside
        pays = [*inside, *(self.cap_of[index] for index in inside if index in self.cap_of)]
        self._follow_all(PayKind.PLAN_CAP, pays)

    def _follow_deductions(self) -> None:
        kinds = [pay.kind for pay in self.plan.pays]
        pays = [place for place, kind in enumerate(kinds) if kind != PayKind.DEDUCTION]
        self._follow_all(PayKind.DEDUCTION, pays)

    def _follow_all(self, kind: PayKind, pays: Collection[int]) -> None:
        """Follow lines of a kind that were taken off everything that these pay."""
        places = [place for place, pay in enumerate(self.plan.pays) if pay.kind == kind]
        for row in self._rows_touched(pays):
            whole = sum(self.find.amount(pay, row) for pay in pays)
            returned = self._taken(pays, row)
            for place in places:
                self._follow_in_turn(self.find.of(place, row), whole, returned)

    def _rows_touched(self, pays: Collection[int]) -> list[int]:
        return sorted({row for pay, row in self._touched if pay in pays})

    def _taken(self, pays: Iterable[int], row: int) -> int:
        return sum(self.taken[pay, row] for pay in pays)

    def _done_of(self, lines: Iterable[int]) -> int:
        return sum(self.done.get(line, NOTHING).amount for line in lines)

    def _amount_of(self, lines: Iterable[int]) -> int:
        return sum(int(self.lines.amount[line]) for line in lines)

    def _follow(self, line: int, returned: int, whole: int) -> None:
        """Take back of one line what is due by now."""
        if whole == 0:
            return
        returned = min(returned, whole) if whole > 0 else max(returned, whole)
        done = self.done.get(line, NOTHING)
        if returned == done.returned:
            return
        sign = 1 if whole > 0 else -1
        base, amount = (
            rounded_fraction(int(figure) * returned * sign, abs(whole), rounding)
            for figure, rounding in (
                (self.lines.base[line], Rounding.HALF_AWAY),
                (self.lines.amount[line], self.plan.rounding),
            )
        )
        self._changes.append(Change(line, done.base - base, done.amount - amount))
        key = int(self.lines.bonus[line]), int(self.lines.earner[line])
        self.taken[key] += amount - done.amount
        self._touched.add(key)
        self.done[line] = Done(returned, base, amount)
