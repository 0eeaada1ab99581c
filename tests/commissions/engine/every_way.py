"""A plan with ranks, activity and every kind of bonus that sales go up for, and matching."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commissions.engine import Plan
from commissions.engine.plan import (
    Compression,
    DifferentialRule,
    GenerationRule,
    InfinityRule,
    Leaders,
    MatchingRule,
    PeopleFigure,
    PersonalRule,
    RoundAt,
    Scope,
    UnilevelRule,
)
from tests.commissions.engine.plans import (
    ACTIVE,
    CV,
    PV,
    at_least,
    build_plan,
    by_rank,
    has_rank,
    rates,
)
from tests.commissions.engine.ranked import FIRST, ranked, ranks_with

LEADERS = Leaders((has_rank(1),))


def _unilevel(compression: Compression, **others: Any) -> UnilevelRule:
    table = by_rank([125_000], [125_000, 50_000], [50_000, 333_300, 10_000])
    return UnilevelRule(name="Unilevel", pays_on=CV, compression=compression, rates=table, **others)


BONUSES = (
    _unilevel(Compression.NONE),
    _unilevel(Compression.INACTIVE, of_the_tree=True),
    _unilevel(Compression.DYNAMIC, stop_at=2),
    DifferentialRule(
        name="Differential", pays_on=CV, rates=by_rank([10_000], [50_000], [125_000]), breakaway=2
    ),
    GenerationRule(
        name="Generation", pays_on=CV, leaders=LEADERS, rates=rates(50_000, 30_000),
        own_group=rates(10_000), guarantee=300, compression=Compression.DYNAMIC,
    ),
    InfinityRule(name="Infinity", pays_on=CV, rates=rates(10_000), begins=2),
    PersonalRule(name="Retail", pays_on=CV, rates=rates(125_000), round_at=RoundAt.BONUS),
    MatchingRule(
        name="Matching", of=(0, 4), compression=Compression.INACTIVE, rates=rates(125_000, 50_000)
    ),
)  # fmt: skip


def _plan() -> Plan:
    """Return the plan. Active is who has 20; Bronze has 2 active people, Silver a leg with one."""
    active_people = PeopleFigure("people", Scope.DOWNLINE, (ACTIVE,))
    bronze_legs = PeopleFigure("legs", Scope.LEGS, (has_rank(1),))
    made = ranked(
        ranks_with(at_least(FIRST, 2), at_least(FIRST + 1, 1)), active_people, bronze_legs,
        active=(at_least(PV, 20),),
    )  # fmt: skip
    with_bonuses = build_plan(*BONUSES)
    return replace(
        made, bonuses=BONUSES, pays=with_bonuses.pays,
        steps=(*made.steps, *with_bonuses.steps[-len(BONUSES):]),
    )  # fmt: skip


PLAN = _plan()
