"""The guarantee: what a leader's group is short of moves to the upline, from the bottom up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commissions.engine import RunResult
from commissions.engine.earned import Evidence
from commissions.engine.lines import lines_of
from commissions.engine.plan import Compression, GenerationRule, Leaders
from tests.commissions.engine.cast import (
    ALICE,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EARNS_NOTHING,
    EVE,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, paid, rates

LINE = [0, ALICE, BOB, CARL, DORA]
"""Alice > Bob > Carl > Dora > Eve, all of them leaders."""
LEADERS = Leaders((has_rank(BRONZE),))
ALL_LEAD = dict.fromkeys([ALICE, BOB, CARL, DORA, EVE], BRONZE)


def guaranteed(points: int, **others: Any) -> GenerationRule:
    given: dict[str, Any] = {
        "rates": rates(40_000),
        "leaders": Leaders((has_rank(BRONZE),)),
    } | others
    return GenerationRule(name="Generation", pays_on=CV, guarantee=points * 100, **given)


def settled(rule: GenerationRule, *sales: tuple[int, int, int], **others: Any) -> RunResult:
    others.setdefault("ranks", ALL_LEAD)
    return run(plan_of(rule), LINE, sales, **others)


def earned(result: RunResult) -> dict[int, int]:
    """Return what everybody is paid by the bonus, in cents."""
    return {member: amount for (member, _), amount in paid(result, "Generation").items()}


def test_what_a_group_is_short_of_moves_up() -> None:
    """10,000 points at 4 % are 400. Carl's group has 6,000, which pays Bob 240: 160 are missing.

    Carl himself is paid 4 % of Dora's 15,000: 600, of which 160 move to Bob.
    """
    result = settled(guaranteed(10_000), (CARL, 0, 6_000), (DORA, 0, 15_000), (BOB, 0, 20_000))

    assert earned(result)[BOB] == 24_000 + 16_000
    assert earned(result)[CARL] == 60_000 - 16_000
    assert [line for line in told(result) if line.startswith(("bob", "carl"))] == [
        "bob <- 1 level 1 4%: 240.00",
        "bob <- carl level 1: 160.00",
        "carl <- 2 level 1 4%: 600.00",
        "carl <- carl level 1: -160.00",
    ]


def test_shortfalls_are_settled_from_the_bottom_up() -> None:
    """Dora's group pays Carl all of 400 and Carl's pays Bob 240; then what Bob got helps Alice.

    Bob's group has nothing: Alice needs 400. Bob has 240 and 160 from Carl: all 400 move.
    """
    result = settled(guaranteed(10_000), (CARL, 0, 6_000), (DORA, 0, 10_000))

    assert earned(result) == {ALICE: 40_000, BOB: 0, CARL: 40_000 - 16_000}


def test_nothing_moves_from_who_has_nothing() -> None:
    """Dora is paid on Eve's group, which has no sales: she has nothing to give to Carl."""
    result = settled(guaranteed(10_000), (DORA, 0, 1_000))

    # Carl has 40 for Dora's 1,000; Bob needs 400 of him, and gets the 40; Alice gets it from Bob.
    assert earned(result) == {ALICE: 4_000, BOB: 0, CARL: 0}


def test_a_group_with_enough_owes_nothing() -> None:
    result = settled(guaranteed(10_000), (DORA, 0, 10_000), (CARL, 0, 10_000), (BOB, 0, 10_000))

    assert earned(result) == {ALICE: 40_000, BOB: 40_000, CARL: 40_000}
    assert not (lines_of(result).evidence == int(Evidence.EARNINGS)).any()


def test_nothing_moves_beyond_the_top() -> None:
    """Nobody is above Alice, who is paid on Bob's group."""
    result = settled(guaranteed(10_000), (BOB, 0, 15_000))

    assert earned(result) == {ALICE: 60_000}


def test_what_is_below_zero_is_not_made_up_for_by_who_has_nothing() -> None:
    """Carl's earnings on Dora's group are below zero: nothing moves from him."""
    result = settled(guaranteed(10_000), (DORA, 0, -1_000), (CARL, 0, 1_000))

    assert earned(result)[CARL] == -4_000
    # Bob: 40 on Carl's group, all of which moves on to Alice, who needs 400 of him.
    assert (earned(result)[BOB], earned(result)[ALICE]) == (0, 4_000)


