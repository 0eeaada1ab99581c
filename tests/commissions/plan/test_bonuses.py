"""What each kind of bonus becomes."""

from dataclasses import replace

import pytest

from commissions.engine.plan import (
    BinaryRule,
    Compression,
    DifferentialRule,
    FullLevelRule,
    GenerationRule,
    GradeBy,
    InfinityRule,
    Leaders,
    MatchingRule,
    OnReturn,
    OrderOf,
    PeopleFigure,
    PersonalRule,
    PoolRule,
    Rates,
    RewardRule,
    RoundAt,
    SaleTime,
    StructureRule,
    TimeOf,
    UnilevelRule,
)
from tests.commissions.plan.texts import RANKS, TREES, bonus_text, plan_of, rule_of

CV, GV = 1, 2
ENROLLER, POWER, GRID = 1, 2, 3
ANYBODY = 5
"""How many grades there are with four ranks."""


def same_for_all(*row: int, is_money: bool = False) -> Rates:
    return Rates(GradeBy.PAID_AS, ((row,) * ANYBODY,), is_money=is_money)


def test_unilevel() -> None:
    rule = rule_of(
        "unilevel", tree='"grid"', pays_on='"CV"', compression='"dynamic"',
        owner='"is left out"', levels='"of the tree"', rates='["5%", "4.5%"]', stop_at='"Two Star"',
    )  # fmt: skip

    assert rule == UnilevelRule(
        name="B", pays_on=CV, tree=GRID, compression=Compression.DYNAMIC, owner_left_out=True,
        of_the_tree=True, rates=same_for_all(50_000, 45_000), stop_at=3,
    )  # fmt: skip


def test_what_every_bonus_may_say() -> None:
    rule = rule_of(
        "unilevel", paid_to='"everybody"', requires='["Gold", "PV >= 5"]', round_at='"bonus"',
        on_return='"none"', cadence='"weekly"', part='"40%"', pays_on='"CV"',
        compression='"none"', rates='["5%"]',
    )  # fmt: skip

    assert (rule.everybody, rule.round_at, rule.on_return) == (True, RoundAt.BONUS, OnReturn.NONE)
    assert (rule.cadence, rule.part_ppm) == ("weekly", 400_000)
    assert [one.phrase for one in rule.requires[0]] == ["Gold", "PV >= 5"]


def test_the_plan_s_own_rhythm_is_not_a_shorter_one() -> None:
    rule = rule_of("retail", pays_on='"CV"', rates='"5%"', cadence='"monthly"')

    assert rule.cadence == ""


@pytest.mark.parametrize(
    ("within", "time"),
    [
        ("60 days", SaleTime(OrderOf.ALL, TimeOf.WITHIN_DAYS, 60)),
        ("1 month", SaleTime(OrderOf.ALL, TimeOf.WITHIN_MONTHS, 1)),
        ("first order", SaleTime(OrderOf.FIRST)),
    ],
)
def test_fast_start_is_a_unilevel_on_some_sales(within: str, time: SaleTime) -> None:
    rule = rule_of("fast-start", pays_on='"CV"', rates='["25.00", "10.00"]', within=f'"{within}"')

    assert rule == UnilevelRule(
        name="B", pays_on=CV, tree=ENROLLER, compression=Compression.NONE, when=time,
        rates=same_for_all(2500, 1000, is_money=True),
    )  # fmt: skip


def test_retail_looks_at_customers_only_and_personal_at_everything() -> None:
    retail = rule_of("retail", pays_on='"CV"', rates='"5%"')
    personal = rule_of("personal", pays_on='"CV"', rates='"5%"')

    expected = PersonalRule(name="B", pays_on=CV, rates=same_for_all(50_000))
    assert personal == expected
    assert retail == PersonalRule(
        name="B", pays_on=CV, rates=same_for_all(50_000), customers_only=True
    )


def test_tiers_are_thresholds_and_a_rate_for_each() -> None:
    rule = rule_of(
        "personal", pays_on='"CV"', tiers='{ "0" = "20%", "1000.50" = "25%" }',
        tiers_by='"earner"', tier_mode='"marginal"', tiers_from='"lifetime CV"',
    )  # fmt: skip

    assert isinstance(rule, PersonalRule)
    assert (rule.tiers, rule.rates) == (((0, 100_050),), same_for_all(200_000, 250_000))
    assert (rule.by_sale, rule.by_buyer, rule.marginal, rule.begins_with) == (False, False, True, 3)


@pytest.mark.parametrize(
    ("tiers_by", "flags"),
    [("sale", (True, False)), ("buyer", (False, True)), ("earner", (False, False))],
)
def test_tiers_are_by_sale_buyer_or_earner(tiers_by: str, flags: tuple[bool, bool]) -> None:
    rule = rule_of("retail", pays_on='"CV"', tiers='{ "1" = "5.00" }', tiers_by=f'"{tiers_by}"')

    assert isinstance(rule, PersonalRule)
    assert (rule.by_sale, rule.by_buyer) == flags
    assert rule.rates.is_money


