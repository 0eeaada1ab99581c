"""A sale's way up by the table of the language page: who is met first, who uses a level up."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine import Flag
from commissions.engine.plan import (
    ENROLLER,
    Compression,
    GradeBy,
    OrderOf,
    Rates,
    SaleTime,
    TimeOf,
    UnilevelRule,
)
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    APPLICANT,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EARNS_NOTHING,
    EVE,
    FULL,
    GOLD,
    LAPSED,
    RANKS,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, rates

NONE, INACTIVE, DYNAMIC = Compression.NONE, Compression.INACTIVE, Compression.DYNAMIC

CHAIN = [0, ALICE, BOB, CARL]
"""Alice > Bob > Carl > Dora."""


def unilevel(*levels: int, compression: Compression = NONE, **others: Any) -> UnilevelRule:
    others.setdefault("rates", rates(*levels))
    return UnilevelRule(name="Unilevel", pays_on=CV, compression=compression, **others)


TWO_LEVELS = unilevel(100_000, 50_000)


def test_an_own_order_meets_the_parent_first_and_a_customers_order_its_owner() -> None:
    result = run(plan_of(TWO_LEVELS), CHAIN, [(CARL, 0, 10), (CARL, ANN, 20)])

    assert told(result) == [
        "alice <- 1 level 2 5%: 0.50",
        "bob <- 1 level 1 10%: 1.00",
        "bob <- 2 level 2 5%: 1.00",
        "carl <- 2 level 1 10%: 2.00",
    ]


def test_a_customers_order_that_leaves_the_owner_out_begins_like_an_own_one() -> None:
    plan = plan_of(unilevel(100_000, 50_000, owner_left_out=True))

    result = run(plan, CHAIN, [(CARL, 0, 10), (CARL, ANN, 20)])

    assert told(result) == [
        "alice <- 1 level 2 5%: 0.50",
        "alice <- 2 level 2 5%: 1.00",
        "bob <- 1 level 1 10%: 1.00",
        "bob <- 2 level 1 10%: 2.00",
    ]


def test_the_top_meets_nobody_with_an_own_order() -> None:
    result = run(plan_of(TWO_LEVELS), CHAIN, [(ALICE, 0, 10), (ALICE, ANN, 10)])

    assert told(result) == ["alice <- 2 level 1 10%: 1.00"]


def test_what_is_left_of_a_sale_may_be_nothing_or_less() -> None:
    result = run(plan_of(TWO_LEVELS), CHAIN, [(BOB, 0, 0), (BOB, 0, -10), (BOB, 0, 10)])

    assert told(result) == ["alice <- 2 level 1 10%: -1.00", "alice <- 3 level 1 10%: 1.00"]


BRONZE_ONLY = by_rank([], [100_000, 50_000])
BOB_IS: dict[str, dict[str, Any]] = {
    "terminated": {"states": {BOB: TERMINATED}},
    "inactive": {"pv": {BOB: 49}},
    "unqualified": {"pv": {BOB: 50}},
    "without a rank that covers the level": {"ranks": {ALICE: BRONZE, CARL: BRONZE}},
    "not earning": {"states": {BOB: EARNS_NOTHING}},
    "paid": {},
}
"""Carl buys; Bob is above him, Alice above Bob. She is on level 1 if Bob is skipped."""
SKIPPED_BY: dict[str, set[Compression]] = {
    "terminated": {NONE, INACTIVE, DYNAMIC},
    "inactive": {INACTIVE, DYNAMIC},
    "unqualified": {DYNAMIC},
    "without a rank that covers the level": {DYNAMIC},
    "not earning": set(),
    "paid": set(),
}


@pytest.mark.parametrize("compression", list(Compression))
@pytest.mark.parametrize("bob", list(BOB_IS))
def test_whoever_is_skipped_uses_no_level(bob: str, compression: Compression) -> None:
    rule = unilevel(compression=compression, rates=BRONZE_ONLY, requires=((FULL,),))
    period: dict[str, Any] = {"ranks": {ALICE: BRONZE, BOB: BRONZE}} | BOB_IS[bob]

    lines = told(run(plan_of(rule), CHAIN, [(CARL, 0, 10)], **period))

    if compression in SKIPPED_BY[bob]:
        assert lines == ["alice <- 1 level 1 10%: 1.00"]
    else:
        assert lines[0] == "alice <- 1 level 2 5%: 0.50"
        assert lines[1:] == (["bob <- 1 level 1 10%: 1.00"] if bob == "paid" else [])


@pytest.mark.parametrize("compression", list(Compression))
def test_who_is_not_active_is_paid_like_others_where_everybody_is(compression: Compression) -> None:
    rule = unilevel(100_000, compression=compression, everybody=True)

    result = run(plan_of(rule), CHAIN, [(CARL, 0, 10)], pv={BOB: 0})

    assert told(result) == ["bob <- 1 level 1 10%: 1.00"]


def test_who_does_not_earn_but_is_skipped_for_being_inactive_uses_no_level() -> None:
    rule = unilevel(100_000, 50_000, compression=INACTIVE)

    result = run(plan_of(rule), CHAIN, [(CARL, 0, 10)], states={BOB: EARNS_NOTHING}, pv={BOB: 0})

    assert told(result) == ["alice <- 1 level 1 10%: 1.00"]


def test_a_rate_of_nothing_uses_the_level_up_without_a_line() -> None:
    result = run(plan_of(unilevel(0, 50_000)), CHAIN, [(CARL, 0, 10)])

    assert told(result) == ["alice <- 1 level 2 5%: 0.50"]


def test_who_covers_the_first_level_only_is_skipped_on_the_second() -> None:
    """Carl takes level 1 of Dora's order; Bob (no rank) has no level 2 and lets Alice have it."""
    rule = unilevel(compression=DYNAMIC, rates=by_rank([100_000], [100_000, 50_000]))

    result = run(plan_of(rule), CHAIN, [(DORA, 0, 10)], ranks={ALICE: BRONZE})

    assert told(result) == ["alice <- 1 level 2 5%: 0.50", "carl <- 1 level 1 10%: 1.00"]


