"""Why not: what reached somebody and was not paid."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine import RunResult, missed_by
from commissions.engine.plan import (
    BonusRule,
    Compression,
    DifferentialRule,
    GenerationRule,
    InfinityRule,
    Leaders,
    PersonalRule,
    UnilevelRule,
)
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EVE,
    FINN,
    SILVER,
    missed,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates

LINE = [0, ALICE, BOB, CARL, DORA]
"""Alice > Bob > Carl > Dora > Eve."""
FROM_EVE = (EVE, 0, 10)


def of(rule: BonusRule, *sales: tuple[int, int, int], **others: Any) -> RunResult:
    return run(plan_of(rule), others.pop("sponsor", LINE), sales or (FROM_EVE,), **others)


def unilevel(*levels: int, **others: Any) -> UnilevelRule:
    given: dict[str, Any] = {"rates": rates(*levels), "compression": Compression.NONE} | others
    return UnilevelRule(name="Unilevel", pays_on=CV, **given)


def differential(**others: Any) -> DifferentialRule:
    table = by_rank([20_000], [50_000], [80_000])
    return DifferentialRule(name="Differential", pays_on=CV, rates=table, **others)


def generation(*levels: int) -> GenerationRule:
    return GenerationRule(
        name="Generation", pays_on=CV, rates=rates(*levels), leaders=Leaders((has_rank(BRONZE),))
    )


def test_what_somebody_missed_is_told_by_level_and_reason() -> None:
    """Carl is inactive: Dora's order was his on level 1, Eve's and hers of Finn on level 2, 3."""
    result = of(
        unilevel(100_000, 50_000), (DORA, 0, 10), (EVE, 0, 10), (EVE, ANN, 20), (FINN, 0, 10),
        sponsor=[*LINE, EVE], pv={CARL: 0},
    )  # fmt: skip

    assert missed(result, CARL) == ["level 1 inactive: 1", "level 2 inactive: 2"]
    (first, _) = missed_by(result, CARL)
    assert first.base == 1000
    assert missed(result, BOB) == []


def test_what_somebody_was_skipped_for_is_missed() -> None:
    result = of(unilevel(100_000, compression=Compression.INACTIVE), pv={DORA: 0, CARL: 0})

    assert missed(result, DORA) == ["level 1 skipped inactive: 1, to bob"]
    assert missed(result, CARL) == ["level 1 skipped inactive: 1, to bob"]
    assert missed(result, BOB) == missed(result, ALICE) == []


def test_what_broke_away_below_is_missed() -> None:
    result = of(differential(breakaway=SILVER), ranks={CARL: SILVER})

    assert missed(result, BOB) == missed(result, ALICE) == ["level 0 beyond: 1"]
    assert missed(result, CARL) == []


def test_own_groups_and_own_orders_that_a_bonus_never_pays_are_not_missed() -> None:
    led = of(generation(50_000), (DORA, 0, 10), (EVE, 0, 10), ranks={DORA: BRONZE})
    bought = of(differential(buyer_paid=False))

    assert missed(led, DORA) == []
    assert missed(bought, EVE) == []


def test_own_sales_without_pay_are_missed_too() -> None:
    rule = PersonalRule(name="Retail", pays_on=CV, rates=rates(100_000), customers_only=True)

    result = of(rule, (BOB, ANN, 10), (BOB, 0, 10), (CARL, ANN, 10), pv={BOB: 0})

    assert missed(result, BOB) == ["level 0 inactive: 1"]
    assert told(result) == ["carl <- 3 level 0 10%: 1.00"]


def test_what_is_below_the_first_level_is_too_near_and_what_others_take_is_blocked() -> None:
    rule = InfinityRule(name="Infinity", pays_on=CV, rates=rates(50_000), begins=2)

    result = of(rule, (DORA, 0, 10), FROM_EVE)

    # Dora's order is paid to Bob, Eve's to Carl.
    assert missed(result, CARL) == ["level 0 too near: 1"]
    assert missed(result, BOB) == ["level 0 blocked: 2"]
    assert missed(result, ALICE) == ["level 0 blocked: 1, 2"]


def test_who_does_not_lead_misses_what_leaders_get() -> None:
    result = of(generation(50_000), ranks={DORA: BRONZE, ALICE: BRONZE})

    assert missed(result, CARL) == ["level 1 not a leader: 1"]
    assert missed(result, ALICE) == []


def test_somebody_who_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        missed_by(of(unilevel(100_000)), 99)
