"""Why not: what reached somebody and paid them nothing, by the kernels that pay.

What reaches somebody depends only on those below, so it is walked again over the own downline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import walk_of
from commissions.engine.bonuses.meeting import NEVER_MET
from commissions.engine.course import Course, Stretch
from commissions.engine.excerpt import alone, downline_of
from commissions.engine.explain import walked
from commissions.engine.ground import Ground
from commissions.engine.plan import PersonalRule
from commissions.engine.reasons import Outcome
from commissions.engine.run import RunResult
from commissions.engine.walking import Unpaid, Walk

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Key = TypeVar("Key")

NOT_MISSED = frozenset({Outcome.PAID, Outcome.BUYER, Outcome.GROUP_LEADER})
"""What a bonus never pays to somebody on their own sales or group is nothing that they miss."""


class Missed(NamedTuple):
    """What reached somebody in one bonus and paid nothing, for one reason on one level.

    `sales` are their numbers outside, `base` the sum of their bases in hundredths of a point.
    """

    bonus: int
    level: int
    outcome: Outcome
    sales: Int64s
    base: int


def missed_by(result: RunResult, member: int) -> list[Missed]:
    """Return what reached a member (by number) and was not paid, by bonus, level and reason.

    It is what `explain_sale` tells of them about all sales, but for `NOT_MISSED`: what never came
    as far, because all levels had been used up below, is not told. Linear in the downline.
    `KeyError` if there is no such distributor.
    """
    row = result.network.row_of(member)
    found: list[Missed] = []
    for index in walked(result.ground):
        rule = result.ground.plan.bonuses[index]
        if isinstance(rule, PersonalRule):
            part = alone(result.ground, row)
        else:
            part = downline_of(result.ground, row, getattr(rule, "tree", 0))
        found += _Reach(index, part, walk_of(part, rule, {})).missed()
    return found


@dataclass(slots=True)
class _Reach:
    """What reaches row 0 of a downline in one bonus. Columns are by place of a sale."""

    bonus: int
    part: Ground
    walk: Walk
    why: dict[tuple[int, Outcome], Bools] = field(default_factory=dict)
    paid: dict[int, Bools] = field(default_factory=dict)
    """By level: the sales that pay row 0."""

    def missed(self) -> list[Missed]:
        """Return what was not paid, in the order of level and reason."""
        course = Course(self.part, self.walk)
        for stretch in course.stretches():
            self._look(course, stretch)
        if self.walk.unpaid is not None:
            self._give_reasons(course, self.walk.unpaid())
        return [
            self._summed(level, why, good)
            for (level, why), sales in sorted(self.why.items())
            if why not in NOT_MISSED and (good := self._still_unpaid(level, sales)).any()
        ]

    def _look(self, course: Course, stretch: Stretch) -> None:
        """Note what is paid in a round, and what came to row 0 in it."""
        turn = stretch.turn
        taken = stretch.taker == 0
        _add(self.paid, turn.level, taken & course.is_paid(stretch))
        if turn.outcome is None or not (turn.about is None or turn.about[0]):
            return
        there = stretch.first >= 0
        passed = there & (stretch.taker < 0) & (stretch.last == 0)
        why = Outcome(int(turn.outcome[0])) or Outcome.NOT_COVERED
        _add(self.why, (turn.level, why), (there & taken) | passed)
        _add(self.why, (0, Outcome.BEYOND), stretch.is_cut)

    def _give_reasons(self, course: Course, unpaid: Unpaid) -> None:
        first, begins = course.either(unpaid.first), course.either(unpaid.begins)
        is_cut = (first >= 0) & course.is_cut(course.last[first])
        _add(self.why, (0, Outcome.BEYOND), is_cut)
        here = (first >= 0) & ~is_cut
        for sales in self.paid.values():
            here &= ~sales
        if unpaid.buyer_aside:
            here &= ~(course.own & (course.owner == 0))
        why = Outcome(int(unpaid.reason[0]))
        near = here & (begins < 0) if why not in NEVER_MET else np.zeros_like(here)
        _add(self.why, (0, Outcome.TOO_NEAR), near)
        _add(self.why, (0, why), here & ~near)

    def _still_unpaid(self, level: int, sales: Bools) -> Bools:
        good: Bools = sales & (self.walk.load.base != 0)
        return good & ~self.paid[level] if level in self.paid else good

    def _summed(self, level: int, why: Outcome, good: Bools) -> Missed:
        numbers = self.part.snapshot.sale[self.part.sales.at[good]]
        return Missed(self.bonus, level, why, numbers, int(self.walk.load.base[good].sum()))


def _add(found: dict[Key, Bools], key: Key, sales: Bools) -> None:
    found[key] = found[key] | sales if key in found else sales
