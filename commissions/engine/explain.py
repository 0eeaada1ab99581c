"""Why, and why not: what happened to a sale, and what somebody missed, by the kernels that pay.

A sale's way up depends only on those it meets, so it is walked again over them alone. What reaches
somebody depends only on those below, so what they miss is walked again over the own downline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import WALKS, walk_of
from commissions.engine.bonuses.meeting import LAST_USED, Outcome
from commissions.engine.excerpt import downline_of, way_of
from commissions.engine.ground import Ground
from commissions.engine.money import share
from commissions.engine.plan import UnilevelRule
from commissions.engine.run import RunResult
from commissions.engine.walking import Round, Walk

__all__ = ["Missed", "Outcome", "Trace", "explain_sale", "missed_by"]

MOST = 1_000
"""So many people are told of at most, for one bonus: ways up can be as long as the network."""

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Trace(NamedTuple):
    """One upline met by a sale for one bonus.

    `member` is the number outside, `level` the level that was to be paid when they were met.
    `rate_ppm` and `amount` are zero unless the outcome is `PAID`; an amount that is not rounded
    line by line is rounded here for itself.
    """

    bonus: int
    member: int
    level: int
    outcome: Outcome
    rate_ppm: int
    base: int
    amount: int


class Missed(NamedTuple):
    """What reached somebody in one bonus and paid nothing, for one reason on one level.

    `sales` are their numbers outside, `base` the sum of their bases in hundredths of a point.
    """

    bonus: int
    level: int
    outcome: Outcome
    sales: Int64s
    base: int


def explain_sale(result: RunResult, sale: int) -> list[Trace]:
    """Return everybody whom a sale (by its number) met, bonus by bonus, nearest first.

    `KeyError` if there is no such sale. It ends where the bonus's last level is used up, and in
    any case after a thousand people.
    """
    steps: list[Trace] = []
    for index in _walked(result.ground):
        rule = result.ground.plan.bonuses[index]
        part = way_of(result.ground, sale, getattr(rule, "tree", 0))
        if part is not None:
            steps += _Way(index, part, walk_of(part, rule, {})).told()
    return steps


def _walked(ground: Ground) -> list[int]:
    """Return the bonuses of this rhythm that sales go up for."""
    return [
        index
        for index, rule in enumerate(ground.plan.bonuses)
        if type(rule) in WALKS and rule.cadence == ground.snapshot.cadence
    ]


@dataclass(slots=True)
class _Way:
    """One sale's way up in one bonus. The rows are a chain, top first; the owner is the last."""

    bonus: int
    part: Ground
    walk: Walk
    met: dict[int, list[Trace]] = field(default_factory=dict)

    @property
    def owner(self) -> int:
        return self.part.size - 1

    def told(self) -> list[Trace]:
        """Return everybody met."""
        if not len(self.walk.load.base) or self.walk.load.base[0] == 0:
            return []
        at = self.owner
        for number, turn in enumerate(self.walk.rounds):
            entry, earner = self._earner(turn)
            if turn.outcome is not None:
                at = entry if number == 0 else at
                self._pass(at, earner, turn.level, turn.outcome)
                at = min(at, earner - 1 if earner >= 0 else -1)
            if earner >= 0:
                self._pay(earner, turn)
        if self.walk.reasons is not None:
            self._give_reasons(self.walk.reasons)
        rows = sorted(self.met, reverse=True)[:MOST]
        return [trace for row in rows for trace in self.met[row]]

    def _earner(self, turn: Round) -> tuple[int, int]:
        """Return where the sale entered, and who takes the round; -1: nobody."""
        own = bool(self.part.own[0])
        above = turn.above is not None and (own or turn.all_above)
        entry = self.owner - 1 if above else self.owner
        found = turn.own if own else turn.customers
        return entry, int(found[entry]) if entry >= 0 else -1

    def _pass(self, at: int, earner: int, level: int, outcome: NDArray[np.uint8]) -> None:
        """Tell of everybody passed on the way to the one who takes the level, and of that one."""
        for row in range(at, max(earner, at - MOST), -1):
            self._tell(row, level, Outcome(int(outcome[row])))
        if earner >= 0:
            why = Outcome(int(outcome[earner]))
            self._tell(earner, level, Outcome.NOT_COVERED if why == Outcome.PAID else why)

    def _tell(
        self, row: int, level: int, outcome: Outcome, *, rate: int = 0, amount: int = 0
    ) -> None:
        member, base = int(self.part.network.member[row]), int(self.walk.load.base[0])
        trace = Trace(self.bonus, member, level, outcome, rate, base, amount)
        self.met.setdefault(row, []).append(trace)

    def _pay(self, earner: int, turn: Round) -> None:
        """Tell that somebody is paid, in place of what was told of them on this level."""
        place = int(turn.rate[earner])
        base = int(self.walk.load.base[0] if turn.base is None else turn.base[0])
        money = self.walk.money
        if place < 0 or base == 0 or (money.is_flat and base < 0):
            return
        if money.is_flat:
            rate, amount = 0, int(money.num[place])
        else:
            rate, rounding = int(money.ppm[place]), int(self.part.plan.rounding)
            amount = int(share(base, int(money.num[place]), int(money.den[place]), rounding, False))
        told = self.met.get(earner, [])
        self.met[earner] = [trace for trace in told if trace.level != turn.level]
        self._tell(earner, turn.level, Outcome.PAID, rate=rate, amount=amount)

    def _give_reasons(self, reasons: NDArray[np.uint8]) -> None:
        """Tell of everybody who is not paid why not, as far as a thousand people up."""
        own, begins = bool(self.part.own[0]), self.owner
        if self.walk.begins is not None:
            begins = int(self.walk.begins[0 if own else 1][self.owner])
        for row in range(self.owner, max(-1, self.owner - MOST), -1):
            if row in self.met:
                continue
            if own and row == self.owner and begins < row:
                self._tell(row, 0, Outcome.BUYER)
            else:
                why = Outcome.TOO_NEAR if row > begins else Outcome(int(reasons[row]))
                self._tell(row, 0, why)


