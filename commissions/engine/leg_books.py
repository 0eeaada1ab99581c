"""What became of volume in the legs of a binary: the pairing is done once more, and watched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.binary import pay_binary
from commissions.engine.bonuses.legs import IN_LEFT, IN_RIGHT, NOWHERE, lay_legs, paid_in_legs
from commissions.engine.bonuses.lots import Lots
from commissions.engine.bonuses.meeting import reasons_against
from commissions.engine.bonuses.pairing import has_pay, pair
from commissions.engine.carried import carried_total
from commissions.engine.excerpt import has_place, owner_of, place_of
from commissions.engine.ground import Ground
from commissions.engine.plan import BinaryRule
from commissions.engine.reasons import Outcome
from commissions.engine.snapshot import Flag
from commissions.engine.traces import MOST, Trace

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]

SIDES = ("left", "right")
OLD, NEW = 0, 1
"""Lots that were carried in, and the one of this period."""
FATES = (
    Outcome.MADE_GOOD, Outcome.LOST, Outcome.PAIRED, Outcome.USED_UP, Outcome.FLUSHED,
    Outcome.FULL, Outcome.CARRIED,
)  # fmt: skip
LOSSES = (
    Outcome.EXPIRED, Outcome.LOST, Outcome.USED_UP, Outcome.FLUSHED, Outcome.FULL,
)  # fmt: skip


@dataclass(slots=True, eq=False)
class LegBooks:
    """What happened to the legs of a few network rows, in hundredths of a point.

    `gone[outcome]` is by row, side, and old or new. `because` tells why legs cannot be paired,
    `weaker` what the lesser of both legs had (0 if it was below zero); both by row.
    """

    rows: Rows
    now: Int64s
    weaker: Int64s
    because: list[Outcome | None]
    gone: dict[Outcome, Int64s] = field(default_factory=dict)

    @classmethod
    def of(cls, ground: Ground, rule: BinaryRule, rows: Rows) -> LegBooks:
        """Return the books of these rows."""
        legs = lay_legs(ground, rule, np.ones(ground.size, np.bool_))
        against = reasons_against(ground, rule, has_pay(ground, rule))[rows].tolist()
        because = [None if why == Outcome.BLOCKED else Outcome(why) for why in against]
        now = _had(*legs, rows)
        has = np.minimum(*(leg.has()[rows] for leg in legs))
        books = cls(rows, now, np.maximum(has, 0), because)
        books.gone[Outcome.EXPIRED] = _expired(ground, rule, rows, now)
        pay_binary(ground, rule, books.watch)
        books.gone[Outcome.CARRIED] = books.now
        books._part_used_up(ground, rule)
        return books

    def watch(self, outcome: Outcome, left: Lots, right: Lots) -> None:
        """Note what is gone since the last time."""
        now = _had(left, right, self.rows)
        self.gone[outcome] = self.gone.get(outcome, 0) + self.now - now
        self.now = now

    def _part_used_up(self, ground: Ground, rule: BinaryRule) -> None:
        """Tell what was used up without pay from what was paired; paid cycles came first."""
        paired = self.gone[Outcome.PAIRED]
        paid = np.zeros_like(paired)
        for at, why in enumerate(self.because):
            if why is None:
                paid[at] = paired[at]
        if rule.most_cycles and rule.beyond_used_up:
            stay = _paid_cycles(ground, rule)
            for side, taken in enumerate(stay):
                old = np.minimum(taken[self.rows], paid[:, side, OLD])
                paid[:, side, NEW] = np.minimum(taken[self.rows] - old, paid[:, side, NEW])
                paid[:, side, OLD] = old
        self.gone[Outcome.PAIRED], self.gone[Outcome.USED_UP] = paid, paired - paid

    def new_in(self, at: int, side: int) -> list[tuple[Outcome, int]]:
        """Return what became of the new volume of one row's leg, all of it."""
        found = ((fate, int(self.gone[fate][at, side, NEW])) for fate in FATES)
        return [(fate, points) for fate, points in found if points]


