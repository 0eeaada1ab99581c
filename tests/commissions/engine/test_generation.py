"""Generation: the sales of a leader's group pay the leaders above, so many of them."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine.plan import ENROLLER, Compression, GenerationRule, GradeBy, Leaders
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EARNS_NOTHING,
    EVE,
    FINN,
    FULL,
    GOLD,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates, state

LINE = [0, ALICE, BOB, CARL, DORA, EVE]
"""Alice > Bob > Carl > Dora > Eve > Finn."""
BRONZES = Leaders((has_rank(BRONZE),))
LED = {ALICE: BRONZE, CARL: BRONZE, EVE: BRONZE}
"""Finn and Eve are Eve's group, Dora and Carl are Carl's, Bob and Alice are Alice's."""


def generation(*levels: int, **others: Any) -> GenerationRule:
    given: dict[str, Any] = {"rates": rates(*levels), "leaders": BRONZES} | others
    return GenerationRule(name="Generation", pays_on=CV, **given)


def lines(rule: GenerationRule, *sales: tuple[int, int, int], **others: Any) -> list[str]:
    others.setdefault("ranks", LED)
    return told(run(plan_of(rule), others.pop("sponsor", LINE), sales, **others))


FROM_FINN = (FINN, 0, 100)


def test_who_is_no_leader_is_looked_through() -> None:
    """Eve's group: Carl is generation 1, Alice 2. Dora and Bob use none up."""
    assert lines(generation(50_000, 30_000), FROM_FINN) == [
        "alice <- 1 level 2 3%: 3.00",
        "carl <- 1 level 1 5%: 5.00",
    ]


@pytest.mark.parametrize("customer", [0, ANN])
def test_a_leaders_own_sales_are_of_the_own_group(customer: int) -> None:
    assert lines(generation(50_000), (EVE, customer, 100)) == ["carl <- 1 level 1 5%: 5.00"]


@pytest.mark.parametrize("customer", [0, ANN])
def test_a_leaders_own_sales_may_be_of_the_group_above(customer: int) -> None:
    above = Leaders(BRONZES.who, sales_above=True)

    assert lines(generation(50_000, leaders=above), (EVE, customer, 100), FROM_FINN) == [
        "alice <- 1 level 1 5%: 5.00",
        "carl <- 2 level 1 5%: 5.00",
    ]


def test_a_leader_is_paid_on_the_own_group_if_the_plan_says_so() -> None:
    rule = generation(50_000, own_group=rates(100_000))

    assert lines(rule, FROM_FINN, (BOB, 0, 10)) == [
        "alice <- 2 level 0 10%: 1.00",
        "carl <- 1 level 1 5%: 5.00",
        "eve <- 1 level 0 10%: 10.00",
    ]


@pytest.mark.parametrize(
    "eve", [{"pv": {EVE: 0}}, {"pv": {EVE: 50}}, {"states": {EVE: EARNS_NOTHING}}]
)
def test_a_leader_who_is_not_qualified_leads_the_group_without_pay(eve: dict[str, Any]) -> None:
    rule = generation(50_000, own_group=rates(100_000), requires=((FULL,),))

    assert lines(rule, FROM_FINN, **eve) == ["carl <- 1 level 1 5%: 5.00"]


def test_a_leader_who_occupies_no_level_leads_nobody() -> None:
    """Finn's sale is then of Carl's group, and Alice is generation 1."""
    rule = generation(50_000, own_group=rates(100_000))

    assert lines(rule, FROM_FINN, states={EVE: TERMINATED}) == [
        "alice <- 1 level 1 5%: 5.00",
        "carl <- 1 level 0 10%: 10.00",
    ]


def test_a_sale_that_meets_one_leader_only_has_no_generation_1() -> None:
    assert lines(generation(50_000), FROM_FINN, ranks={CARL: BRONZE}) == []


CARL_IS: dict[str, dict[str, Any]] = {
    "inactive": {"pv": {CARL: 0}},
    "unqualified": {"pv": {CARL: 50}},
    "not covered": {"ranks": LED | {CARL: SILVER}},
    "not earning": {"states": {CARL: EARNS_NOTHING}},
}
SKIPS = {
    Compression.NONE: set[str](),
    Compression.INACTIVE: {"inactive"},
    Compression.DYNAMIC: {"inactive", "unqualified", "not covered"},
}


@pytest.mark.parametrize("compression", list(Compression))
@pytest.mark.parametrize("carl", list(CARL_IS))
def test_leaders_are_skipped_as_the_compression_says(carl: str, compression: Compression) -> None:
    """Silver leaders have no rates at all."""
    rule = generation(
        compression=compression, requires=((FULL,),),
        rates=by_rank([], [50_000, 30_000], []),
    )  # fmt: skip

    found = lines(rule, FROM_FINN, **CARL_IS[carl])

    skipped = carl in SKIPS[compression]
    assert found == [f"alice <- 1 level {1 if skipped else 2} {5 if skipped else 3}%: "
                     f"{5 if skipped else 3}.00"]  # fmt: skip


