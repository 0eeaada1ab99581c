"""Matching: what a member is paid goes up like an own order, and so many levels are paid of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commissions.engine import RunResult
from commissions.engine.earned import Evidence
from commissions.engine.lines import lines_of
from commissions.engine.plan import (
    Cap,
    Compression,
    GradeBy,
    Leaders,
    MatchingRule,
    PersonalRule,
    Rates,
    UnilevelRule,
)
from commissions.engine.rounding import Rounding
from commissions.engine.snapshot import PostedPay
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
    GOLD,
    SILVER,
    TERMINATED,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates

CHAIN = [0, ALICE, BOB, CARL]
"""Alice > Bob > Carl > Dora."""
RETAIL = PersonalRule(name="Retail", pays_on=CV, rates=rates(1_000_000))
"""All of a sale, so that the sales say what is matched."""


def matching(*levels: int, of: tuple[int, ...] = (0,), **others: Any) -> MatchingRule:
    given: dict[str, Any] = {"rates": rates(*levels), "compression": Compression.NONE} | others
    return MatchingRule(name="Matching", of=of, **given)


def matched(rule: MatchingRule, *sales: tuple[int, int, int], **others: Any) -> list[str]:
    sponsor = others.pop("sponsor", CHAIN)
    return told(run(plan_of(RETAIL, rule), sponsor, sales, **others), 1)


def test_levels_above_who_is_paid_are_paid_a_share() -> None:
    """Dora earns 10 and 20, together 30; Carl has 10 % of it, Bob 5 %."""
    assert matched(matching(100_000, 50_000), (DORA, 0, 10), (DORA, ANN, 20)) == [
        "bob <- dora level 2 5%: 1.50",
        "carl <- dora level 1 10%: 3.00",
    ]


def test_nobody_matches_oneself() -> None:
    assert matched(matching(100_000), (ALICE, 0, 10)) == []


@pytest.mark.parametrize(
    ("compression", "carl", "expected"),
    [
        (Compression.NONE, {"pv": {CARL: 0}}, []),
        (Compression.INACTIVE, {"pv": {CARL: 0}}, ["bob <- dora level 1 10%: 1.00"]),
        (Compression.INACTIVE, {"pv": {CARL: 50}}, []),
        (Compression.DYNAMIC, {"pv": {CARL: 50}}, ["bob <- dora level 1 10%: 1.00"]),
        (Compression.NONE, {"states": {CARL: TERMINATED}}, ["bob <- dora level 1 10%: 1.00"]),
        (Compression.DYNAMIC, {"states": {CARL: EARNS_NOTHING}}, []),
    ],
)
def test_the_table_of_the_way_up_decides(
    compression: Compression, carl: dict[str, Any], expected: list[str]
) -> None:
    rule = matching(100_000, compression=compression, requires=((FULL,),))

    assert matched(rule, (DORA, 0, 10), **carl) == expected


def test_several_bonuses_are_matched_one_by_one() -> None:
    """5 cents are half a cent each at 10 %: rounded apart they are 2 cents, not 1."""
    other = PersonalRule(name="Other", pays_on=CV, rates=rates(1_000_000))
    plan = plan_of(RETAIL, other, matching(100_000, of=(0, 1)))

    result = run(plan, CHAIN, [(DORA, 0, 0)],
                 columns={"pv": [0] + [10000] * 4, "cv": [5] + [0] * 4})  # fmt: skip

    assert told(result, 2) == ["carl <- dora level 1 10%: 0.01"] * 2
    lines = lines_of(result)
    here = lines.bonus == 2
    assert lines.source_bonus[here].tolist() == [0, 1]
    assert lines.evidence[here].tolist() == [int(Evidence.EARNINGS)] * 2


def test_a_share_is_rounded_as_the_plan_rounds() -> None:
    plan = plan_of(RETAIL, matching(100_000), rounding=Rounding.TOWARD_ZERO)

    result = run(plan, CHAIN, [(DORA, 0, 0)],
                 columns={"pv": [0] + [10000] * 4, "cv": [19] + [0] * 4})  # fmt: skip

    assert told(result, 1) == ["carl <- dora level 1 10%: 0.01"]


def test_what_is_matched_has_the_bonuss_own_caps_off() -> None:
    capped = PersonalRule(
        name="Retail", pays_on=CV, rates=rates(1_000_000),
        cap=Cap(per_earner=rates(800, money=True)),
    )  # fmt: skip
    result = run(plan_of(capped, matching(100_000)), CHAIN, [(DORA, 0, 10)])

    assert told(result, 1) == ["carl <- dora level 1 10%: 0.80"]


def test_earnings_below_zero_are_matched_too() -> None:
    assert matched(matching(100_000), (DORA, 0, -10)) == ["carl <- dora level 1 10%: -1.00"]


def test_who_is_paid_nothing_altogether_is_not_matched() -> None:
    assert matched(matching(100_000), (DORA, 0, 10), (DORA, 0, -10)) == []


def test_matching_is_matched() -> None:
    plan = plan_of(RETAIL, matching(100_000), matching(500_000, of=(1,)))

    result = run(plan, CHAIN, [(DORA, 0, 10)])

    assert told(result, 2) == ["bob <- carl level 1 50%: 0.50"]


def test_what_shorter_periods_paid_is_added() -> None:
    """Dora was paid 3.00 and 4.00 in two weeks, and is paid 10.00 now: one payment of 17.00."""
    posted = PostedPay(
        np.array([0, 0], np.int32), np.array([3, 3], np.int32), np.array([300, 400], np.int64)
    )
    assert matched(matching(100_000), (DORA, 0, 10), posted=posted) == [
        "carl <- dora level 1 10%: 1.70"
    ]


def test_a_bonus_of_a_shorter_rhythm_is_matched_by_what_was_posted_only() -> None:
    weekly = UnilevelRule(
        name="Weekly", pays_on=CV, cadence="weekly", compression=Compression.NONE,
        rates=rates(100_000),
    )  # fmt: skip
    posted = PostedPay(np.zeros(1, np.int32), np.array([2], np.int32), np.array([500], np.int64))

    result = run(plan_of(weekly, matching(100_000)), CHAIN, [(DORA, 0, 10)], posted=posted)

    assert told(result) == ["bob <- carl level 1 10%: 0.50"]
    assert result.total == 50


def test_only_the_bonuses_of_a_rhythm_are_paid_in_it() -> None:
    weekly = UnilevelRule(
        name="Weekly", pays_on=CV, cadence="weekly", compression=Compression.NONE,
        rates=rates(100_000),
    )  # fmt: skip

    result = run(plan_of(weekly, RETAIL), CHAIN, [(DORA, 0, 10)], cadence="weekly")

    assert told(result) == ["carl <- 1 level 1 10%: 1.00"]


def test_only_a_part_is_matched() -> None:
    assert matched(matching(100_000, part_ppm=500_000), (DORA, 0, 10)) == [
        "carl <- dora level 1 10%: 0.50"
    ]


LINE = [0, ALICE, BOB, CARL, DORA]
LEADERS = Leaders((has_rank(BRONZE),))
LED = {ALICE: BRONZE, CARL: BRONZE}
"""Alice > Bob > Carl > Dora > Eve; Carl leads Dora and Eve, Alice leads Bob."""


def generations(*levels: int, **others: Any) -> MatchingRule:
    return matching(*levels, **({"leaders": LEADERS} | others))


def test_in_generations_a_members_group_leader_is_generation_0() -> None:
    found = matched(generations(100_000), (EVE, 0, 10), (CARL, 0, 20), sponsor=LINE, ranks=LED)

    assert found == ["alice <- carl level 1 10%: 2.00", "alice <- eve level 1 10%: 1.00"]


def test_what_a_leader_earns_may_be_of_the_group_above() -> None:
    rule = generations(100_000, leaders=Leaders(LEADERS.who, sales_above=True))

    found = matched(rule, (EVE, 0, 10), (CARL, 0, 20), sponsor=LINE, ranks=LED)

    # Carl's earnings are of Alice's group, and nobody is above her.
    assert found == ["alice <- eve level 1 10%: 1.00"]


def test_leaders_may_be_those_with_the_earners_rank_or_a_higher_one() -> None:
    """From Eve up: Dora Bronze, Carl Gold, Bob Silver, Alice Bronze; nobody else than in pay.

    For Bronze: Dora is 0, Carl 1 (not exactly Bronze), Bob 2, Alice 3. For Silver: Carl 0, Bob 1.
    """
    rule = generations(100_000, 50_000, 10_000, leaders=Leaders(rank_of_earner=True))

    found = matched(
        rule, (EVE, 0, 10), sponsor=LINE,
        ranks={DORA: BRONZE, CARL: GOLD, BOB: SILVER, ALICE: BRONZE},
    )  # fmt: skip

    assert found == ["alice <- eve level 3 1%: 0.10", "bob <- eve level 1 10%: 1.00"]


def test_rates_are_by_the_grade_of_who_matches() -> None:
    rule = matching(rates=by_rank([], [100_000], [100_000, 50_000]))

    assert matched(rule, (DORA, 0, 10), ranks={CARL: BRONZE, BOB: SILVER}) == [
        "bob <- dora level 2 5%: 0.50",
        "carl <- dora level 1 10%: 1.00",
    ]


def test_who_is_left_out_in_a_market_matches_nothing() -> None:
    rule = matching(rates=Rates(GradeBy.PAID_AS, (((100_000,),), ((-1,),))))
    plan = plan_of(RETAIL, rule, markets=("JP",))

    result: RunResult = run(plan, CHAIN, [(DORA, 0, 10), (CARL, 0, 10)], market=[0, 0, 1, 0])

    assert told(result, 1) == ["bob <- carl level 1 10%: 1.00"]