def _had(left: Lots, right: Lots, rows: Rows) -> Int64s:
    """Return what rows have in each leg, old and new."""
    found = np.zeros((len(rows), 2, 2), np.int64)
    for side, lots in enumerate((left, right)):
        for at, row in enumerate(rows.tolist()):
            first, new = int(lots.start[row]), int(lots.start[row + 1]) - 1
            found[at, side] = lots.value[first:new].sum(), lots.value[new]
    return found


def _expired(ground: Ground, rule: BinaryRule, rows: Rows, now: Int64s) -> Int64s:
    found = np.zeros_like(now)
    for side, name in enumerate(SIDES):
        brought = carried_total(ground, f"{rule.name}.{name}")[rows]
        found[:, side, OLD] = brought - now[:, side, OLD]
    return found


def _paid_cycles(ground: Ground, rule: BinaryRule) -> tuple[Int64s, Int64s]:
    """Return what cycles that are paid take off each leg, where those beyond are used up."""
    qualified = reasons_against(ground, rule, has_pay(ground, rule)) == Outcome.BLOCKED
    left, right = lay_legs(ground, rule, np.ones(ground.size, np.bool_))
    keeping = replace(rule, beyond_used_up=False)
    paired = pair(ground, keeping, left.has(), right.has(), qualified, qualified)
    return paired.left, paired.right


def told_in_legs(ground: Ground, index: int, rule: BinaryRule, sale: int) -> list[Trace]:
    """Return in whose legs a sale counts, nearest first, and what became of those legs' volume."""
    owner = owner_of(ground, sale)
    base = int(paid_in_legs(ground, rule)[place_of(ground, sale)])
    if not base:
        return []
    member = ground.network.member
    if not ground.allowed(Flag.KEEPS_VOLUME)[owner]:
        return [Trace(index, int(member[owner]), 0, Outcome.SKIPPED_STATE, 0, base, 0)]
    entered = _legs_above(ground, rule, owner)
    books = LegBooks.of(ground, rule, np.array([row for row, _ in entered], np.int32))
    steps = [
        Trace(index, int(member[row]), 0, fate, 0, points, 0, leg=side + 1, because=why)
        for at, ((row, side), why) in enumerate(zip(entered, books.because, strict=True))
        for fate, points in [(Outcome.COUNTED, base), *books.new_in(at, side)]
    ]
    if not has_place(ground, rule.tree, owner):
        steps.append(Trace(index, int(member[owner]), 0, Outcome.NOT_IN_TREE, 0, base, 0))
    return steps


def _legs_above(ground: Ground, rule: BinaryRule, owner: int) -> list[tuple[int, int]]:
    """Return the network rows in whose legs an owner's volume is, and the side (0: the left)."""
    frame, found, at = ground.frame(rule.tree), list[tuple[int, int]](), owner
    if rule.own_volume != NOWHERE:
        found.append((owner, _own_side(ground, rule, owner)))
    while frame.leg is not None and frame.parent[at] >= 0 and len(found) < MOST:
        found.append((int(frame.parent[at]), int(frame.leg[at]) - 1))
        at = int(frame.parent[at])
    return found


def _own_side(ground: Ground, rule: BinaryRule, owner: int) -> int:
    """Return the side that somebody's own volume enters."""
    if rule.own_volume in (IN_LEFT, IN_RIGHT):
        return int(rule.own_volume == IN_RIGHT)
    without = replace(rule, own_volume=NOWHERE)
    legs = lay_legs(ground, without, np.ones(ground.size, np.bool_))
    left, right = _had(*legs, np.array([owner], np.int32))[0].sum(axis=1)
    return int(right < left)


def lost_in_legs(
    ground: Ground, rule: BinaryRule, row: int
) -> list[tuple[Outcome, int, Outcome | None]]:
    """Return what both legs of a network row lost, and why they were not paired: with points.

    Of a loss also why they could not be paired, if so.
    """
    books = LegBooks.of(ground, rule, np.array([row], np.int32))
    (why,), weaker = books.because, int(books.weaker[0])
    found = [(loss, int(books.gone[loss].sum()), why) for loss in LOSSES]
    if why is not None:
        found.insert(0, (why, weaker, None))
    return [each for each in found if each[1]]
