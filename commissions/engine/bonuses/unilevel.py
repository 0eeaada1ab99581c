"""Unilevel and fast start: each sale goes up a tree, and so many levels are paid a rate of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.meeting import LAST_USED, Meeting, decide
from commissions.engine.frames import Frame
from commissions.engine.grades import Money, graded, rates_in, rates_worth
from commissions.engine.ground import Ground
from commissions.engine.plan import NOT_COVERED, GradeBy, UnilevelRule
from commissions.engine.snapshot import Flag
from commissions.engine.walking import (
    BEFORE_THE_FIRST,
    Load,
    Round,
    Walk,
    go_up,
    in_network,
    next_above,
)

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Outcomes = NDArray[np.uint8]
Places = NDArray[np.int16]


def walk_unilevel(ground: Ground, rule: UnilevelRule) -> Walk:
    """Return the way up of a unilevel."""
    base = ground.paying(rule)
    money = rates_worth(ground, rule.rates, rule.part_ppm, base)
    rounds = _rounds(ground, rule, base, money)
    return Walk(Load.of_sales(ground.sales, base), money, rounds, _ends(ground, rule.stop_at))


def _rounds(ground: Ground, rule: UnilevelRule, base: Int64s, money: Money) -> Iterator[Round]:
    """Yield a round for each level, or, by seller's grade, for each level and grade."""
    frame = ground.frame(rule.tree)
    grades = graded(ground, rule.rates)
    meeting = Meeting.of(ground, rule, rule.compression, grades, money)
    steps = Steps(
        ground, frame, _cut(frame, _ends(ground, rule.stop_at)), of_the_tree=rule.of_the_tree
    )
    for level in range(1, rule.rates.depth + 1):
        if rule.rates.by == GradeBy.SELLER:
            yield from _by_seller(ground, rule, meeting, steps, level, base)
            continue
        outcome, place = meeting.on(level)
        found = steps.go(outcome)
        yield Round(
            level, found, found, place, frame.parent, rule.owner_left_out, outcome=outcome,
            first=steps.first,
        )  # fmt: skip


def _ends(ground: Ground, stop_at: int) -> Bools | None:
    """Tell who is the last to be met, by network row; None: nobody is."""
    if not stop_at:
        return None
    ends: Bools = (ground.standings.paid_as >= stop_at) & ground.allowed(Flag.OCCUPIES_LEVEL)
    return ends


def _cut(frame: Frame, ends: Bools | None) -> Rows:
    """Return parents in the tree's order, with nobody above those at whom the way ends."""
    parent = frame.ordered_parent
    return parent if ends is None else np.where(frame.there(ends), np.int32(-1), parent)


class Steps:
    """Goes on from level to level: those who use a level up, or the tree's own levels."""

    def __init__(
        self, ground: Ground, frame: Frame, parent: Rows, *, of_the_tree: bool = False
    ) -> None:
        self.frame = frame
        self.parent = parent
        self.stands = frame.there(ground.allowed(Flag.OCCUPIES_LEVEL)) if of_the_tree else None
        self.found = np.full(len(parent), BEFORE_THE_FIRST, np.int32)
        self.stop = np.empty(len(parent), np.int32)
        self.first: Rows | None = None
        """Who comes after the tree's own level before, by network row."""

    def go(self, outcome: Outcomes) -> Rows:
        """Return who uses the next level up of what enters at each row, by network row."""
        uses = self.frame.there(outcome) <= LAST_USED
        if self.stands is None:
            go_up(self.parent, uses, self.found, self.stop)
            return in_network(self.frame, self.found)
        self.first = in_network(self.frame, next_above(self.parent, self.found))
        go_up(self.parent, self.stands, self.found, self.stop)
        rolled = _nearest_above(self.parent, uses, self.found)
        return in_network(self.frame, rolled)


@kernel
def _nearest_above(parent: Rows, uses: Bools, found: Rows) -> Rows:
    """Return for each entry the nearest user from the one found on upwards; -1 if there is none."""
    nearest = np.empty(len(parent), np.int32)
    for row in range(len(parent)):
        if uses[row]:
            nearest[row] = row
        else:
            nearest[row] = nearest[parent[row]] if parent[row] >= 0 else -1
    rolled = np.empty(len(parent), np.int32)
    for row in range(len(parent)):
        rolled[row] = nearest[found[row]] if found[row] >= 0 else -1
    return rolled


def _by_seller(
    ground: Ground, rule: UnilevelRule, meeting: Meeting, steps: Steps, level: int, base: Int64s
) -> Iterator[Round]:
    """Yield a round for each rate that sellers have, by the table of the earner's market."""
    everybody = np.ones(len(meeting.grades.table), np.bool_)
    no_place = np.zeros(len(everybody), np.int16)
    outcome, paid = decide(
        meeting.flags, meeting.active, meeting.qualified, meeting.grades.grade, everybody,
        no_place, int(meeting.compression),
    )  # fmt: skip
    found, above, left_out = steps.go(outcome), steps.frame.parent, rule.owner_left_out
    nothing = np.full(len(paid), -1, np.int16)
    yield Round(level, found, found, nothing, above, left_out, outcome=outcome, first=steps.first)
    for table in dict.fromkeys(rule.rates.table):
        markets = [at for at, other in enumerate(rule.rates.table) if other == table]
        here = (paid >= 0) & np.isin(ground.market, markets)
        column = rates_in(ground, rule.rates, markets[0], level)
        of_seller = np.append(column, NOT_COVERED)[ground.sales.owner]
        for rate in np.unique(column[column > 0])[::-1]:
            place = np.where(here, meeting.money.places(rate[None])[0], -1).astype(np.int16)
            yield Round(
                level, found, found, place, above, left_out,
                base=np.where(of_seller == rate, base, 0),
            )  # fmt: skip
