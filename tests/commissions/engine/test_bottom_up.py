"""Ranks, and what is worked out with them, from the bottom up: small networks by hand.

Alice > Bob, Carl; Bob > Dora, Eve; Dora > Finn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from commissions.engine import Flag, Plan, calculate_run
from commissions.engine.plan import (
    Asks,
    CompressedFigure,
    Figure,
    GroupFigure,
    LimitedFigure,
    MixFigure,
    Past,
    PastFigure,
    PeopleFigure,
    Rank,
    Requirement,
    Scope,
    Term,
    TreeKind,
)
from tests.commissions.engine.cast import ALICE, BOB, BRONZE, CARL, DORA, GOLD, SILVER
from tests.commissions.engine.plans import (
    ACTIVE,
    BINARY,
    GV,
    PV,
    at_least,
    build_period,
    has_rank,
    placed,
    state,
    tree,
)
from tests.commissions.engine.ranked import (
    FIRST,
    NEVER,
    SPONSOR,
    by_member,
    figure,
    paid_as,
    ranked,
    ranks_with,
    run_of,
)


def points(found: Sequence[int]) -> list[int]:
    """Return whole points of hundredths."""
    return [each // 100 for each in found]


def test_a_rank_may_ask_for_ranks_below_which_are_known_by_then() -> None:
    """Bronze: 100 points. Silver: two Bronzes in the frontline. Gold: a leg with a Silver."""
    frontline = PeopleFigure("frontline", Scope.FRONTLINE, (has_rank(BRONZE),))
    legs = PeopleFigure("legs", Scope.LEGS, (has_rank(SILVER),))
    ranks = ranks_with(at_least(PV, 10000), at_least(FIRST, 2), at_least(FIRST + 1, 1))

    result = run_of(ranked(ranks, frontline, legs), [100] * 6)

    # Bob has Dora and Eve. Alice has Bob and Carl, and Bob's leg has a Silver: Bob himself.
    assert paid_as(result) == [GOLD, SILVER, BRONZE, BRONZE, BRONZE, BRONZE]
    assert figure(result) == [2, 2, 0, 1, 0, 0]
    assert figure(result, FIRST + 1) == [1, 0, 0, 0, 0, 0]


def test_the_highest_rank_that_is_met_counts_whatever_lies_below() -> None:
    plan = ranked(ranks_with(at_least(PV, 10**12), at_least(PV, 10000)))

    assert paid_as(run_of(plan, [100, 99, 0, 0, 0, 0])) == [SILVER, 0, 0, 0, 0, 0]


def test_members_of_a_market_have_its_ranks_and_its_activity() -> None:
    """90 points are enough in market 1, where 80 are asked for; Bob and Dora are of it."""
    both = (at_least(PV, 10000),), (at_least(PV, 8000),)
    plan = replace(ranked([Rank("Bronze", both, (None, None))], markets=("JP",)), active=both)

    result = run_of(plan, [90] * 6, market=[0, 1, 0, 1, 0, 0])

    assert paid_as(result) == [0, BRONZE, 0, BRONZE, 0, 0]
    assert by_member(result, result.standings.active) == [0, 1, 0, 1, 0, 0]


OWN = [1, 2, 2, 1, 2, 2]
"""Dora and Finn have 3 together, Eve 2; Bob's downline 5; Alice's 9."""


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.SELF_AND_DOWNLINE, [3, 7, 2, 3, 2, 2]),
        (Scope.DOWNLINE, [2, 5, 0, 2, 0, 0]),
        (Scope.LARGEST_LEG, [2, 3, 0, 2, 0, 0]),
        (Scope.ALL_BUT_LARGEST, [0, 2, 0, 0, 0, 0]),
    ],
)
def test_who_has_broken_away_is_in_nobodys_group_nor_is_anybody_below(
    scope: Scope, expected: list[int]
) -> None:
    """Bob is Bronze: Alice has Carl only."""
    plan = ranked(NEVER, GroupFigure("G", PV, scope, without_rank=BRONZE))

    result = run_of(plan, OWN, rank_override=[0, BRONZE, 0, 0, 0, 0])

    assert points(figure(result)) == expected


def test_groups_break_away_by_the_rank_reached_in_this_very_pass() -> None:
    """Bronze: 4 points without Bronze groups. Bob has 7 and is; so Alice has 3 and is not."""
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=BRONZE)

    result = run_of(ranked(ranks_with(at_least(FIRST, 400)), group), OWN)

    assert points(figure(result)) == [3, 7, 2, 3, 2, 2]
    assert paid_as(result) == [0, BRONZE, 0, 0, 0, 0]


def test_the_largest_leg_is_none_where_none_has_more_than_nothing() -> None:
    plan = ranked(
        NEVER, GroupFigure("L", PV, Scope.LARGEST_LEG, without_rank=BRONZE),
        GroupFigure("A", PV, Scope.ALL_BUT_LARGEST, without_rank=BRONZE),
    )  # fmt: skip

    result = run_of(plan, [1, -2, -3, 0, 0, 0])

    assert points(figure(result)) == [0] * 6
    assert points(figure(result, FIRST + 1)) == [-5, 0, 0, 0, 0, 0]


def with_activity(*after: Figure) -> Plan:
    """Return a plan: active are 4 points without Bronze groups, Bronze is who is active."""
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=BRONZE)
    return ranked(ranks_with(ACTIVE), group, *after, active=(at_least(FIRST, 400),), active_at=1)


def test_activity_may_ask_what_only_ranks_below_decide() -> None:
    result = run_of(with_activity(), OWN)

    assert by_member(result, result.standings.active) == [0, 1, 0, 0, 0, 0]
    assert paid_as(result) == [0, BRONZE, 0, 0, 0, 0]


def test_orders_are_compressed_to_who_becomes_active_in_the_pass() -> None:
    """Bob gets everything of his downline. Carl's and Alice's own have nobody active above."""
    result = run_of(
        with_activity(
            CompressedFigure("CPV", PV), GroupFigure("CGV", FIRST + 1, Scope.SELF_AND_FRONTLINE)
        ),
        OWN,
    )

    assert points(figure(result, FIRST + 1)) == [0, 7, 0, 0, 0, 0]
    assert points(figure(result, FIRST + 2)) == [7, 7, 0, 0, 0, 0]


def test_people_may_be_asked_whether_they_are_active_by_then() -> None:
    count = PeopleFigure("downline with active", Scope.DOWNLINE, (ACTIVE,))

    assert figure(run_of(with_activity(count), OWN), FIRST + 1) == [1, 0, 0, 0, 0, 0]


TOP_HEAVY = [5, 20, 3, 8, 1, 4]
"""Bob's leg has 33, of which Dora's has 12."""


@pytest.mark.parametrize(
    ("group", "own_too", "expected"),
    [
        (GV, False, [5 + 12 + 3, 20 + 12 + 1, 3, 8 + 4, 1, 4]),
        (GV, True, [5 + 12 + 3, 12 + 12 + 1, 3, 8 + 4, 1, 4]),
        (FIRST, False, [12 + 3, 12 + 1, 0, 4, 0, 0]),
    ],
)
def test_no_leg_counts_for_more_than_the_most(
    group: int, *, own_too: bool, expected: list[int]
) -> None:
    """Of 20 points, 60 % may come from one leg: 12."""
    plan = ranked(
        NEVER, LimitedFigure("limited", group, 1200, own_too=own_too),
        before=[GroupFigure("downline", PV, Scope.DOWNLINE)],
    )  # fmt: skip

    assert points(figure(run_of(plan, TOP_HEAVY), FIRST + 1)) == expected


def test_a_limit_does_not_see_legs_that_have_broken_away() -> None:
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=BRONZE)
    plan = ranked(NEVER, group, LimitedFigure("limited", FIRST, 1200))

    result = run_of(plan, TOP_HEAVY, rank_override=[0, 0, 0, BRONZE, 0, 0])

    # Dora is away: Bob has himself and Eve, 21 together, of which Alice counts 12.
    assert points(figure(result, FIRST + 1)) == [5 + 12 + 3, 21, 3, 8 + 4, 1, 4]


NO_LEG = Flag.ALL & ~Flag.COUNTS_AS_LEG


@pytest.mark.parametrize(("own_too", "alice"), [(False, 41), (True, 28)])
def test_who_heads_no_leg_is_of_the_own_part(*, own_too: bool, alice: int) -> None:
    """Alice's legs are Dora's 12, Eve's 1 and Carl's 3; Bob's own 20 are with her own 5."""
    flags = [int(Flag.ALL), int(NO_LEG), *[int(Flag.ALL)] * 4]
    plan = ranked(NEVER, LimitedFigure("limited", GV, 1200, own_too=own_too))

    assert points(figure(run_of(plan, TOP_HEAVY, flags=flags)))[0] == alice


