"""Why not: what reached somebody and paid them nothing, by the kernels that pay.

What reaches somebody depends only on those below, so it is walked again over the own downline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import WALKS, matched_by, walk_of
from commissions.engine.bonuses.matching import matched_load, walk_matching
from commissions.engine.bonuses.meeting import NEVER_MET
from commissions.engine.course import Course, Stretch
from commissions.engine.excerpt import alone, downline_of, has_place
from commissions.engine.explain import explain_earning, explain_in, going_up, paid_now
from commissions.engine.ground import Ground
from commissions.engine.leg_books import lost_in_legs
from commissions.engine.plan import (
    SPONSOR,
    BinaryRule,
    BonusRule,
    GradeBy,
    MatchingRule,
    PersonalRule,
    UnilevelRule,
)
from commissions.engine.reasons import NOBODY, SKIPPED, Outcome
from commissions.engine.run import RunResult
from commissions.engine.traces import Trace
from commissions.engine.walking import Unpaid, Walk

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Key = TypeVar("Key")

NOT_MISSED = frozenset({Outcome.PAID, Outcome.BUYER, Outcome.GROUP_LEADER})
"""What a bonus never pays to somebody on their own sales or group is nothing that they miss."""
NOTHING = np.zeros(0, np.int64)


class Missed(NamedTuple):
    """What reached somebody in one bonus and paid nothing, for one reason on one level.

    `sales` are their numbers outside, `base` the sum of their bases in hundredths of a point. Of
    matching it is money, and `members` are the numbers of those whose earnings reached them, one
    for each earning. Of a binary there are neither: `base` is what both legs lost, or, if the
    outcome says why they could not be paired, what the weaker one had.
    """

    bonus: int
    level: int
    outcome: Outcome
    sales: Int64s
    base: int
    members: Int64s = NOTHING
    to: int = NOBODY
    """Of what they were skipped for: who was paid the level in their place, if anybody was."""
    because: Outcome | None = None
    """Of what legs lost: why they could not be paired."""


def missed_by(result: RunResult, member: int) -> list[Missed]:
    """Return what reached a member (by number) and was not paid, by bonus, level and reason.

    It is what `explain_sale` tells of them about all sales, but for `NOT_MISSED`: what never came
    as far, because all levels had been used up below, is not told. Who has no place in a bonus's
    tree hears of the own sales, which meet nobody above. Linear in the downline. `KeyError` if
    there is no such distributor.
    """
    row = result.network.row_of(member)
    found: list[Missed] = []
    for index in paid_now(result.ground):
        rule = result.ground.plan.bonuses[index]
        if isinstance(rule, BinaryRule):
            found += [
                Missed(index, 0, outcome, NOTHING, base, because=because)
                for outcome, base, because in lost_in_legs(result.ground, rule, row)
            ]
        elif isinstance(rule, MatchingRule):
            found += _of_matching(result, index, rule, row)
        elif type(rule) in WALKS:
            found += _of_sales(result, index, rule, row)
    return found


def _of_sales(result: RunResult, index: int, rule: BonusRule, row: int) -> Iterator[Missed]:
    """Yield what reached a network row in a bonus on sales."""
    ground, tree = result.ground, getattr(rule, "tree", SPONSOR)
    part = alone(ground, row) if isinstance(rule, PersonalRule) else downline_of(ground, row, tree)
    number = part.snapshot.sale[part.sales.at]
    reach = _Reach(part, walk_of(part, rule, {}))
    grade = np.zeros(len(number), np.int16)
    if isinstance(rule, UnilevelRule) and rule.rates.by == GradeBy.SELLER:
        grade = part.standings.paid_as[part.sales.owner]
    if not isinstance(rule, PersonalRule) and not has_place(ground, tree, row):
        reach.meets_nobody()
    for level, why, good in reach.found():
        told = (explain_in(result, index, int(number[at])) for at in reach.largest(good, grade))
        to = _taker(told, (int(result.member[row]), level, why))
        yield Missed(index, level, why, number[good], reach.base_of(good), to=to)


def _of_matching(result: RunResult, index: int, rule: MatchingRule, row: int) -> Iterator[Missed]:
    """Yield what reached a network row of earnings that a bonus matches."""
    ground = result.ground
    part = downline_of(ground, row, rule.tree)
    rows = ground.network.row[part.network.order]
    matched = {of: paid[rows] for of, paid in matched_by(ground, rule, result.paid).items()}
    walk = walk_matching(part, rule, matched, telling=True)
    _, of = matched_load(rule, matched, part.size)
    reach = _Reach(going_up(part, walk), walk)
    member = part.network.member[reach.part.sales.owner]
    if not has_place(ground, rule.tree, row):
        reach.meets_nobody()
    for level, why, good in reach.found():
        told = (
            explain_earning(result, index, int(of[at]), int(member[at]))
            for at in reach.largest(good, of)
        )
        to = _taker(told, (int(result.member[row]), level, why))
        yield Missed(index, level, why, NOTHING, reach.base_of(good), member[good], to)


def _taker(told: Iterable[list[Trace]], key: tuple[int, int, Outcome]) -> int:
    """Return who was paid the level for which somebody was skipped, if anybody was.

    Everything that reaches them on the level goes on to the same one: a few ways up tell who.
    """
    if key[-1] not in SKIPPED:
        return NOBODY
    takers = (
        step.to
        for steps in told
        for step in steps
        if (step.member, step.level, step.outcome) == key and step.to != NOBODY
    )
    return next(takers, NOBODY)


@dataclass(slots=True)
class _Reach:
    """What reaches row 0 of a downline in one bonus. Columns are by place of a sale."""

    part: Ground
    walk: Walk
    why: dict[tuple[int, Outcome], Bools] = field(default_factory=dict)
    paid: dict[int, Bools] = field(default_factory=dict)
    """By level: the sales that pay row 0."""

    def found(self) -> list[tuple[int, Outcome, Bools]]:
        """Return what was not paid, in the order of level and reason, and the places of which."""
        course = Course(self.part, self.walk)
        for stretch in course.stretches():
            self._look(course, stretch)
        if self.walk.unpaid is not None:
            self._give_reasons(course, self.walk.unpaid())
        return [
            (level, why, good)
            for (level, why), sales in sorted(self.why.items())
            if why not in NOT_MISSED and (good := self._still_unpaid(level, sales)).any()
        ]

    def meets_nobody(self) -> None:
        """Note that row 0, who has no place in the tree, has own sales that meet nobody above."""
        _add(self.why, (0, Outcome.NOT_IN_TREE), self.part.sales.owner == 0)

    def largest(self, good: Bools, kind: NDArray[np.int16]) -> Iterator[int]:
        """Yield the place with the largest base of each kind."""
        for one in np.unique(kind[good]).tolist():
            here = np.flatnonzero(good & (kind == one))
            yield int(here[self.walk.load.base[here].argmax()])

    def base_of(self, good: Bools) -> int:
        """Return the bases together."""
        return int(self.walk.load.base[good].sum())

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
        why = Outcome(int(unpaid.reason[0]))
        if unpaid.buyer_aside and why not in NEVER_MET:
            here &= ~(course.own & (course.owner == 0))
        near = here & (begins < 0) if why not in NEVER_MET else np.zeros_like(here)
        _add(self.why, (0, Outcome.TOO_NEAR), near)
        _add(self.why, (0, why), here & ~near)

    def _still_unpaid(self, level: int, sales: Bools) -> Bools:
        good: Bools = sales & (self.walk.load.base != 0)
        return good & ~self.paid[level] if level in self.paid else good


def _add(found: dict[Key, Bools], key: Key, sales: Bools) -> None:
    found[key] = found[key] | sales if key in found else sales
