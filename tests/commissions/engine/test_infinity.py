"""Infinity: everything from a level or generation on, down to the next who is paid it."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine.plan import Compression, InfinityRule, Leaders
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EVE,
    FINN,
    FULL,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates

CHAIN = [0, ALICE, BOB, CARL, DORA]
"""Alice > Bob > Carl > Dora > Eve."""
RATES = by_rank([], [20_000], [50_000])
EACH = {ALICE: SILVER, BOB: BRONZE, CARL: BRONZE}


def infinity(begins: int = 1, **others: Any) -> InfinityRule:
    others.setdefault("rates", RATES)
    return InfinityRule(name="Infinity", pays_on=CV, begins=begins, **others)


def lines(rule: InfinityRule, sale: tuple[int, int, int], **others: Any) -> list[str]:
    others.setdefault("ranks", EACH)
    return told(run(plan_of(rule), others.pop("sponsor", CHAIN), [sale], **others))


FROM_EVE = (EVE, 0, 100)
"""Dora is level 1, Carl 2, Bob 3, Alice 4."""


def test_the_difference_to_who_is_paid_below_is_paid_at_any_depth() -> None:
    assert lines(infinity(), FROM_EVE) == [
        "alice <- 1 level 0 3%: 3.00",
        "carl <- 1 level 0 2%: 2.00",
    ]


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        (1, ["alice 3%", "carl 2%"]),
        (2, ["alice 3%", "carl 2%"]),
        (3, ["alice 3%", "bob 2%"]),
        (4, ["alice 5%"]),
        (5, []),
    ],
)
def test_those_nearer_than_the_first_level_neither_are_paid_nor_count(
    begins: int, expected: list[str]
) -> None:
    found = lines(infinity(begins), FROM_EVE)

    assert [f"{line.split()[0]} {line.split()[5][:-1]}" for line in found] == expected


def test_a_customers_order_has_its_owner_on_level_1() -> None:
    assert lines(infinity(2), (CARL, ANN, 100)) == [
        "alice <- 1 level 0 3%: 3.00",
        "bob <- 1 level 0 2%: 2.00",
    ]
    assert lines(infinity(2), (CARL, 0, 100)) == ["alice <- 1 level 0 5%: 5.00"]


def test_the_first_with_a_rate_takes_all() -> None:
    assert lines(infinity(first_takes_all=True), FROM_EVE) == ["carl <- 1 level 0 2%: 2.00"]
    assert lines(infinity(4, first_takes_all=True), FROM_EVE) == ["alice <- 1 level 0 5%: 5.00"]


def test_who_is_not_qualified_is_passed_over() -> None:
    rule = infinity(requires=((FULL,),))

    assert lines(rule, FROM_EVE, pv={CARL: 50}) == [
        "alice <- 1 level 0 3%: 3.00",
        "bob <- 1 level 0 2%: 2.00",
    ]


@pytest.mark.parametrize(
    ("compression", "requires", "first"),
    [
        # From level 3 on. Dora does not count at all, and Carl is inactive
        (Compression.NONE, (), "bob"),
        (Compression.INACTIVE, (), "alice"),
        # Carl is active and bought too little: only `dynamic` skips him for it
        (Compression.INACTIVE, (FULL,), "bob"),
        (Compression.DYNAMIC, (FULL,), "alice"),
    ],
)
def test_who_is_skipped_uses_no_level(
    compression: Compression, requires: tuple[Any, ...], first: str
) -> None:
    rule = infinity(3, compression=compression, requires=(requires,), rates=rates(50_000))

    found = lines(rule, FROM_EVE, pv={CARL: 50 if requires else 0})

    assert found == [f"{first} <- 1 level 0 5%: 5.00"]


def test_who_occupies_no_level_is_neither_counted_nor_paid() -> None:
    rule = infinity(2, rates=rates(50_000))

    assert lines(rule, FROM_EVE, states={DORA: TERMINATED}) == ["bob <- 1 level 0 5%: 5.00"]
    assert lines(rule, FROM_EVE, states={CARL: TERMINATED}) == ["bob <- 1 level 0 5%: 5.00"]


LEADERS = Leaders((has_rank(BRONZE),))
LINE = [0, ALICE, BOB, CARL, DORA, EVE]
"""Alice > Bob > Carl > Dora > Eve > Finn; the leaders are Alice, Carl and Eve."""
LED = {ALICE: SILVER, CARL: SILVER, EVE: BRONZE}


@pytest.mark.parametrize(
    ("begins", "expected"),
    [(0, ["carl 3%", "eve 2%"]), (1, ["carl 5%"]), (2, ["alice 5%"]), (3, [])],
)
def test_generations_count_leaders_and_nobody_else_is_met(begins: int, expected: list[str]) -> None:
    """Finn's group leader is Eve: generation 0. Carl is 1, Alice 2; Alice has no more than Carl."""
    rule = infinity(begins, leaders=LEADERS)

    found = lines(rule, (FINN, 0, 100), sponsor=LINE, ranks=LED)

    assert [f"{line.split()[0]} {line.split()[5][:-1]}" for line in found] == expected


def test_who_is_no_leader_is_not_paid_in_generations() -> None:
    rule = infinity(1, leaders=Leaders((has_rank(SILVER),)), rates=rates(50_000))

    found = lines(rule, (FINN, 0, 100), sponsor=LINE, ranks=LED)

    # Carl is the group leader of Finn; Eve and Bob do not lead; Alice is generation 1.
    assert found == ["alice <- 1 level 0 5%: 5.00"]


def test_a_leaders_own_sales_may_belong_to_the_group_above() -> None:
    own = infinity(1, leaders=LEADERS)
    above = infinity(1, leaders=Leaders(LEADERS.who, sales_above=True))

    # Eve leads her own group, so Carl is generation 1; with `above` Carl leads it, and Alice is.
    assert lines(own, (EVE, 0, 100), sponsor=LINE, ranks=LED) == ["carl <- 1 level 0 5%: 5.00"]
    assert lines(above, (EVE, 0, 100), sponsor=LINE, ranks=LED) == ["alice <- 1 level 0 5%: 5.00"]