def test_levels_of_the_tree_that_cannot_be_paid_roll_up() -> None:
    """Bob is inactive on level 2: Alice is paid level 2 in his place, and her own level 3."""
    rule = unilevel(100_000, 50_000, 20_000, compression=INACTIVE, of_the_tree=True)

    result = run(plan_of(rule), CHAIN, [(DORA, 0, 10)], pv={BOB: 0})

    assert told(result) == [
        "alice <- 1 level 2 5%: 0.50",
        "alice <- 1 level 3 2%: 0.20",
        "carl <- 1 level 1 10%: 1.00",
    ]


def test_who_occupies_no_level_has_none_in_the_tree_either() -> None:
    rule = unilevel(100_000, 50_000, compression=DYNAMIC, of_the_tree=True)

    result = run(plan_of(rule), CHAIN, [(DORA, 0, 10)], states={CARL: TERMINATED})

    assert told(result) == ["alice <- 1 level 2 5%: 0.50", "bob <- 1 level 1 10%: 1.00"]


def test_a_level_of_the_tree_is_used_up_by_who_is_not_skipped_there() -> None:
    """Bob requires more than he has: with `inactive` level 2 is his and lost, Alice has level 3."""
    rule = unilevel(
        100_000, 50_000, 20_000, compression=INACTIVE, of_the_tree=True, requires=((FULL,),)
    )

    result = run(plan_of(rule), CHAIN, [(DORA, 0, 10)], pv={BOB: 50})

    assert told(result) == ["alice <- 1 level 3 2%: 0.20", "carl <- 1 level 1 10%: 1.00"]


def test_the_first_with_the_rank_that_stops_is_the_last_to_be_met() -> None:
    rule = unilevel(100_000, 50_000, 20_000, stop_at=SILVER)

    result = run(plan_of(rule), CHAIN, [(DORA, 0, 10)], ranks={BOB: GOLD, ALICE: GOLD})

    assert told(result) == ["bob <- 1 level 2 5%: 0.50", "carl <- 1 level 1 10%: 1.00"]


@pytest.mark.parametrize(
    ("bob", "lines"),
    [
        ({"pv": {BOB: 0}}, ["carl <- 1 level 1 10%: 1.00"]),
        (
            {"states": {BOB: TERMINATED}},
            ["alice <- 1 level 2 5%: 0.50", "carl <- 1 level 1 10%: 1.00"],
        ),
    ],
)
def test_who_is_skipped_stops_too_unless_no_level_is_occupied(
    bob: dict[str, Any], lines: list[str]
) -> None:
    rule = unilevel(100_000, 50_000, compression=INACTIVE, stop_at=SILVER)

    assert told(run(plan_of(rule), CHAIN, [(DORA, 0, 10)], ranks={BOB: SILVER}, **bob)) == lines