def test_in_a_binary_tree_everybody_heads_a_leg() -> None:
    """The same places; Bob, who counts as no leg, heads one here."""
    flags = [int(Flag.ALL), int(NO_LEG), *[int(Flag.ALL)] * 4]
    plan = ranked(
        NEVER, LimitedFigure("limited", FIRST, 1200),
        before=[GroupFigure("BV", PV, Scope.SELF_AND_DOWNLINE, BINARY)],
        trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(BINARY,),
    )  # fmt: skip

    result = run_of(
        plan, TOP_HEAVY, flags=flags,
        placements={"binary": placed([0, ALICE, ALICE, BOB, BOB, DORA], [0, 1, 2, 1, 2, 1])},
    )  # fmt: skip

    assert points(figure(result, FIRST + 1))[0] == 20


@pytest.mark.parametrize(
    ("past", "periods", "expected"),
    [
        (Past.LIFETIME, 0, [3 + 100, 7, 2, 3, 2, 2]),
        (Past.LAST, 2, [3 + 40, 7 + 4, 2, 3, 2, 2]),
        (Past.BEFORE, 1, [40, 4, 0, 0, 0, 0]),
        (Past.GROWTH, 1, [0, 3, 2, 3, 2, 2]),
    ],
)
def test_a_broken_away_groups_volume_over_time(
    past: Past, periods: int, expected: list[int]
) -> None:
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=BRONZE)
    plan = ranked(
        ranks_with(at_least(FIRST + 1, 600)), group, PastFigure("over time", FIRST, past, periods)
    )

    result = run_of(
        plan, OWN, rank_override=[0, BRONZE, 0, 0, 0, 0],
        carried=state(
            ("lifetime.SGV", ALICE, -1, 10000), ("past.SGV", ALICE, 1, 4000),
            ("past.SGV", BOB, 1, 400), ("past.SGV", BOB, 2, 900),
        ),
    )  # fmt: skip

    assert points(figure(result, FIRST + 1)) == expected


