"""Why somebody is paid of others' earnings, or not: the way up of what is matched."""

from __future__ import annotations

from typing import Any

import pytest

from commissions.engine import RunResult, explain_earning, explain_sale
from commissions.engine.plan import (
    Compression,
    Leaders,
    MatchingRule,
    PersonalRule,
    TreeKind,
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
    SILVER,
    TERMINATED,
    in_a_line,
    missed,
    plan_of,
    run,
    why,
)
from tests.commissions.engine.plans import BINARY, CV, by_rank, has_rank, placed, rates, tree

LINE = [0, ALICE, BOB, CARL]
"""Alice > Bob > Carl > Dora."""
RETAIL = PersonalRule(name="Retail", pays_on=CV, rates=rates(1_000_000))
"""All of a sale."""
LEADERS = Leaders((has_rank(BRONZE),))


def matching(*levels: int, **others: Any) -> MatchingRule:
    given: dict[str, Any] = {"rates": rates(*levels), "compression": Compression.NONE} | others
    return MatchingRule(name="Match", of=(0,), **given)


def of(rule: MatchingRule, *sales: tuple[int, int, int], **others: Any) -> RunResult:
    plan = plan_of(RETAIL, rule, trees=others.pop("trees", ()))
    return run(plan, others.pop("sponsor", LINE), sales or ((DORA, ANN, 10),), **others)


def test_the_way_up_of_an_earning_says_whose_it_is() -> None:
    result = of(
        matching(100_000, 50_000, compression=Compression.INACTIVE), pv={CARL: 0},
        states={BOB: EARNS_NOTHING},
    )  # fmt: skip

    assert why(result, 1, bonus=1) == [
        "carl level 1: skipped inactive (of dora)",
        "bob level 1: not earning (of dora)",
        "alice level 2: paid 5% 0.50 (of dora)",
    ]


def test_all_that_the_earner_is_paid_goes_up_and_is_told_of_each_sale() -> None:
    result = of(matching(100_000), (DORA, ANN, 10), (DORA, ANN, 30))

    for sale in (1, 2):
        (step,) = [each for each in explain_sale(result, sale) if each.bonus == 1]
        assert (step.member, step.base, step.amount, step.of) == (CARL, 4000, 400, 0)


def test_a_sale_that_pays_nobody_is_not_matched() -> None:
    result = of(matching(100_000), (DORA, ANN, 0), (CARL, ANN, 5))

    assert why(result, 1, bonus=1) == []
    assert why(result, 2, bonus=1) == ["bob level 1: paid 10% 0.50 (of carl)"]


def test_an_earning_can_be_asked_by_itself() -> None:
    result = of(matching(100_000))

    assert [in_a_line(step) for step in explain_earning(result, 1, 0, DORA)] == [
        "carl level 1: paid 10% 1.00 (of dora)"
    ]
    assert explain_earning(result, 1, 0, CARL) == []
    assert explain_earning(result, 0, 0, DORA) == []
    with pytest.raises(KeyError):
        explain_earning(result, 1, 0, EVE)


def test_generations_begin_above_the_leader_of_the_group() -> None:
    rule = matching(100_000, leaders=LEADERS)

    assert why(of(rule, ranks={CARL: BRONZE, ALICE: BRONZE}), 1, bonus=1) == [
        "dora level 0: not a leader (of dora)",
        "carl level 0: group leader (of dora)",
        "bob level 1: not a leader (of dora)",
        "alice level 1: paid 10% 1.00 (of dora)",
    ]


def test_a_leader_whose_earnings_are_of_the_group_above_is_not_on_their_way() -> None:
    rule = matching(100_000, leaders=Leaders(LEADERS.who, sales_above=True))

    assert why(of(rule, ranks={DORA: BRONZE, CARL: BRONZE, BOB: BRONZE}), 1, bonus=1) == [
        "carl level 0: group leader (of dora)",
        "bob level 1: paid 10% 1.00 (of dora)",
    ]


def test_leaders_of_the_earners_rank_hear_what_is_about_their_own() -> None:
    """Skipped for Bronze is Bob alone: the level goes to nobody, since only Bronze is paid it."""
    rule = matching(
        rates=by_rank([], [100_000], [50_000]), leaders=Leaders(rank_of_earner=True),
        compression=Compression.INACTIVE,
    )  # fmt: skip
    ranks = {DORA: BRONZE, CARL: SILVER, BOB: BRONZE, ALICE: SILVER}

    assert why(of(rule, ranks=ranks, pv={BOB: 0}), 1, bonus=1) == [
        "dora level 0: group leader (of dora)",
        "carl level 0: group leader (of dora)",
        "alice level 1: paid 5% 0.50 (of dora)",
    ]
    assert why(of(rule, ranks=ranks | {CARL: BRONZE}, pv={CARL: 0}), 1, bonus=1) == [
        "dora level 0: group leader (of dora)",
        "carl level 1: skipped inactive, to bob (of dora)",
        "bob level 1: paid 10% 1.00 (of dora)",
        "alice level 0: group leader (of dora)",
    ]


def test_an_earner_without_a_place_meets_nobody() -> None:
    places = {"binary": placed([0, ALICE, -1, -1], [0, 1, 0, 0])}
    trees = [tree("binary", TreeKind.BINARY, 2)]
    result = of(matching(100_000, tree=BINARY), placements=places, trees=trees)

    assert why(result, 1, bonus=1) == ["dora level 0: not in tree (of dora)"]
    assert missed(result, DORA, bonus=1) == ["level 0 not in tree: dora"]


def test_what_is_missed_of_others_earnings_is_told_with_whose() -> None:
    result = of(
        matching(100_000, 50_000, compression=Compression.INACTIVE),
        (DORA, ANN, 10), (CARL, ANN, 20), pv={BOB: 0}, states={ALICE: EARNS_NOTHING},
        sponsor=[0, ALICE, BOB, CARL],
    )  # fmt: skip

    assert missed(result, BOB, bonus=1) == [
        "level 1 skipped inactive: carl",
        "level 2 skipped inactive: dora",
    ]
    assert missed(result, ALICE, bonus=1) == [
        "level 1 not earning: carl",
        "level 2 not earning: dora",
    ]


def test_what_others_were_paid_instead_is_told_of_what_was_skipped() -> None:
    result = of(matching(100_000, compression=Compression.INACTIVE), states={CARL: TERMINATED})

    assert missed(result, CARL, bonus=1) == ["level 1 skipped state: dora, to bob"]
