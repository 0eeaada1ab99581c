"""The kinds of bonus, one file each. A new kind is a file and a line in `KINDS`.

A bonus's file has one public function, which returns what it pays; with a book it writes single
lines too, by the same decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses.binary import pay_binary
from commissions.engine.bonuses.differential import pay_differential
from commissions.engine.bonuses.full_level import pay_full_level
from commissions.engine.bonuses.generation import pay_generation
from commissions.engine.bonuses.infinity import pay_infinity
from commissions.engine.bonuses.matching import pay_matching
from commissions.engine.bonuses.personal import pay_personal
from commissions.engine.bonuses.pool import pay_pool
from commissions.engine.bonuses.reward import pay_reward
from commissions.engine.bonuses.structure import pay_structure
from commissions.engine.bonuses.unilevel import pay_unilevel
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

Pay = Callable[[Ground, Any, Book | None], Paid]

KINDS: dict[type[BonusRule], Pay] = {
    UnilevelRule: pay_unilevel,
    PersonalRule: pay_personal,
    DifferentialRule: pay_differential,
    GenerationRule: pay_generation,
    InfinityRule: pay_infinity,
    BinaryRule: pay_binary,
    FullLevelRule: pay_full_level,
    StructureRule: pay_structure,
    PoolRule: pay_pool,
    RewardRule: pay_reward,
}


def pay_bonus(
    ground: Ground, index: int, paid: Mapping[int, Paid], book: Book | None = None
) -> Paid:
    """Return what a bonus of the plan pays; `paid` has what those above it, and their caps, paid."""
    rule = ground.plan.bonuses[index]
    if isinstance(rule, MatchingRule):
        return pay_matching(ground, rule, matched_by(ground, rule, paid), book)
    return KINDS[type(rule)](ground, rule, book)


def matched_by(
    ground: Ground, rule: MatchingRule, paid: Mapping[int, Paid]
) -> dict[int, NDArray[np.int64]]:
    """Return what each row is paid by each matched bonus, its caps already off."""
    found = {}
    for bonus in rule.of:
        amount = np.zeros(ground.size, np.int64)
        for place, pay in enumerate(ground.plan.pays):
            if place in paid and pay.of == bonus and pay.kind in (PayKind.BONUS, PayKind.CAP):
                amount += paid[place].by_earner(ground.size)
        posted = ground.snapshot.posted
        here = posted.bonus == bonus
        np.add.at(amount, ground.network.row[posted.row[here]], posted.amount[here])
        found[bonus] = amount
    return found
