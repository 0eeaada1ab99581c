"""A run with a line that rests on no sale, or pays somebody who may not be paid, is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commissions.engine import BooksBroken, RunResult, calculate_run
from commissions.engine.earned import Evidence, Paid, direct_lines
from commissions.engine.evidence import check_evidence
from commissions.engine.plan import (
    SPONSOR,
    BinaryRule,
    BonusRule,
    Cap,
    Compression,
    FullLevelRule,
    MatchingRule,
    PersonalRule,
    PoolRule,
    RewardRule,
    StructureRule,
    TreeKind,
)
from commissions.engine.snapshot import Flag
from tests.commissions.engine.plans import (
    BINARY,
    CV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    placed,
    rates,
    tree,
)

ALICE, BOB, CARL = 1, 2, 3
PLACES = {"binary": placed([0, ALICE, ALICE], [0, 1, 2])}
PERSONAL = PersonalRule(name="Personal", pays_on=CV, rates=rates(100_000))
KINDS = {
    Evidence.LEGS: BinaryRule(name="Legs", tree=BINARY, pays_on=CV, rates=rates(100_000)),
    Evidence.LEVEL: FullLevelRule(
        name="Level", tree=BINARY, pays_on=CV, counted=(), rates=rates(100_000)
    ),
    Evidence.SHAPE: StructureRule(
        name="Shape", tree=SPONSOR, width=2, person=(), head=(), pays=((100,),)
    ),
    Evidence.POOL: PoolRule(name="Pool", fund_of=CV, fund_ppm=100_000),
    Evidence.GROUP: RewardRule(name="Reward", pays=rates(100, money=True)),
}


def run(*bonuses: BonusRule, sales: list[Sale], **others: Any) -> RunResult:
    plan = build_plan(
        *bonuses, trees=[tree("binary", TreeKind.BINARY, 2)], active=((at_least(PV, 1),),)
    )
    period = build_period([0, ALICE, ALICE], sales, placements=PLACES, **others)
    return calculate_run(period, plan)


def line(member: int, evidence: Evidence, amount: int = 5, **others: Any) -> Paid:
    earner = np.array([member - 1], np.int32)
    return Paid(direct=direct_lines(earner, np.array([amount], np.int64), evidence, **others))


@pytest.mark.parametrize("evidence", list(KINDS))
def test_a_line_on_a_group_without_a_sale_stops_the_run(evidence: Evidence) -> None:
    rule = replace(KINDS[evidence], everybody=True)
    result = run(rule, sales=[])
    assert result.total == 0

    with pytest.raises(BooksBroken, match=f"{rule.name}: a line of member 1 rests on no sale"):
        check_evidence(result.ground, {0: line(ALICE, evidence, level=1)})


@pytest.mark.parametrize("evidence", list(KINDS))
def test_a_line_on_a_group_with_a_sale_is_good(evidence: Evidence) -> None:
    rule = replace(KINDS[evidence], everybody=True)

    result = run(rule, sales=[(BOB, 0, 100), (CARL, 0, 100)])

    assert result.total > 0
    check_evidence(result.ground, result.paid)


def test_a_sale_in_another_leg_is_no_evidence() -> None:
    result = run(replace(KINDS[Evidence.LEGS], everybody=True), sales=[(ALICE, 0, 100)])

    with pytest.raises(BooksBroken, match="member 1"):
        check_evidence(result.ground, {0: line(ALICE, Evidence.LEGS)})


def test_a_limit_rests_on_earnings_of_that_bonus() -> None:
    capped = replace(PERSONAL, cap=Cap(per_earner=rates(5, money=True)))
    result = run(capped, sales=[(ALICE, 0, 100), (BOB, 0, 100)])
    broken = result.paid | {1: line(CARL, Evidence.EARNINGS, -1, source_bonus=0)}

    check_evidence(result.ground, result.paid)
    with pytest.raises(BooksBroken, match="Cap on Personal: a line of member 3"):
        check_evidence(result.ground, broken)


def test_a_line_cannot_rest_on_itself() -> None:
    result = run(PERSONAL, sales=[(ALICE, 0, 100)])

    with pytest.raises(BooksBroken, match="Personal: a line of member 2 rests on no sale"):
        check_evidence(result.ground, {0: line(BOB, Evidence.EARNINGS, -5, source_bonus=0)})


def test_matching_rests_on_what_was_matched() -> None:
    match = MatchingRule(name="Match", of=(0,), compression=Compression.NONE, rates=rates(100_000))
    result = run(PERSONAL, match, sales=[(ALICE, 0, 100), (BOB, 0, 100)])

    check_evidence(result.ground, result.paid)
    with pytest.raises(BooksBroken, match="Match: what is matched was never paid"):
        check_evidence(result.ground, {0: Paid(), 1: result.paid[1]})


@pytest.mark.parametrize(
    ("flags", "sales", "member"),
    [
        ([int(Flag.ALL & ~Flag.EARNS), 31, 31], [(ALICE, 0, 100)], ALICE),
        ([31, 31, 31], [(ALICE, 0, 100)], BOB),
    ],
)
def test_nobody_is_paid_who_may_not_earn_or_is_not_active(
    flags: list[int], sales: list[Sale], member: int
) -> None:
    result = run(KINDS[Evidence.GROUP], sales=sales, flags=flags)

    with pytest.raises(BooksBroken, match=f"Reward: member {member} is paid, who may not be"):
        check_evidence(result.ground, {0: line(member, Evidence.GROUP)})
