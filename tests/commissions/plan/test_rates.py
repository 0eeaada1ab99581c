"""Rates by grade and level, limits, and what markets say instead."""

import pytest

from commissions.engine.plan import (
    Asks,
    GenerationRule,
    GradeBy,
    PersonalRule,
    PlanCap,
    PoolRule,
    RewardRule,
    StructureRule,
    UnilevelRule,
)
from commissions.plan import read_plan
from tests.commissions.plan.texts import RANKS, TOP, bonus_text, plan_of, rule_of

NONE = -1
SALES = {"pays_on": '"CV"', "compression": '"none"'}
TEAM = bonus_text("unilevel", **SALES, rates='["10%", "5%"]')


def unilevel(**keys: str) -> UnilevelRule:
    rule = rule_of("unilevel", **SALES, **keys)
    assert isinstance(rule, UnilevelRule)
    return rule


def test_a_rank_that_is_not_named_is_paid_like_the_one_below() -> None:
    rates = unilevel(rates='{ Silver = ["5%"], "Two Star" = ["5%", "3%"] }').rates

    low, high = (50_000, NONE), (50_000, 30_000)
    assert rates.table == (((NONE, NONE), low, low, high, high),)
    assert (rates.by, rates.depth, rates.is_money) == (GradeBy.PAID_AS, 2, False)


def test_an_empty_list_covers_nothing() -> None:
    rates = unilevel(rates='{ Silver = ["5%"], Gold = [] }').rates

    assert rates.table == (((NONE,), (50_000,), (NONE,), (NONE,), (NONE,)),)


def test_rates_by_a_volume_have_thresholds() -> None:
    rates = unilevel(rates='{ "0" = ["3%"], "400.50" = ["6%", "1%"] }', rates_by='"GV"').rates

    assert (rates.by, rates.figure, rates.thresholds) == (GradeBy.FIGURE, 2, ((0, 40_050),))
    assert rates.table == (((NONE, NONE), (30_000, NONE), (60_000, 10_000)),)


@pytest.mark.parametrize(
    ("word", "by"),
    [
        ("paid-as", GradeBy.PAID_AS),
        ("title", GradeBy.TITLE),
        ("highest", GradeBy.HIGHEST),
        ("seller's paid-as", GradeBy.SELLER),
    ],
)
def test_rates_go_by_a_rank_of_some_kind(word: str, by: GradeBy) -> None:
    assert unilevel(rates='{ Gold = ["5%"] }', rates_by=f'"{word}"').rates.by == by


def test_a_market_replaces_the_rates_for_its_earners() -> None:
    plan = plan_of(
        RANKS + bonus_text("unilevel", **SALES, rates='{ Gold = ["10%", "5%"] }')
        + '[market.JP.bonus.B]\nrates = ["8%", "4%", "1%"]\n'
        + '[market.DE]\nleave_out = ["B"]\n'
        + '[market.FR.bonus.B]\nrequires = ["Silver"]\n'
    )  # fmt: skip

    rule = plan.bonuses[0]
    assert isinstance(rule, UnilevelRule)
    own, japan, germany, france = rule.rates.table
    nothing = (NONE, NONE, NONE)
    assert own == (nothing, nothing, *[(100_000, 50_000, NONE)] * 3)
    assert japan == ((80_000, 40_000, 10_000),) * 5
    assert germany == (nothing,) * 5
    assert france == own
    assert [[one.phrase for one in market] for market in rule.requires] == [[], [], [], ["Silver"]]


def test_every_table_has_an_entry_for_each_market_and_one_for_none() -> None:
    plan = plan_of(
        RANKS + TEAM + bonus_text("pool", fund='"1% of CV"', shares='"CV"').replace("B", "P")
        + "[market.JP]\n[market.DE]\n"
    )  # fmt: skip

    team, pool = plan.bonuses
    assert isinstance(team, UnilevelRule)
    tables = [
        plan.active, team.rates.table, team.requires, pool.requires, plan.ranks[0].require,
        plan.ranks[0].maintain,
    ]  # fmt: skip
    assert [len(table) for table in tables] == [3] * 6


def test_who_is_left_out_of_a_bonus_without_rates_never_qualifies() -> None:
    shape = bonus_text("structure", width="2", person='["PV >= 1"]', pays='["5.00"]')
    plan = plan_of(
        RANKS + shape + bonus_text("pool", fund='"1% of CV"', shares='"CV"').replace("B", "P")
        + '[market.JP]\nleave_out = ["B", "P"]\n'
    )  # fmt: skip

    for rule in plan.bonuses:
        (never,) = rule.requires[1]
        assert [(term.asks, term.need) for term in never.terms] == [(Asks.WAS, 5)]
        assert rule.requires[0] == ()
    assert isinstance(plan.bonuses[0], StructureRule)
    assert isinstance(plan.bonuses[1], PoolRule)


