"""What happened to one sale, or one matched earning, at everybody on its way up in one bonus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from commissions.engine.bonuses.meeting import NEVER_MET
from commissions.engine.course import Course, Stretch
from commissions.engine.ground import Ground
from commissions.engine.money import share
from commissions.engine.reasons import NOBODY, SKIPPED, Limit, Outcome
from commissions.engine.walking import Unpaid, Walk

MOST = 1_000
"""So many people are told of at most, for one bonus: ways up can be as long as the network."""


class Trace(NamedTuple):
    """One distributor on a sale's way up, and what happened there, in one bonus on one level.

    Members are numbers outside, `NOBODY` where there is none. `level` is the one that was to be
    paid when they were met. `rate_ppm` and `amount` are zero unless the outcome is `PAID`; an
    amount that is not rounded line by line is rounded here for itself. `base` is in hundredths of
    a point; in a leg it is what of the leg's new volume that happened to, of matching it is money.

    Of `CAPPED`, `due` is what they had before the limit, `amount` what it left.
    """

    bonus: int
    member: int
    level: int
    outcome: Outcome
    rate_ppm: int
    base: int
    amount: int
    to: int = NOBODY
    """Of who was skipped: who was paid the level in their place."""
    due: int = 0
    cap: int = NOBODY
    """The limit's place in `Plan.pays`."""
    limit: Limit | None = None
    leg: int = 0
    """The leg of a binary, from 1."""
    because: Outcome | None = None
    """Why nothing of a leg can be paired."""
    source: int = NOBODY
    """Of matching: whose earning is matched."""
    of: int = NOBODY
    """Of matching: the bonus that paid it."""


@dataclass(slots=True)
class Way:
    """One way up in one bonus. The rows are a chain, top first; the owner is the last.

    `place` is that of the sale, or of what else goes up; `source` and `of` as in a trace.
    """

    bonus: int
    part: Ground
    walk: Walk
    place: int
    source: int = NOBODY
    of: int = NOBODY
    met: dict[int, list[Trace]] = field(default_factory=dict)
    passed: list[tuple[int, int]] = field(default_factory=list)
    """Rows skipped in this round, and the place of what was told of each."""

    def told(self) -> list[Trace]:
        """Return everybody met."""
        if self.walk.load.base[self.place] == 0:
            return []
        course, beyond = Course(self.part, self.walk), -1
        for stretch in course.stretches():
            self._pass(stretch)
            if course.is_paid(stretch)[self.place]:
                self._pay(stretch)
            if stretch.is_cut[self.place]:
                beyond = int(stretch.last[self.place])
        if self.walk.unpaid is not None:
            beyond = self._give_reasons(course, self.walk.unpaid())
        for row in range(beyond - 1, max(beyond - 1 - MOST, -1), -1):
            self._tell(row, 0, Outcome.BEYOND)
        rows = sorted(self.met, reverse=True)[:MOST]
        return [trace for row in rows for trace in self.met[row]]

    def _pass(self, stretch: Stretch) -> None:
        """Tell of everybody passed on the way to the one who takes the level, and of that one."""
        turn, first = stretch.turn, int(stretch.first[self.place])
        if turn.outcome is None:
            return
        self.passed = []
        if first < 0:
            return
        taker = int(stretch.taker[self.place])
        end = taker if taker >= 0 else int(stretch.last[self.place])
        for row in range(first, max(end, first - MOST) - 1, -1):
            if turn.about is None or turn.about[row]:
                why = Outcome(int(turn.outcome[row])) or Outcome.NOT_COVERED
                self._tell(row, turn.level, why)
                if why in SKIPPED:
                    self.passed.append((row, len(self.met[row]) - 1))

    def _tell(
        self, row: int, level: int, outcome: Outcome, *, rate: int = 0, base: int | None = None,
        amount: int = 0,
    ) -> None:  # fmt: skip
        member = int(self.part.network.member[row])
        if base is None:
            base = int(self.walk.load.base[self.place])
        trace = Trace(
            self.bonus, member, level, outcome, rate, base, amount, source=self.source, of=self.of
        )
        self.met.setdefault(row, []).append(trace)

    def _pay(self, stretch: Stretch) -> None:
        """Tell that somebody is paid, in place of what was told of them on this level."""
        earner, turn, money = int(stretch.taker[self.place]), stretch.turn, self.walk.money
        at = int(turn.rate[earner])
        base = int((self.walk.load.base if turn.base is None else turn.base)[self.place])
        if money.is_flat:
            rate, amount = 0, int(money.num[at])
        else:
            rate, rounding = int(money.ppm[at]), int(self.part.plan.rounding)
            amount = int(share(base, int(money.num[at]), int(money.den[at]), rounding, False))
        told = self.met.get(earner, [])
        self.met[earner] = [
            trace for trace in told if trace.level != turn.level or trace.outcome == Outcome.PAID
        ]
        self._tell(earner, turn.level, Outcome.PAID, rate=rate, base=base, amount=amount)
        member = int(self.part.network.member[earner])
        for row, at in self.passed:
            self.met[row][at] = self.met[row][at]._replace(to=member)

    def _give_reasons(self, course: Course, unpaid: Unpaid) -> int:
        """Tell of everybody who is not paid why not; return at whom the way ended, or -1."""
        first = int(course.either(unpaid.first)[self.place])
        if first < 0:
            return -1
        begins, last = int(course.either(unpaid.begins)[self.place]), int(course.last[first])
        for row in range(first, max(last, first - MOST) - 1, -1):
            if row in self.met:
                continue
            why = Outcome(int(unpaid.reason[row]))
            is_buyer = course.own[self.place] and row == course.owner[self.place]
            if why not in NEVER_MET:
                if unpaid.buyer_aside and is_buyer:
                    why = Outcome.BUYER
                elif row > begins:
                    why = Outcome.TOO_NEAR
            self._tell(row, 0, why)
        return last