def test_differential() -> None:
    rule = rule_of(
        "differential", pays_on='"CV"', rates='{ "200" = "3%", "400" = "6%" }', rates_by='"GV"',
        buyer='"counts"', from_level="2", lower_levels='"do not count"', unqualified='"block"',
        breakaway='"Gold"',
    )  # fmt: skip

    by_volume = Rates(GradeBy.FIGURE, (((-1,), (30_000,), (60_000,)),), GV, ((20_000, 40_000),))
    assert rule == DifferentialRule(
        name="B", pays_on=CV, rates=by_volume, buyer_paid=False, buyer_counts=True, from_level=2,
        lower_count=False, unqualified_block=True, breakaway=2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("buyer", "flags"),
    [("is paid", (True, True)), ("counts", (False, True)), ("is left out", (False, False))],
)
def test_the_buyer_of_a_differential_is_paid_counts_or_neither(
    buyer: str, flags: tuple[bool, bool]
) -> None:
    rule = rule_of("differential", pays_on='"CV"', rates='"5%"', buyer=f'"{buyer}"')

    assert isinstance(rule, DifferentialRule)
    assert (rule.buyer_paid, rule.buyer_counts) == flags


def test_generation() -> None:
    rule = rule_of(
        "generation", pays_on='"CV"', leaders='["Gold or PV >= 5"]', leader_sales='"group above"',
        rates='["4%", "2%"]', own_group='{ Gold = "1%" }', compression='"inactive"',
        less_leader="true", minimum='"0.5%"', guarantee='"10000"',
    )  # fmt: skip

    assert isinstance(rule, GenerationRule)
    assert rule.leaders.who[0].phrase == "Gold or PV >= 5"
    assert rule.leaders.sales_above
    assert rule.rates == same_for_all(40_000, 20_000)
    assert rule.own_group is not None
    assert rule.own_group.table == (((-1,), (-1,), (10_000,), (10_000,), (10_000,)),)
    assert (rule.less_leader, rule.minimum_ppm, rule.guarantee) == (True, 5000, 1_000_000)
    assert rule.compression == Compression.INACTIVE


def test_leaders_may_be_those_of_the_earner_s_rank() -> None:
    rule = rule_of("generation", pays_on='"CV"', leaders='"rank of the earner"', rates='["4%"]')

    assert isinstance(rule, GenerationRule)
    assert rule.leaders == Leaders(rank_of_earner=True)


def test_infinity_counts_levels_or_generations() -> None:
    levels = rule_of("infinity", pays_on='"CV"', from_="4", rates='"1%"', compression='"inactive"')
    generations = rule_of(
        "infinity", pays_on='"CV"', counted_in='"generations"', from_="0", leaders='["Gold"]',
        rates='"1%"', blocking='"first"',
    )  # fmt: skip

    assert levels == InfinityRule(
        name="B", pays_on=CV, rates=same_for_all(10_000), begins=4,
        compression=Compression.INACTIVE,
    )  # fmt: skip
    assert isinstance(generations, InfinityRule)
    assert (generations.begins, generations.first_takes_all) == (0, True)
    assert generations.leaders is not None


def test_matching_names_bonuses_above_or_of_a_shorter_rhythm() -> None:
    others = bonus_text("retail", pays_on='"CV"', rates='"5%"').replace('"B"', '"Retail"')
    weekly = bonus_text("retail", pays_on='"CV"', rates='"5%"', cadence='"weekly"')
    match = bonus_text(
        "matching", of='["Weekly", "Retail"]', tree='"enroller"', compression='"dynamic"',
        rates='["10%"]', counted_in='"generations"', leaders='["Gold"]',
    )  # fmt: skip

    plan = plan_of(RANKS + others + match + weekly.replace('"B"', '"Weekly"'))

    rule = plan.bonuses[1]
    assert isinstance(rule, MatchingRule)
    assert (rule.of, rule.tree, rule.compression) == ((0, 2), ENROLLER, Compression.DYNAMIC)
    assert rule.leaders is not None
    assert plan.bonuses[2].cadence == "weekly"


def test_binary_by_rates() -> None:
    rule = rule_of(
        "binary", tree='"power"', pays_on='"CV"', own_volume='"weaker"', rates='"10%"',
        ratio="true", carry='"weaker leg"', carry_most='"5000"', carry_expires="12",
        while_unqualified='"lose stronger"',
    )  # fmt: skip

    assert rule == BinaryRule(
        name="B", pays_on=CV, tree=POWER, own_volume=3, rates=same_for_all(100_000), ratio=True,
        carry=1, carry_most=500_000, carry_expires=12, unqualified=2, on_return=OnReturn.VOLUME,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("own_volume", ["none", "left", "right", "weaker"]),
        ("carry", ["both legs", "weaker leg", "nothing"]),
        ("while_unqualified", ["carry", "add nothing", "lose stronger", "lose both", "use up"]),
    ],
)
def test_words_of_a_binary_are_the_engine_s_numbers(key: str, words: list[str]) -> None:
    field = {"while_unqualified": "unqualified"}.get(key, key)

    for number, word in enumerate(words):
        rule = rule_of("binary", tree='"power"', pays_on='"CV"', rates='"1%"', **{key: f'"{word}"'})
        assert getattr(rule, field) == number


