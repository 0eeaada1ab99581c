"""Differential: the own rate less the highest so far, on the way up from the owner."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine.plan import ENROLLER, DifferentialRule
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EARNS_NOTHING,
    FULL,
    GOLD,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank

CHAIN = [0, ALICE, BOB, CARL]
"""Alice > Bob > Carl > Dora; they have 12 %, 8 %, 4 %, and Dora nothing."""
EACH_HIGHER = {ALICE: GOLD, BOB: SILVER, CARL: BRONZE}
RATES = by_rank([], [40_000], [80_000], [120_000])


def differential(**others: Any) -> DifferentialRule:
    return DifferentialRule(name="Differential", pays_on=CV, rates=RATES, **others)


def lines(
    rule: DifferentialRule, *, sale: tuple[int, int, int] = (DORA, 0, 100), **others: Any
) -> Any:
    others.setdefault("ranks", EACH_HIGHER)
    return told(run(plan_of(rule), CHAIN, [sale], **others))


def test_each_is_paid_the_own_rate_less_the_one_below() -> None:
    assert lines(differential()) == [
        "alice <- 1 level 0 4%: 4.00",
        "bob <- 1 level 0 4%: 4.00",
        "carl <- 1 level 0 4%: 4.00",
    ]


def test_nobody_is_paid_for_a_rate_that_somebody_below_has_or_exceeds() -> None:
    """Bob has Carl's 8 %, so he is passed over; Alice has 12 %."""
    found = lines(differential(), ranks={ALICE: GOLD, BOB: SILVER, CARL: SILVER})

    assert found == ["alice <- 1 level 0 4%: 4.00", "carl <- 1 level 0 8%: 8.00"]
    assert lines(differential(), ranks={ALICE: SILVER, BOB: BRONZE, CARL: GOLD}) == [
        "carl <- 1 level 0 12%: 12.00"
    ]


def test_what_comes_back_is_taken_back_from_each() -> None:
    assert lines(differential(), sale=(DORA, 0, -100)) == [
        "alice <- 1 level 0 4%: -4.00",
        "bob <- 1 level 0 4%: -4.00",
        "carl <- 1 level 0 4%: -4.00",
    ]


FROM_CARL = (CARL, 0, 100)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (differential(), ["alice 4%", "bob 4%", "carl 4%"]),
        (differential(buyer_paid=False), ["alice 4%", "bob 4%"]),
        (differential(buyer_paid=False, buyer_counts=False), ["alice 4%", "bob 8%"]),
    ],
)
def test_the_buyer_is_paid_or_counts_or_is_left_out(
    rule: DifferentialRule, expected: list[str]
) -> None:
    found = lines(rule, sale=FROM_CARL)

    assert [f"{line.split()[0]} {line.split()[5][:-1]}" for line in found] == expected


def test_a_buyer_counts_whether_qualified_or_not() -> None:
    rule = differential(buyer_paid=False)

    assert lines(rule, sale=FROM_CARL, pv={CARL: 0}) == lines(rule, sale=FROM_CARL)


def test_a_buyer_who_occupies_no_level_counts_with_nothing() -> None:
    rule = differential(buyer_paid=False)

    assert lines(rule, sale=FROM_CARL, states={CARL: TERMINATED}) == [
        "alice <- 1 level 0 4%: 4.00",
        "bob <- 1 level 0 8%: 8.00",
    ]


@pytest.mark.parametrize("rule", [differential(), differential(buyer_paid=False)])
def test_the_owner_of_a_customers_order_is_paid_whatever_buyers_are(rule: DifferentialRule) -> None:
    assert lines(rule, sale=(CARL, ANN, 100)) == [
        "alice <- 1 level 0 4%: 4.00",
        "bob <- 1 level 0 4%: 4.00",
        "carl <- 1 level 0 4%: 4.00",
    ]


