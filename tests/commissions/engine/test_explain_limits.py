"""Why somebody is paid less than is due: which limit it was, and what it left."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine import RunResult, capped_by
from commissions.engine.plan import (
    Cap,
    Compression,
    PersonalRule,
    Plan,
    PlanCap,
    RoundAt,
    UnilevelRule,
)
from commissions.engine.reasons import Limit
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BEN,
    BOB,
    CARL,
    DORA,
    money,
    plan_of,
    run,
    why,
)
from tests.commissions.engine.plans import CV, rates

LINE = [0, ALICE, BOB]
"""Alice > Bob > Carl."""


def unilevel(cap: Cap | None = None, **others: Any) -> UnilevelRule:
    given: dict[str, Any] = {"rates": rates(100_000, 50_000)} | others
    return UnilevelRule(name="Team", pays_on=CV, compression=Compression.NONE, cap=cap, **given)


def of(plan: Plan, *sales: tuple[int, int, int], **others: Any) -> RunResult:
    return run(plan, others.pop("sponsor", LINE), sales, **others)


def capped(result: RunResult, member: int) -> list[str]:
    """Return what limits took: `Cap on Team per_earner level 0: 5.00 of 7.00`."""
    return [
        f"{result.ground.plan.pays[cut.pay].name} {cut.limit} level {cut.level}: "
        f"{money(cut.paid)} of {money(cut.due)}"
        for cut in capped_by(result, member)
    ]


def test_a_limit_for_earners_says_what_was_due_and_what_it_left() -> None:
    plan = plan_of(unilevel(Cap(per_earner=rates(500, money=True))))

    result = of(plan, (CARL, ANN, 40), (CARL, BEN, 30), (BOB, ANN, 10))

    assert capped(result, CARL) == ["Cap on Team per_earner level 0: 5.00 of 7.00"]
    assert capped(result, BOB) == []
    assert why(result, 1) == [
        "carl level 1: paid 10% 4.00",
        "bob level 2: paid 5% 2.00",
        "carl level 0: capped per_earner, 5.00 of 7.00",
    ]


def test_each_limit_sees_what_those_before_it_left() -> None:
    cap = Cap(per_buyer=(300,), per_earner=rates(550, money=True), per_holder=500, total=400)
    plan = plan_of(unilevel(cap, rates=rates(100_000)))

    result = of(plan, (CARL, ANN, 40), (CARL, BEN, 50), (CARL, CARL, 0), (BOB, ANN, 10))

    assert capped(result, CARL) == [
        "Cap on Team per_buyer level 1: 6.00 of 9.00",
        "Cap on Team per_earner level 0: 5.50 of 6.00",
        "Cap on Team per_holder level 0: 5.00 of 5.50",
        "Cap on Team total level 0: 3.33 of 5.00",
    ]
    assert capped(result, BOB) == ["Cap on Team total level 0: 0.67 of 1.00"]
    # Of a sale only what its own buyer's sales were cut by.
    assert why(result, 2)[1] == "carl level 1: capped per_buyer, 3.00 of 5.00"


def test_a_buyer_under_the_limit_is_not_told_of() -> None:
    plan = plan_of(unilevel(Cap(per_buyer=(300,))))

    result = of(plan, (CARL, ANN, 40), (CARL, BEN, 30))

    assert why(result, 1)[-1] == "carl level 1: capped per_buyer, 3.00 of 4.00"
    assert why(result, 2) == ["carl level 1: paid 10% 3.00", "bob level 2: paid 5% 1.50"]


def test_members_of_one_holder_share_what_is_cut() -> None:
    plan = plan_of(unilevel(Cap(per_holder=600), rates=rates(100_000)))

    result = of(plan, (CARL, ANN, 60), (BOB, ANN, 60), holder=[1, 2, 2])

    assert capped(result, BOB) == capped(result, CARL) == [
        "Cap on Team per_holder level 0: 3.00 of 6.00"
    ]  # fmt: skip


def test_the_plans_limits_are_told_under_every_bonus_inside() -> None:
    retail = PersonalRule(name="Retail", pays_on=CV, rates=rates(200_000), customers_only=True)
    outside = PersonalRule(name="Outside", pays_on=CV, rates=rates(10_000))
    plan = plan_of(
        unilevel(rates=rates(100_000)), retail, outside,
        cap=PlanCap(inside=(0, 1), per_earner=(1000,), payout=800),
    )  # fmt: skip

    result = of(plan, (CARL, ANN, 50))

    assert capped(result, CARL) == [
        "Payout cap per_earner level 0: 10.00 of 15.00",
        "Payout cap payout level 0: 8.00 of 10.00",
    ]
    cuts = [
        "carl level 0: capped per_earner, 10.00 of 15.00",
        "carl level 0: capped payout, 8.00 of 10.00",
    ]
    assert why(result, 1, bonus=0) == ["carl level 1: paid 10% 5.00", *cuts]
    assert why(result, 1, bonus=1) == ["carl level 0: paid 20% 10.00", *cuts]
    assert why(result, 1, bonus=2) == ["carl level 0: paid 1% 0.50"]


def test_what_is_rounded_together_is_cut_by_what_it_came_to() -> None:
    """Two sales of 0.05 pay half a cent each: together one, of which the limit leaves nothing."""
    plan = plan_of(
        unilevel(
            Cap(per_buyer=(0,)), rates=rates(1_000), round_at=RoundAt.BONUS
        )
    )  # fmt: skip

    result = of(plan, (CARL, ANN, 5), (CARL, ANN, 5))

    assert capped(result, CARL) == ["Cap on Team per_buyer level 1: 0.00 of 0.01"]


def test_whoever_nothing_was_taken_off_hears_nothing() -> None:
    result = of(plan_of(unilevel(Cap(per_earner=rates(500, money=True)))), (CARL, ANN, 10))

    assert capped(result, CARL) == capped(result, ALICE) == []
    with pytest.raises(KeyError):
        capped_by(result, DORA)
    assert [str(limit) for limit in Limit] == [
        "per_buyer", "per_earner", "per_holder", "total", "payout",
    ]  # fmt: skip
