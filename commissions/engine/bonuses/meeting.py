"""What happens to a distributor who is met: the table in "A sale's way up" of the language page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.grades import Graded, Money
from commissions.engine.ground import Ground
from commissions.engine.plan import NOT_COVERED, BonusRule, Compression
from commissions.engine.reasons import Outcome
from commissions.engine.requirements import met
from commissions.engine.snapshot import Flag

EARNS, OCCUPIES = int(Flag.EARNS), int(Flag.OCCUPIES_LEVEL)

Bools = NDArray[np.bool_]
Outcomes = NDArray[np.uint8]
Places = NDArray[np.int16]

LAST_USED = 4
NEVER_MET = frozenset({Outcome.SKIPPED_STATE, Outcome.NOT_A_LEADER})
"""Reasons for which somebody is looked through, wherever the way begins to pay."""


@kernel
def meet(  # noqa: C901 - the table's nine lines
    flags: int,
    active: bool,
    qualified: bool,
    covered: bool,
    compression: int,
) -> int:
    """Decide by the table; `active` is true for everybody where activity does not matter.

    >>> [meet(31, *case) for case in ((1, 1, 1, 2), (0, 1, 1, 1), (1, 1, 0, 2))]
    [0, 6, 8]
    >>> [meet(*case) for case in ((31, 0, 1, 1, 0), (31, 1, 0, 1, 1), (30, 1, 1, 1, 2))]
    [2, 3, 1]
    """
    if not flags & OCCUPIES:
        return 5
    if not active and compression != 0:
        return 6
    if not qualified and compression == 2:
        return 7
    if not covered and compression == 2:
        return 8
    if not flags & EARNS:
        return 1
    if not active:
        return 2
    if not qualified:
        return 3
    if not covered:
        return 4
    return 0


@kernel
def decide(
    flags: NDArray[np.uint8], active: Bools, qualified: Bools, grade: Places, covers: Bools,
    place: Places, compression: int,
) -> tuple[Outcomes, Places]:  # fmt: skip
    """Return what happens at each row on one level, and the place of the rate of who is paid.

    `covers` and `place` are by grade. A rate of 0 has the place -1: it uses the level up.
    """
    n = len(flags)
    outcome, paid = np.empty(n, np.uint8), np.empty(n, np.int16)
    for row in range(n):
        at = grade[row]
        outcome[row] = meet(flags[row], active[row], qualified[row], covers[at], compression)
        paid[row] = place[at] if outcome[row] == 0 else -1
    return outcome, paid


def active_for(ground: Ground, rule: BonusRule) -> Bools:
    """Tell who is active as far as this bonus asks: everybody, if it does not."""
    return np.ones(ground.size, np.bool_) if rule.everybody else ground.standings.active


def qualified_for(ground: Ground, rule: BonusRule) -> Bools:
    """Tell who may be paid this bonus: who earns, is active and meets what it requires."""
    good: Bools = ground.allowed(Flag.EARNS) & active_for(ground, rule) & met(ground, rule.requires)
    return good


def unpaid_reasons(ground: Ground, rule: BonusRule, has_rate: Bools) -> Outcomes:
    """Return why somebody is not paid where only a higher rate than the highest so far is."""
    reasons = reasons_against(ground, rule, has_rate)
    reasons[~ground.allowed(Flag.OCCUPIES_LEVEL)] = int(Outcome.SKIPPED_STATE)
    return reasons


def reasons_against(ground: Ground, rule: BonusRule, has_rate: Bools) -> Outcomes:
    """Return why somebody cannot be paid this bonus at all; `BLOCKED` of who can."""
    reasons = np.full(ground.size, int(Outcome.BLOCKED), np.uint8)
    reasons[~has_rate] = int(Outcome.NOT_COVERED)
    reasons[~met(ground, rule.requires)] = int(Outcome.UNQUALIFIED)
    reasons[~active_for(ground, rule)] = int(Outcome.INACTIVE)
    reasons[~ground.allowed(Flag.EARNS)] = int(Outcome.NOT_EARNING)
    return reasons


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """What a way up by the table asks of everybody on each level, by network row."""

    flags: NDArray[np.uint8]
    active: Bools
    qualified: Bools
    compression: Compression
    grades: Graded
    money: Money

    @classmethod
    def of(
        cls, ground: Ground, rule: BonusRule, compression: Compression, grades: Graded, money: Money
    ) -> Meeting:
        """Return what a bonus asks."""
        active, qualified = active_for(ground, rule), met(ground, rule.requires)
        return cls(ground.flags, active, qualified, compression, grades, money)

    def on(self, level: int) -> tuple[Outcomes, Places]:
        """Return what happens at each row on a level, and the places of rates of who is paid."""
        column = self.grades.column(level)
        return decide(
            self.flags, self.active, self.qualified, self.grades.grade, column != NOT_COVERED,
            self.money.places(column), int(self.compression),
        )  # fmt: skip