def test_the_sellers_own_rank_does_not_stop_an_own_order() -> None:
    result = run(
        plan_of(unilevel(100_000, stop_at=SILVER)), CHAIN, [(CARL, 0, 10)], ranks={CARL: GOLD}
    )

    assert told(result) == ["bob <- 1 level 1 10%: 1.00"]


def seller_rates(**others: Any) -> UnilevelRule:
    """Bronze sellers' sales pay 10 %, 5 %; Silver ones' 20 % on level 1 only; others' nothing."""
    table = by_rank([], [100_000, 50_000], [200_000], by=GradeBy.SELLER)
    return unilevel(rates=table, **others)


def test_the_rank_of_the_seller_decides_the_rate() -> None:
    sales = [(DORA, 0, 10), (CARL, ANN, 10), (EVE, 0, 10)]

    result = run(
        plan_of(seller_rates()), [*CHAIN, ALICE], sales, ranks={DORA: BRONZE, CARL: SILVER}
    )

    # Eve has no rank; Carl's customer pays him level 1 and nobody level 2.
    assert told(result) == [
        "bob <- 1 level 2 5%: 0.50",
        "carl <- 2 level 1 20%: 2.00",
        "carl <- 1 level 1 10%: 1.00",
    ]


def test_what_the_sellers_rank_does_not_cover_is_used_up_whatever_the_compression() -> None:
    result = run(
        plan_of(seller_rates(compression=DYNAMIC)), CHAIN, [(DORA, 0, 10)], ranks={DORA: SILVER}
    )

    assert told(result) == ["carl <- 1 level 1 20%: 2.00"]


def test_the_sellers_rank_is_looked_up_in_the_table_of_the_earners_market() -> None:
    """Bronze sellers pay 10 %; earners of market 1 (Bob) have 3 % of what a Bronze sells."""
    rows = (((-1, -1), (100_000, 50_000)), ((-1, -1), (30_000, 20_000)))
    rule = unilevel(rates=Rates(GradeBy.SELLER, rows))
    plan = plan_of(rule, markets=("JP",), ranks=RANKS[:1])

    result = run(plan, CHAIN, [(DORA, 0, 10)], ranks={DORA: BRONZE}, market=[0, 1, 0, 1])

    assert told(result) == ["bob <- 1 level 2 2%: 0.20", "carl <- 1 level 1 10%: 1.00"]


def test_money_is_paid_for_each_sale_above_zero_whatever_its_size() -> None:
    rule = unilevel(rates=rates(250, 100, money=True))

    result = run(plan_of(rule), CHAIN, [(CARL, 0, 1), (CARL, 0, 900), (CARL, 0, -3), (CARL, 0, 0)])

    assert told(result) == [
        "alice <- 1 level 2: 1.00",
        "alice <- 2 level 2: 1.00",
        "bob <- 1 level 1: 2.50",
        "bob <- 2 level 1: 2.50",
    ]


def test_only_a_part_of_the_base_is_paid_on() -> None:
    """10 % of 60 % of 10.00; the line keeps the whole base."""
    result = run(plan_of(unilevel(100_000, part_ppm=600_000)), CHAIN, [(CARL, 0, 10)])

    assert told(result) == ["bob <- 1 level 1 10%: 0.60"]
    assert result.earnings.base.tolist() == [1000]


@pytest.mark.parametrize(
    ("when", "paid"),
    [
        (SaleTime(OrderOf.FIRST), ["1"]),
        (SaleTime(OrderOf.LATER), ["2", "3", "4"]),
        (SaleTime(time=TimeOf.WITHIN_DAYS, count=60), ["1", "2"]),
        (SaleTime(time=TimeOf.AFTER_DAYS, count=60), ["3"]),
        (SaleTime(time=TimeOf.WITHIN_MONTHS, count=2), ["1"]),
        (SaleTime(time=TimeOf.AFTER_MONTHS, count=2), ["2", "3"]),
    ],
)
def test_a_fast_start_pays_on_sales_of_a_newcomers_first_time(
    when: SaleTime, paid: list[str]
) -> None:
    """Sale 4 is of the day before the buyer joined: neither within nor after."""
    rule = unilevel(100_000, when=when)

    result = run(
        plan_of(rule), [0, ALICE], [(BOB, 0, 1)] * 4,
        first=[True, False, False, False, False, False],
        age_days=[0, 59, 60, -1, 0, 0], age_months=[1, 2, 2, -1, 0, 0],
    )  # fmt: skip

    assert [line.split()[2] for line in told(result)] == paid


