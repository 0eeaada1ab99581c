"""The kinds of bonus, one file each. A new kind is a file and a line in `WALKS` or `KINDS`.

A kind on a way up says who is met and paid, round by round; paying, writing single lines and
telling why is the same for all of them (`walking`, `explain`). Another kind has one public function
that returns its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.binary import pay_binary
from commissions.engine.bonuses.differential import walk_differential
from commissions.engine.bonuses.full_level import pay_full_level
from commissions.engine.bonuses.generation import walk_generation
from commissions.engine.bonuses.guarantee import settle_guarantee
from commissions.engine.bonuses.infinity import walk_infinity
from commissions.engine.bonuses.matching import walk_matching
from commissions.engine.bonuses.personal import walk_personal
from commissions.engine.bonuses.pool import pay_pool
from commissions.engine.bonuses.reward import pay_reward
from commissions.engine.bonuses.structure import pay_structure
from commissions.engine.bonuses.unilevel import walk_unilevel
from commissions.engine.earned import Book, Paid
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    DifferentialRule,
    FullLevelRule,
    GenerationRule,
    InfinityRule,
    MatchingRule,
    PayKind,
    PersonalRule,
    PoolRule,
    RewardRule,
    StructureRule,
    UnilevelRule,
)
from commissions.engine.walking import Walk, pay_walk

WALKS: dict[type[BonusRule], Callable[[Ground, Any], Walk]] = {
    PersonalRule: walk_personal,
    UnilevelRule: walk_unilevel,
    DifferentialRule: walk_differential,
    GenerationRule: walk_generation,
    InfinityRule: walk_infinity,
}

KINDS: dict[type[BonusRule], Callable[[Ground, Any], Paid]] = {
    BinaryRule: pay_binary,
    FullLevelRule: pay_full_level,
    StructureRule: pay_structure,
    PoolRule: pay_pool,
    RewardRule: pay_reward,
}


def pay_bonus(
    ground: Ground, index: int, paid: Mapping[int, Paid], book: Book | None = None
) -> Paid:
    """Return what a bonus of the plan pays; `paid` has what those above it and their caps pay.

    With a book, the single lines of a way up are written into it, and no guarantee is settled.
    """
    rule = ground.plan.bonuses[index]
    if type(rule) in KINDS:
        return KINDS[type(rule)](ground, rule)
    walk = walk_of(ground, rule, paid)
    earned = pay_walk(walk, rule, int(ground.plan.rounding), book)
    if isinstance(rule, GenerationRule) and rule.guarantee and book is None:
        return Paid(earned, settle_guarantee(ground, rule, walk, earned))
    return Paid(earned)


def walk_of(ground: Ground, rule: BonusRule, paid: Mapping[int, Paid]) -> Walk:
    """Return the way up of a bonus that has one."""
    if isinstance(rule, MatchingRule):
        return walk_matching(ground, rule, matched_by(ground, rule, paid))
    return WALKS[type(rule)](ground, rule)


def matched_by(
    ground: Ground, rule: MatchingRule, paid: Mapping[int, Paid]
) -> dict[int, NDArray[np.int64]]:
    """Return what each row is paid by each matched bonus, its caps already off."""
    found = {}
    for bonus in rule.of:
        amount = np.zeros(ground.size, np.int64)
        for place, pay in enumerate(ground.plan.pays):
            if place in paid and pay.of == bonus and pay.kind in (PayKind.BONUS, PayKind.CAP):
                paid[place].add_to(amount)
        posted = ground.snapshot.posted
        here = posted.bonus == bonus
        np.add.at(amount, ground.network.row[posted.row[here]], posted.amount[here])
        found[bonus] = amount
    return found
