"""Why: everybody on a sale's way up, with what happened there; and what somebody missed."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine import Flag, RunResult, explain_sale
from commissions.engine.explain import MOST
from commissions.engine.plan import (
    ENROLLER,
    BonusRule,
    Compression,
    DifferentialRule,
    GenerationRule,
    GradeBy,
    InfinityRule,
    Leaders,
    PersonalRule,
    RoundAt,
    UnilevelRule,
)
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EARNS_NOTHING,
    EVE,
    FULL,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    why,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates

LINE = [0, ALICE, BOB, CARL, DORA]
"""Alice > Bob > Carl > Dora > Eve."""
FROM_EVE = (EVE, 0, 10)


def unilevel(*levels: int, **others: Any) -> UnilevelRule:
    given: dict[str, Any] = {"rates": rates(*levels), "compression": Compression.NONE} | others
    return UnilevelRule(name="Unilevel", pays_on=CV, **given)


def of(rule: BonusRule, *sales: tuple[int, int, int], **others: Any) -> RunResult:
    return run(plan_of(rule), others.pop("sponsor", LINE), sales or (FROM_EVE,), **others)


def test_everybody_passed_has_a_reason_and_the_way_ends_with_the_last_level() -> None:
    result = of(
        unilevel(100_000, 50_000, compression=Compression.DYNAMIC, requires=((FULL,),)),
        (EVE, 0, 10), sponsor=[*LINE, EVE], pv={CARL: 50, DORA: 0},
    )  # fmt: skip

    assert why(result, 1) == [
        "dora level 1: skipped inactive, to bob",
        "carl level 1: skipped unqualified, to bob",
        "bob level 1: paid 10% 1.00",
        "alice level 2: paid 5% 0.50",
    ]


def test_who_uses_a_level_up_without_pay_hears_why() -> None:
    rule = unilevel(requires=((FULL,),), rates=by_rank([], [100_000, 80_000, 60_000, 40_000]))
    bronze = dict.fromkeys([BOB, CARL, DORA], BRONZE)

    result = of(rule, ranks=bronze, pv={DORA: 0, CARL: 50}, states={BOB: EARNS_NOTHING})

    assert why(result, 1) == [
        "dora level 1: inactive",
        "carl level 2: unqualified",
        "bob level 3: not earning",
        "alice level 4: not covered",
    ]


def test_what_is_used_up_without_pay_goes_to_nobody() -> None:
    rule = unilevel(100_000, compression=Compression.INACTIVE, requires=((FULL,),))

    assert why(of(rule, pv={DORA: 0, CARL: 50}), 1) == [
        "dora level 1: skipped inactive",
        "carl level 1: unqualified",
    ]


def test_who_occupies_no_level_or_covers_none_dynamically_is_skipped() -> None:
    rule = unilevel(compression=Compression.DYNAMIC, rates=by_rank([], [100_000]))

    result = of(rule, ranks={ALICE: BRONZE}, states={DORA: TERMINATED})

    assert why(result, 1) == [
        "dora level 1: skipped state, to alice",
        "carl level 1: skipped not covered, to alice",
        "bob level 1: skipped not covered, to alice",
        "alice level 1: paid 10% 1.00",
    ]


def test_the_buyer_is_not_met_by_an_own_order_and_the_owner_is_by_a_customers() -> None:
    result = of(unilevel(100_000), (EVE, 0, 10), (EVE, ANN, 10))

    assert why(result, 1) == ["dora level 1: paid 10% 1.00"]
    assert why(result, 2) == ["eve level 1: paid 10% 1.00"]


def test_beyond_the_rank_that_stops_everybody_hears_so() -> None:
    result = of(unilevel(100_000, 50_000, 20_000, stop_at=SILVER), ranks={CARL: SILVER})

    assert why(result, 1) == [
        "dora level 1: paid 10% 1.00",
        "carl level 2: paid 5% 0.50",
        "bob level 0: beyond",
        "alice level 0: beyond",
    ]
    # Where the levels had been used up anyway, nobody hears anything.
    assert why(of(unilevel(100_000, 50_000, stop_at=SILVER), ranks={CARL: SILVER}), 1) == [
        "dora level 1: paid 10% 1.00",
        "carl level 2: paid 5% 0.50",
    ]


def test_levels_of_the_tree_are_told_one_by_one() -> None:
    result = of(
        unilevel(100_000, 50_000, compression=Compression.INACTIVE, of_the_tree=True),
        pv={DORA: 0, CARL: 0},
    )

    assert why(result, 1) == [
        "dora level 1: skipped inactive, to bob",
        "carl level 1: skipped inactive, to bob",
        "carl level 2: skipped inactive, to bob",
        "bob level 1: paid 10% 1.00",
        "bob level 2: paid 5% 0.50",
    ]


def test_who_has_no_level_of_the_tree_is_skipped_on_the_way_to_it() -> None:
    rule = unilevel(100_000, 50_000, compression=Compression.INACTIVE, of_the_tree=True)

    assert why(of(rule, states={CARL: TERMINATED}), 1) == [
        "dora level 1: paid 10% 1.00",
        "carl level 2: skipped state, to bob",
        "bob level 2: paid 5% 0.50",
    ]


def test_a_rate_that_the_sellers_rank_does_not_have_is_not_covered() -> None:
    rule = unilevel(rates=by_rank([], [100_000], by=GradeBy.SELLER))

    assert why(of(rule), 1) == ["dora level 1: not covered"]
    assert why(of(rule, ranks={EVE: BRONZE}), 1) == ["dora level 1: paid 10% 1.00"]


RATES = by_rank([20_000], [50_000], [80_000])


def differential(**others: Any) -> DifferentialRule:
    return DifferentialRule(name="Differential", pays_on=CV, rates=RATES, **others)


def test_a_differential_tells_who_is_blocked() -> None:
    result = of(
        differential(requires=((FULL,),)),
        ranks={DORA: BRONZE, BOB: BRONZE, ALICE: SILVER}, pv={CARL: 50, EVE: 0},
    )  # fmt: skip

    assert why(result, 1) == [
        "eve level 0: inactive",
        "dora level 0: paid 5% 0.50",
        "carl level 0: unqualified",
        "bob level 0: blocked",
        "alice level 0: paid 3% 0.30",
    ]


def test_a_differential_tells_of_the_buyer_of_the_near_and_of_those_beyond() -> None:
    rule = differential(buyer_paid=False, from_level=2, breakaway=SILVER)

    assert why(of(rule, ranks={BOB: SILVER, ALICE: SILVER}), 1) == [
        "eve level 0: buyer",
        "dora level 0: too near",
        "carl level 0: blocked",
        "bob level 0: paid 6% 0.60",
        "alice level 0: beyond",
    ]


def test_a_buyer_who_is_left_out_is_not_on_the_way() -> None:
    rule = differential(buyer_paid=False, buyer_counts=False)

    assert why(of(rule), 1)[0] == "dora level 0: paid 2% 0.20"


def test_who_has_no_rate_is_not_covered_and_who_has_no_level_is_skipped() -> None:
    rule = DifferentialRule(name="D", pays_on=CV, rates=by_rank([], [50_000]))

    assert why(of(rule, ranks={ALICE: BRONZE}, states={BOB: TERMINATED}), 1) == [
        "eve level 0: not covered",
        "dora level 0: not covered",
        "carl level 0: not covered",
        "bob level 0: skipped state",
        "alice level 0: paid 5% 0.50",
    ]


def test_an_infinity_tells_who_is_too_near_and_who_is_blocked() -> None:
    rule = InfinityRule(name="Infinity", pays_on=CV, rates=rates(50_000), begins=2)

    assert why(of(rule), 1) == [
        "dora level 0: too near",
        "carl level 0: paid 5% 0.50",
        "bob level 0: blocked",
        "alice level 0: blocked",
    ]


LEADERS = Leaders((has_rank(BRONZE),))


def test_an_infinity_by_generations_looks_through_who_does_not_lead() -> None:
    rule = InfinityRule(name="I", pays_on=CV, rates=rates(50_000), begins=1, leaders=LEADERS)

    assert why(of(rule, ranks={DORA: BRONZE, BOB: BRONZE}), 1) == [
        "eve level 0: not a leader",
        "dora level 0: too near",
        "carl level 0: not a leader",
        "bob level 0: paid 5% 0.50",
        "alice level 0: not a leader",
    ]


def generation(*levels: int, **others: Any) -> GenerationRule:
    given: dict[str, Any] = {"rates": rates(*levels), "leaders": LEADERS} | others
    return GenerationRule(name="Generation", pays_on=CV, **given)


def test_a_generation_tells_of_the_group_and_of_the_leaders_above() -> None:
    result = of(generation(50_000), ranks={DORA: BRONZE, BOB: BRONZE, ALICE: BRONZE})

    assert why(result, 1) == [
        "eve level 0: not a leader",
        "dora level 0: group leader",
        "carl level 1: not a leader",
        "bob level 1: paid 5% 0.50",
    ]


def test_an_own_group_that_is_not_paid_has_its_reason() -> None:
    rule = generation(50_000, own_group=by_rank([], [10_000], []), requires=((FULL,),))
    reasons: dict[str, dict[str, Any]] = {
        "paid 1% 0.10": {},
        "inactive": {"pv": {DORA: 0}},
        "unqualified": {"pv": {DORA: 50}},
        "not earning": {"states": {DORA: EARNS_NOTHING}},
        "not covered": {"ranks": {DORA: SILVER}},
    }

    for reason, dora in reasons.items():
        result = of(rule, **({"ranks": {DORA: BRONZE}} | dora))
        assert why(result, 1)[1] == f"dora level 0: {reason}"


def test_a_leader_whose_sales_are_of_the_group_above_is_not_on_their_way() -> None:
    rule = generation(50_000, leaders=Leaders(LEADERS.who, sales_above=True))

    result = of(rule, (DORA, 0, 10), ranks={DORA: BRONZE, CARL: BRONZE, BOB: BRONZE})

    assert why(result, 1) == ["carl level 0: group leader", "bob level 1: paid 5% 0.50"]


def test_leaders_of_several_ranks_hear_what_is_about_their_own() -> None:
    """Eve has no rank. For Bronze Dora is 0 and Bob 2; for Silver Carl is 0 and Alice 1."""
    rule = generation(50_000, leaders=Leaders(rank_of_earner=True))

    result = of(rule, ranks={DORA: BRONZE, CARL: SILVER, BOB: BRONZE, ALICE: SILVER})

    assert why(result, 1) == [
        "eve level 0: not a leader",
        "dora level 0: group leader",
        "carl level 0: group leader",
        "alice level 1: paid 5% 0.50",
    ]


def test_the_leaders_rate_taken_off_is_told() -> None:
    rule = generation(rates=by_rank([], [40_000], [60_000]), less_leader=True)

    assert why(of(rule, ranks={DORA: BRONZE, CARL: SILVER}), 1)[1:] == [
        "dora level 0: group leader",
        "carl level 1: paid 2% 0.20",
    ]
    assert why(of(rule, ranks={DORA: BRONZE, CARL: BRONZE}), 1)[1:] == [
        "dora level 0: group leader",
        "carl level 1: not covered",
    ]


def test_the_owner_hears_why_an_own_sale_pays_nothing() -> None:
    rule = PersonalRule(
        name="Retail", pays_on=CV, rates=by_rank([], [100_000]), customers_only=True,
        requires=((FULL,),),
    )  # fmt: skip
    sale = (BOB, ANN, 10)

    assert why(of(rule, sale), 1) == ["bob level 0: not covered"]
    assert why(of(rule, sale, ranks={BOB: BRONZE}), 1) == ["bob level 0: paid 10% 1.00"]
    assert why(of(rule, sale, pv={BOB: 50}), 1) == ["bob level 0: unqualified"]
    assert why(of(rule, sale, pv={BOB: 0}), 1) == ["bob level 0: inactive"]
    assert why(of(rule, sale, states={BOB: EARNS_NOTHING}), 1) == ["bob level 0: not earning"]
    assert why(of(rule, (BOB, 0, 10)), 1) == []


def test_the_parts_of_a_sale_in_several_tiers_are_told_apart() -> None:
    """Of sales of 6 and 8, what is above 10 is paid 20 %, what is above 4 10 %."""
    rule = PersonalRule(
        name="Tiers", pays_on=CV, rates=rates(100_000, 200_000), tiers=((400, 1000),),
        marginal=True,
    )  # fmt: skip

    result = of(rule, (BOB, ANN, 6), (BOB, ANN, 8))

    assert why(result, 1) == ["bob level 1: paid 10% 0.20"]
    assert why(result, 2) == ["bob level 1: paid 10% 0.40", "bob level 2: paid 20% 0.80"]


def test_the_way_up_is_that_of_each_bonuss_tree() -> None:
    rule = unilevel(100_000, 50_000, tree=ENROLLER)

    result = of(rule, enroller=[-1, 0, 1, 2, 0])

    assert why(result, 1) == ["alice level 1: paid 10% 1.00"]


def test_what_is_rounded_later_is_told_as_if_rounded_alone() -> None:
    result = of(unilevel(100_000, round_at=RoundAt.BONUS))

    assert why(result, 1) == ["dora level 1: paid 10% 1.00"]


def test_money_is_told_without_a_rate_and_not_for_what_comes_back() -> None:
    result = of(unilevel(rates=rates(250, money=True)), (EVE, 0, 10), (EVE, 0, -10))

    assert why(result, 1) == ["dora level 1: paid 2.50"]
    assert why(result, 2) == ["dora level 1: not covered"]


def test_a_sale_of_nothing_and_a_sale_of_nobody_meet_nobody() -> None:
    result = of(unilevel(100_000), (EVE, 0, 0), (ALICE, ANN, 10), states={ALICE: TERMINATED})

    assert why(result, 1) == why(result, 2) == []


def test_retail_does_not_ask_who_stands_on_a_level() -> None:
    nowhere = Flag.ALL & ~Flag.OCCUPIES_LEVEL
    rule = PersonalRule(name="R", pays_on=CV, rates=rates(100_000), requires=((FULL,),))

    result = of(rule, (BOB, ANN, 10), pv={BOB: 50}, states={BOB: nowhere})

    assert why(result, 1) == ["bob level 0: unqualified"]


def test_several_bonuses_are_told_one_after_the_other() -> None:
    plan = plan_of(unilevel(100_000), differential())
    result = run(plan, [0, ALICE], [(BOB, 0, 10)])

    assert [(step.bonus, step.member) for step in explain_sale(result, 1)] == [
        (0, ALICE), (1, BOB), (1, ALICE),
    ]  # fmt: skip


def test_of_a_very_long_way_up_only_so_many_are_told() -> None:
    size = MOST + 500
    plan = plan_of(unilevel(100_000, compression=Compression.INACTIVE))

    result = run(plan, [*range(size)], [(size, 0, 10)], pv=dict.fromkeys(range(1, size), 0))

    assert len(explain_sale(result, 1)) == MOST


def test_a_sale_that_is_not_there_is_a_key_error() -> None:
    result = of(unilevel(100_000))

    with pytest.raises(KeyError):
        explain_sale(result, 99)