def test_a_sale_goes_up_the_tree_of_the_bonus() -> None:
    """Carl was introduced by Dora, who sits elsewhere."""
    result = run(
        plan_of(unilevel(100_000, tree=ENROLLER)), [0, ALICE, BOB, ALICE], [(CARL, 0, 10)],
        enroller=[-1, 0, 3, 0],
    )  # fmt: skip

    assert told(result) == ["dora <- 1 level 1 10%: 1.00"]


def test_a_customers_order_is_owned_by_the_nearest_who_keeps_customers() -> None:
    """Bob is an applicant and keeps customers, Carl is lapsed and does not, nor does Dora."""
    result = run(
        plan_of(unilevel(100_000, 50_000)), CHAIN, [(CARL, ANN, 10), (DORA, ANN, 10)],
        states={BOB: APPLICANT, CARL: LAPSED, DORA: Flag.ALL & ~Flag.KEEPS_CUSTOMERS},
    )  # fmt: skip

    # Both orders are Bob's; he is looked through, so Alice is level 1.
    assert told(result) == ["alice <- 1 level 1 10%: 1.00", "alice <- 2 level 1 10%: 1.00"]


def test_a_customers_order_that_nobody_keeps_is_nobodys() -> None:
    result = run(
        plan_of(unilevel(100_000)), [0], [(ALICE, ANN, 10)],
        states={ALICE: Flag.ALL & ~Flag.KEEPS_CUSTOMERS},
    )  # fmt: skip

    assert told(result) == []
    assert result.standings.figures[CV].tolist() == [0]


def test_sales_that_only_count_or_only_pay_do_just_that() -> None:
    """In a short rhythm volumes are of the month so far, pay is of the week."""
    result = run(
        plan_of(unilevel(100_000)), [0, ALICE], [(BOB, 0, 10), (BOB, 0, 20)],
        pays=[True, False, True, True], counts=[False, True, True, True],
    )  # fmt: skip

    assert told(result) == ["alice <- 1 level 1 10%: 1.00"]
    assert result.standings.figures[CV].tolist() == [0, 2000]


@pytest.mark.parametrize(("deducts", "volume"), [(False, 1000), (True, 700)])
def test_a_late_return_is_in_volumes_only_where_the_plan_says_so(
    *, deducts: bool, volume: int
) -> None:
    result = run(
        plan_of(unilevel(100_000), deducts_late=deducts), [0, ALICE], [(BOB, 0, 10), (BOB, 0, -3)],
        late=[False, True, False, False],
    )  # fmt: skip

    assert told(result) == ["alice <- 1 level 1 10%: 1.00"]
    assert result.standings.figures[CV].tolist() == [0, volume]


def test_members_of_a_market_have_its_rates_and_who_is_left_out_covers_nothing() -> None:
    """Carl is of market 1 (8 %), Bob of market 2, which is left out, Alice of none."""
    table = Rates(GradeBy.PAID_AS, (((100_000,),), ((80_000,),), ((-1,),)))
    sales = [(DORA, 0, 10), (CARL, 0, 10), (BOB, 0, 10)]
    plan = plan_of(unilevel(rates=table), markets=("JP", "FR"))

    result = run(plan, CHAIN, sales, market=[0, 2, 1, 0])

    assert told(result) == ["alice <- 3 level 1 10%: 1.00", "carl <- 1 level 1 8%: 0.80"]


def test_a_rank_that_the_rates_do_not_know_is_no_grade_at_all() -> None:
    """A table of two grades, and somebody is Silver: such a plan is broken, and pays nobody."""
    with pytest.raises(TypeError, match="rates for 2 grades, and somebody has grade 2"):
        run(plan_of(unilevel(rates=BRONZE_ONLY)), CHAIN, [(CARL, 0, 10)], ranks={BOB: SILVER})