def missed_by(result: RunResult, member: int) -> list[Missed]:
    """Return what reached a member (by number) and was not paid, by bonus, level and reason.

    `KeyError` if there is no such distributor. What never came as far, because all levels had been
    used up below, is not told. Linear in the downline.
    """
    row = result.network.row_of(member)
    found: list[Missed] = []
    for index in _walked(result.ground):
        rule = result.ground.plan.bonuses[index]
        part = downline_of(result.ground, row, getattr(rule, "tree", 0))
        of_the_tree = isinstance(rule, UnilevelRule) and rule.of_the_tree
        found += _Reach(index, part, walk_of(part, rule, {}), of_the_tree).missed()
    return found


@dataclass(slots=True)
class _Reach:
    """What reaches row 0 of a downline, by owner; own and customers' orders apart."""

    bonus: int
    part: Ground
    walk: Walk
    of_the_tree: bool
    reasons: dict[tuple[int, int], tuple[Bools, Bools]] = field(default_factory=dict)

    def missed(self) -> list[Missed]:
        """Return what was not paid, in the order of level and reason."""
        n = self.part.size
        coming = np.ones(n, np.bool_), np.ones(n, np.bool_)
        paid = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        for turn in self.walk.rounds:
            for half, found in enumerate(self._found(turn)):
                here = found == 0
                if turn.rate[0] >= 0:
                    paid[half][here] = True
                if turn.outcome is not None:
                    self._note(half, turn, here & ~paid[half], coming[half] & (found < 0))
                    if not self.of_the_tree:
                        coming[half][found <= 0] = False
        if self.walk.reasons is not None:
            self._note_reasons(self.walk.reasons, paid)
        return [
            missed
            for (level, why), halves in sorted(self.reasons.items())
            if (missed := self._summed(level, why, halves)) is not None
        ]

    def _found(self, turn: Round) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return who takes a round of each owner's own and customers' orders."""
        nobody = np.int32(-1)
        own, customers = turn.own, turn.customers
        if turn.above is not None:
            own = np.append(own, nobody)[turn.above]
            if turn.all_above:
                customers = np.append(customers, nobody)[turn.above]
        return own, customers

    def _note(self, half: int, turn: Round, unpaid: Bools, gone: Bools) -> None:
        """Note what came and was not paid, and what passed by."""
        if turn.outcome is None:
            return
        outcome = int(turn.outcome[0])
        if outcome > LAST_USED and not self.of_the_tree:
            self._add(half, turn.level, outcome, gone)
        elif outcome <= LAST_USED:
            self._add(half, turn.level, outcome or int(Outcome.NOT_COVERED), unpaid)

    def _note_reasons(self, reasons: NDArray[np.uint8], paid: tuple[Bools, Bools]) -> None:
        for half in (0, 1):
            unpaid = ~paid[half]
            if half == 0:
                unpaid[0] = False  # the own order is no news of others
            near = np.zeros_like(unpaid)
            if self.walk.begins is not None:
                near = unpaid & (self.walk.begins[half] < 0)
            self._add(half, 0, int(Outcome.TOO_NEAR), near)
            self._add(half, 0, int(reasons[0]), unpaid & ~near)

    def _add(self, half: int, level: int, outcome: int, owners: Bools) -> None:
        n = self.part.size
        nobody = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        halves = self.reasons.setdefault((level, outcome), nobody)
        halves[half][owners] = True

    def _summed(self, level: int, why: int, halves: tuple[Bools, Bools]) -> Missed | None:
        load = self.walk.load
        n = self.part.size
        own = np.repeat(halves[0], load.middle[:n] - load.start[:n])
        customers = np.repeat(halves[1], load.start[1 : n + 1] - load.middle[:n])
        good = np.zeros(len(load.base), np.bool_)
        good[self.part.own] = own
        good[~self.part.own] = customers
        good &= load.base != 0
        if not good.any():
            return None
        numbers = self.part.snapshot.sale[self.part.sales.at[good]]
        return Missed(self.bonus, level, Outcome(why), numbers, int(load.base[good].sum()))