def test_a_return_that_leaves_a_group_below_zero_raises_what_is_missing() -> None:
    """Carl's group: -1,000 points, so Bob has -40 and is missing 440; Carl has 600 to give."""
    result = settled(guaranteed(10_000), (CARL, 0, -1_000), (DORA, 0, 15_000), (BOB, 0, 10_000))

    assert earned(result)[CARL] == 60_000 - 44_000
    assert earned(result)[BOB] == 40_000


def test_the_rate_of_who_is_guaranteed_says_what_the_points_are_worth() -> None:
    """Bob is Silver with 6 %: 600 for 10,000 points; Carl's group brings 360."""
    rule = guaranteed(10_000, rates=by_rank([], [40_000], [60_000]))

    result = settled(
        rule, (CARL, 0, 6_000), (DORA, 0, 15_000), (BOB, 0, 10_000), ranks=ALL_LEAD | {BOB: SILVER}
    )

    assert earned(result)[BOB] == 60_000
    assert earned(result)[CARL] == 60_000 - 24_000


@pytest.mark.parametrize(
    ("compression", "expected"),
    [
        # Bob is inactive. Without compression he is Carl's upline, and is paid nothing
        (Compression.NONE, {CARL: 60_000}),
        # With it Alice is generation 1 of Carl's group, as of Bob's own; Carl owes her 160
        (Compression.INACTIVE, {CARL: 60_000 - 16_000, ALICE: 24_000 + 16_000}),
    ],
)
def test_the_upline_is_who_the_table_pays(
    compression: Compression, expected: dict[int, int]
) -> None:
    rule = guaranteed(10_000, compression=compression)

    result = settled(rule, (CARL, 0, 6_000), (DORA, 0, 15_000), pv={BOB: 0})

    assert earned(result) == expected


def test_nobody_is_guaranteed_anything_who_may_not_be_paid() -> None:
    result = settled(
        guaranteed(10_000), (CARL, 0, 6_000), (DORA, 0, 15_000), states={BOB: EARNS_NOTHING}
    )

    assert earned(result) == {CARL: 60_000}


def test_who_does_not_lead_owes_nothing() -> None:
    """Dora's sale is of Carl's group, so Bob is paid 40 on it, and Carl nothing: he owes nothing.

    Bob owes Alice 400 and has 40.
    """
    result = settled(guaranteed(10_000), (DORA, 0, 1_000), ranks=ALL_LEAD | {DORA: 0, EVE: 0})

    assert earned(result) == {ALICE: 4_000, BOB: 0}


def test_who_occupies_no_level_has_no_group_and_owes_nothing() -> None:
    result = settled(guaranteed(10_000), (DORA, 0, 20_000), states={CARL: TERMINATED})

    # Bob is paid 800 on Dora's group; he owes Alice 400.
    assert earned(result) == {ALICE: 40_000, BOB: 40_000}


@pytest.mark.parametrize(
    ("hundredths", "expected"),
    [(12, {CARL: 40_000}), (13, {ALICE: 1, BOB: 0, CARL: 39_999})],
)
def test_what_is_promised_is_rounded_like_everything(
    hundredths: int, expected: dict[int, int]
) -> None:
    """0.12 points at 4 % are 0.48 of a cent, 0.13 points 0.52: a cent from Carl, on to Alice."""
    rule = replace(guaranteed(1), guarantee=hundredths)

    assert earned(settled(rule, (DORA, 0, 10_000))) == expected


def test_the_promise_is_kept_less_the_leaders_rate() -> None:
    """Bob (6 %) less Carl (4 %) is 2 %: 200 for 10,000 points; Carl's group has 6,000, 120.

    Carl is paid 0.5 % (the minimum) on Dora's group of 15,000: 75 to give.
    """
    rule = guaranteed(
        10_000, rates=by_rank([], [40_000], [60_000]), less_leader=True, minimum_ppm=5_000
    )

    result = settled(
        rule, (CARL, 0, 6_000), (DORA, 0, 15_000), (BOB, 0, 50_000), ranks=ALL_LEAD | {BOB: SILVER}
    )

    assert earned(result)[BOB] == 12_000 + 7_500
    assert earned(result)[CARL] == 0