def test_a_market_replaces_tiers_stages_and_the_own_group() -> None:
    own = bonus_text("personal", pays_on='"CV"', tiers='{ "0" = "5%", "100" = "6%" }')
    shape = bonus_text("structure", width="2", person='["PV >= 1"]', pays='["5.00", "9.00"]')
    leaders = bonus_text(
        "generation", pays_on='"CV"', leaders='["Gold"]', rates='["4%"]', own_group='"1%"'
    )
    plan = plan_of(
        RANKS + own + shape.replace('"B"', '"S"') + leaders.replace('"B"', '"L"')
        + '[market.JP.bonus]\nB = { tiers = { "10" = "7%", "20" = "8%" } }\n'
        + 'S = { pays = ["4.00"] }\nL = { own_group = "2%" }\n'
        + '[market.DE]\nleave_out = ["B", "L"]\n'
    )  # fmt: skip

    personal, structure, generation = plan.bonuses
    assert isinstance(personal, PersonalRule)
    assert isinstance(structure, StructureRule)
    assert isinstance(generation, GenerationRule)
    assert personal.tiers == ((0, 10_000), (1000, 2000), (0, 10_000))
    rows = [market[0] for market in personal.rates.table]
    assert rows == [(50_000, 60_000), (70_000, 80_000), (NONE, NONE)]
    assert structure.pays == ((500, 900), (400,), (500, 900))
    assert generation.own_group is not None
    assert [market[0] for market in generation.own_group.table] == [(10_000,), (20_000,), (NONE,)]


def test_limits_of_a_bonus() -> None:
    cap = unilevel(
        rates='{ Gold = ["5%"] }',
        rates_by='"title"',
        cap='{ per_earner = { Gold = "500.00" }, per_holder = "2000.00", '
        'per_buyer = ["200.00", "80.00"], total = "5% of CV" }',
    ).cap

    assert cap is not None
    assert cap.per_earner is not None
    assert (cap.per_earner.by, cap.per_earner.is_money) == (GradeBy.TITLE, True)
    assert cap.per_earner.table == (((NONE,), (NONE,), (50_000,), (50_000,), (50_000,)),)
    assert (cap.per_holder, cap.per_buyer) == (200_000, (20_000, 8000))
    assert (cap.total, cap.total_of) == (50_000, 1)


def test_a_limit_of_all_may_be_money() -> None:
    cap = unilevel(rates='["5%"]', cap='{ total = "100.50" }').cap

    assert cap is not None
    assert (cap.per_earner, cap.total, cap.total_of) == (None, 10_050, -1)


def test_a_market_may_limit_what_is_not_limited_elsewhere() -> None:
    plan = plan_of(RANKS + TEAM + '[market.JP.bonus.B]\ncap = { per_earner = "300.00" }\n')

    cap = plan.bonuses[0].cap
    assert cap is not None
    assert cap.per_earner is not None
    assert cap.per_earner.table == (((NONE,),) * 5, ((30_000,),) * 5)


def test_limits_of_the_plan() -> None:
    retail = bonus_text("retail", pays_on='"CV"', rates='"1%"').replace('"B"', '"R"')
    plan = plan_of(
        TEAM + retail
        + '[cap]\nper_earner = "100.00"\nper_holder = "200.00"\npayout = "45% of CV"\n'
        + 'inside = ["R"]\n[market.JP.cap]\nper_earner = "90.00"\n'
    )  # fmt: skip

    assert plan.cap == PlanCap((1,), (10_000, 9000), 20_000, 450_000, 1)


def test_the_plan_s_limits_are_about_all_bonuses_if_none_are_named() -> None:
    plan = plan_of(TEAM + '[cap]\npayout = "1000.00"\n')

    assert plan.cap == PlanCap((0,), (None,), None, 100_000, -1)


@pytest.mark.parametrize(
    ("currency", "minor"), [("USD", 150_000), ("JPY", 1500), ("KWD", 1_500_000)]
)
def test_money_is_in_the_smallest_unit_of_the_currency(currency: str, minor: int) -> None:
    text = TOP.replace("USD", currency) + bonus_text("reward", pays='"1500"')

    rule = read_plan(text).bonuses[0]

    assert isinstance(rule, RewardRule)
    assert rule.pays.table == (((minor,),),)