def test_sums_of_broken_away_groups() -> None:
    """Half of the group, rounded away from zero at a hundredth, less the own points."""
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=BRONZE)
    mix = MixFigure("mix", ((500_000, FIRST), (-1_000_000, PV)))
    plan = ranked(ranks_with(at_least(FIRST + 1, 600)), group, mix)

    result = calculate_run(build_period(SPONSOR, [(ALICE, 0, 3), (BOB, 0, 5), (CARL, 0, -3)]), plan)

    assert figure(result) == [5, 5, -3, 0, 0, 0]
    assert figure(result, FIRST + 1) == [3 - 3, 3 - 5, -2 + 3, 0, 0, 0]


def test_a_share_of_a_figure_that_is_worked_out_with_ranks() -> None:
    """Silver: the own points are at least half of the group without Silver groups."""
    group = GroupFigure("SGV", PV, Scope.SELF_AND_DOWNLINE, without_rank=SILVER)
    half = Requirement("", (Term(Asks.SHARE, PV, FIRST, 500_000),))
    plan = ranked(ranks_with(at_least(PV, 10**12), half), group)

    result = run_of(plan, [4, 4, 4, 1, 9, 2])

    # Finn all of it, Eve too, Dora: 1 of 1 as Finn is away; Bob 4 of 4; and so on up.
    assert paid_as(result) == [SILVER] * 6
    assert points(figure(result)) == [4, 4, 4, 1, 9, 2]