@pytest.mark.parametrize(
    ("from_level", "count", "expected"),
    [
        # Of Dora's own order she is level 0, Carl 1, Bob 2, Alice 3
        (1, True, ["alice 4%", "bob 4%", "carl 4%"]),
        (2, True, ["alice 4%", "bob 4%"]),
        (2, False, ["alice 4%", "bob 8%"]),
        (3, True, ["alice 4%"]),
        (3, False, ["alice 12%"]),
        (4, True, []),
    ],
)
def test_those_too_near_are_not_paid_and_count_or_do_not(
    from_level: int, *, count: bool, expected: list[str]
) -> None:
    found = lines(differential(from_level=from_level, lower_count=count))

    assert [f"{line.split()[0]} {line.split()[5][:-1]}" for line in found] == expected


def test_the_owner_of_a_customers_order_is_level_1() -> None:
    assert lines(differential(from_level=2), sale=(CARL, ANN, 100)) == [
        "alice <- 1 level 0 4%: 4.00",
        "bob <- 1 level 0 4%: 4.00",
    ]


def test_who_occupies_no_level_is_looked_through_in_the_count_of_levels() -> None:
    rule = differential(from_level=2, lower_count=False)

    assert lines(rule, states={CARL: TERMINATED}) == ["alice <- 1 level 0 12%: 12.00"]


UNQUALIFIED: list[dict[str, Any]] = [
    {"pv": {BOB: 0}},
    {"pv": {BOB: 50}},
    {"states": {BOB: EARNS_NOTHING}},
]


@pytest.mark.parametrize("bob", UNQUALIFIED)
def test_an_unqualified_one_passes_the_difference_up(bob: dict[str, Any]) -> None:
    assert lines(differential(requires=((FULL,),)), **bob) == [
        "alice <- 1 level 0 8%: 8.00",
        "carl <- 1 level 0 4%: 4.00",
    ]


@pytest.mark.parametrize("bob", UNQUALIFIED)
def test_an_unqualified_one_may_block_what_would_be_theirs(bob: dict[str, Any]) -> None:
    rule = differential(requires=((FULL,),), unqualified_block=True)

    assert lines(rule, **bob) == ["alice <- 1 level 0 4%: 4.00", "carl <- 1 level 0 4%: 4.00"]


def test_who_is_too_near_and_unqualified_blocks_too() -> None:
    """Carl is below the first paid level and inactive: his 4 % block, as `block` says."""
    rule = differential(from_level=2, lower_count=False, unqualified_block=True)

    assert lines(rule, pv={CARL: 0}) == [
        "alice <- 1 level 0 4%: 4.00",
        "bob <- 1 level 0 4%: 4.00",
    ]
    assert lines(rule)[1] == "bob <- 1 level 0 8%: 8.00"


def test_who_has_the_breakaway_rank_is_the_last_to_be_met() -> None:
    assert lines(differential(breakaway=SILVER)) == [
        "bob <- 1 level 0 4%: 4.00",
        "carl <- 1 level 0 4%: 4.00",
    ]
    assert lines(differential(breakaway=SILVER), states={BOB: TERMINATED}) == [
        "alice <- 1 level 0 8%: 8.00",
        "carl <- 1 level 0 4%: 4.00",
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (differential(breakaway=BRONZE), ["carl <- 1 level 0 4%: 4.00"]),
        (differential(breakaway=BRONZE, buyer_paid=False), []),
        (
            differential(breakaway=BRONZE, buyer_paid=False, buyer_counts=False),
            ["bob <- 1 level 0 8%: 8.00"],
        ),
    ],
)
def test_a_buyer_may_be_the_last_unless_left_out(
    rule: DifferentialRule, expected: list[str]
) -> None:
    assert lines(rule, sale=FROM_CARL) == expected


def test_several_sales_of_one_owner_are_paid_line_by_line() -> None:
    """Halves are rounded away from zero for each sale: 4 % of 0.13, twice."""
    result = run(plan_of(differential()), [0, ALICE], [(BOB, 0, 0)] * 2, ranks={ALICE: BRONZE},
                 columns={"pv": [0, 0, 10000, 10000], "cv": [13, 13, 0, 0]})  # fmt: skip

    assert told(result) == ["alice <- 1 level 0 4%: 0.01", "alice <- 2 level 0 4%: 0.01"]


def test_the_way_up_is_that_of_the_tree() -> None:
    """Dora was introduced by Alice."""
    assert lines(differential(tree=ENROLLER), enroller=[-1, 0, 1, 0]) == [
        "alice <- 1 level 0 12%: 12.00"
    ]