def test_binary_by_cycles() -> None:
    steps = (
        '[[bonus.cycle]]\nstrong = "200"\nweak = "100"\ntimes = 1\npays = "20.00"\n'
        '[[bonus.cycle]]\nstrong = "100"\nweak = "100"\npays = { Gold = "10%" }\nof = "50"\n'
    )

    rule = rule_of(
        "binary", tree='"power"', pays_on='"CV"', steps='"for good"', most_cycles="90",
        beyond='"are used up"', after=steps,
    )  # fmt: skip

    assert isinstance(rule, BinaryRule)
    assert (rule.steps_for_good, rule.most_cycles, rule.beyond_used_up) == (True, 90, True)
    first, last = rule.cycles
    assert (first.strong, first.weak, first.times, first.of) == (20_000, 10_000, 1, 10_000)
    assert first.pays == same_for_all(2000, is_money=True)
    assert (last.times, last.of) == (0, 5000)
    assert last.pays.table == (((-1,), (-1,), (100_000,), (100_000,), (100_000,)),)


def test_full_level_counts_who_is_active_if_nothing_else_is_said() -> None:
    plain = rule_of("full-level", tree='"grid"', pays_on='"CV"', rates='["0%", "7%"]')
    other = rule_of(
        "full-level", tree='"power"', pays_on='"CV"', rates='["5.00"]', once="true",
        counted='["PV >= 25"]',
    )  # fmt: skip

    assert isinstance(plain, FullLevelRule)
    assert isinstance(other, FullLevelRule)
    assert [one.phrase for one in plain.counted] == ["active"]
    assert (plain.tree, plain.once, plain.on_return) == (GRID, False, OnReturn.SHARE)
    assert [one.phrase for one in other.counted] == ["PV >= 25"]
    assert (other.tree, other.once, other.rates.is_money) == (POWER, True, True)


def test_structure() -> None:
    rule = rule_of(
        "structure", width="3", person='["PV >= 100"]', head='["GV >= 600"]',
        pays='["50.00", "250.00"]', paid='"each"', sets="true",
    )  # fmt: skip

    assert isinstance(rule, StructureRule)
    assert (rule.tree, rule.width, rule.each, rule.sets) == (ENROLLER, 3, True, True)
    assert rule.pays == ((5000, 25_000),)
    assert [rule.person[0].phrase, rule.head[0].phrase] == ["PV >= 100", "GV >= 600"]


def test_pool_by_shares_equally_or_by_places() -> None:
    shares = rule_of("pool", fund='"2% of CV"', shares='"GV"', rest='"kept"')
    equal = rule_of("pool", fund='"2% of CV"', shares='"equal"')
    places = rule_of("pool", fund='"2% of CV"', shares='"GV"', places='["60%", "40%"]')

    plain = PoolRule(name="B", fund_of=CV, fund_ppm=20_000, on_return=OnReturn.SHARE)
    assert equal == plain
    assert shares == replace(plain, shares=GV, rest_kept=True)
    assert places == replace(plain, shares=GV, places_ppm=(600_000, 400_000))


def test_reward_for_each_of_some_people() -> None:
    plan = plan_of(
        RANKS
        + bonus_text(
            "reward", pays='"50.00"', for_each='"frontline with PV >= 600"', within='"3 months"'
        )
    )

    rule = plan.bonuses[0]
    assert isinstance(rule, RewardRule)
    assert (rule.within_days, rule.within_months, rule.once) == (0, 3, False)
    assert isinstance(plan.figures[rule.for_each], PeopleFigure)
    assert rule.for_each in plan.during


def test_a_reward_once_pays_the_ranks_that_are_named_and_no_others() -> None:
    rule = rule_of("reward", pays='{ Silver = "10.00", "Two Star" = "30.00" }', when='"once"')
    each = rule_of("reward", pays='{ Silver = "10.00", "Two Star" = "30.00" }')

    assert isinstance(rule, RewardRule)
    assert isinstance(each, RewardRule)
    assert rule.pays.table == (((-1,), (1000,), (-1,), (3000,), (-1,)),)
    assert each.pays.table == (((-1,), (1000,), (1000,), (3000,), (3000,)),)


def test_trees_of_a_plan_come_after_those_that_exist_always() -> None:
    plan = plan_of(
        TREES
        + '[tree.second]\nkind = "pass-up"\nof = "first"\nfirst = 1\n'
        + '[tree.first]\nkind = "pass-up"\nof = "enroller"\nfirst = 2\n'
        + '[tree.friends]\nkind = "free"\n'
    )

    names = [tree.name for tree in plan.trees]
    assert names[:4] == ["sponsor", "enroller", "power", "grid"]
    assert names.index("first") < names.index("second")
    assert [plan.trees[POWER].width, plan.trees[GRID].width] == [2, 3]
    second = plan.trees[names.index("second")]
    assert (plan.trees[second.of].name, second.first) == ("first", 1)