def test_generations_are_those_of_the_tree() -> None:
    """Finn was introduced by Bob: no leader below Alice."""
    found = lines(generation(50_000, tree=ENROLLER, own_group=rates(10_000)), FROM_FINN,
                  enroller=[-1, 0, 1, 2, 3, 1])  # fmt: skip

    assert found == ["alice <- 1 level 0 1%: 1.00"]


def test_the_rate_of_the_groups_leader_is_taken_off() -> None:
    """Bronze 4 %, Silver 6 %, Gold 10 % for generation 1; the second is not compared with it."""
    rule = generation(
        rates=by_rank([], [40_000, 10_000], [60_000, 10_000], [100_000, 50_000]), less_leader=True
    )

    found = lines(rule, FROM_FINN, ranks={ALICE: GOLD, CARL: SILVER, EVE: BRONZE})

    # Generation 1: 6 - 4. Generation 2: 5 - 4, again less Eve's rate for generation 1.
    assert found == ["alice <- 1 level 2 1%: 1.00", "carl <- 1 level 1 2%: 2.00"]


@pytest.mark.parametrize(
    ("minimum", "expected"), [(0, []), (15_000, ["carl <- 1 level 1 1.5%: 1.50"])]
)
def test_the_difference_to_the_leader_is_at_least_the_minimum(
    minimum: int, expected: list[str]
) -> None:
    rule = generation(rates=by_rank([], [40_000], [60_000]), less_leader=True, minimum_ppm=minimum)

    assert lines(rule, FROM_FINN, ranks={CARL: BRONZE, EVE: SILVER}) == expected


def test_a_rate_of_nothing_covers_and_is_raised_to_the_minimum() -> None:
    """A grade with 0 % covers the generation; one without a rate does not."""
    rule = generation(
        rates=by_rank([], [0], []), less_leader=True, minimum_ppm=10_000,
        leaders=Leaders((has_rank(BRONZE),)),
    )  # fmt: skip

    assert lines(rule, FROM_FINN) == ["carl <- 1 level 1 1%: 1.00"]
    assert lines(rule, FROM_FINN, ranks=LED | {CARL: SILVER}) == []


def test_leaders_may_be_those_with_the_earners_rank_or_a_higher_one() -> None:
    """From Finn up: Eve Bronze, Dora none, Carl Gold, Bob Silver, Alice Bronze.

    For Bronze all four lead: Eve is 0, Carl 1 (higher, and paid nothing), Bob 2, Alice 3.
    For Silver Carl is 0 and Bob 1. For Gold Carl is 0 and nobody is 1.
    """
    rule = generation(50_000, 30_000, 10_000, leaders=Leaders(rank_of_earner=True))

    found = lines(rule, FROM_FINN, ranks={EVE: BRONZE, CARL: GOLD, BOB: SILVER, ALICE: BRONZE})

    assert found == ["alice <- 1 level 3 1%: 1.00", "bob <- 1 level 1 5%: 5.00"]


def test_each_rank_has_its_own_groups() -> None:
    """Eve Bronze and Carl Silver are both nearest of their own rank or higher."""
    rule = generation(50_000, leaders=Leaders(rank_of_earner=True), own_group=rates(10_000))

    found = lines(rule, FROM_FINN, ranks={EVE: BRONZE, CARL: SILVER})

    # Bronze: Eve's own group, Carl is generation 1 and not exactly Bronze. Silver: Carl's own.
    assert found == ["carl <- 1 level 0 1%: 1.00", "eve <- 1 level 0 1%: 1.00"]


def test_the_groups_leader_of_the_own_rank_is_taken_off() -> None:
    """For Silver, Carl leads Finn's group with 6 %, and Alice (Silver, 6 %) has the minimum."""
    rule = generation(
        rates=by_rank([], [40_000], [60_000]), less_leader=True, minimum_ppm=5_000,
        leaders=Leaders(rank_of_earner=True),
    )  # fmt: skip

    found = lines(rule, FROM_FINN, ranks={EVE: BRONZE, CARL: SILVER, ALICE: SILVER})

    assert found == ["alice <- 1 level 1 0.5%: 0.50"]


def test_rates_may_be_by_the_title() -> None:
    """Paid-as ranks are set by hand, titles come from the state."""
    rule = generation(rates=by_rank([], [10_000], [20_000], by=GradeBy.TITLE))

    found = lines(rule, FROM_FINN, carried=state(("rank.highest", CARL, -1, SILVER)))

    assert found == ["carl <- 1 level 1 2%: 2.00"]
