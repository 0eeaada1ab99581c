"""The pass from the bottom up says what figures by themselves say, and what is slow and plain."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, Snapshot, calculate_run
from commissions.engine.plan import (
    ENROLLER,
    SPONSOR,
    CompressedFigure,
    Figure,
    GroupFigure,
    LimitedFigure,
    MixFigure,
    Past,
    PastFigure,
    PeopleFigure,
    Scope,
    TreeKind,
)
from commissions.engine.snapshot import Flag, Placement
from tests.commissions.engine.networks import below, downlines, places, sponsors
from tests.commissions.engine.plans import (
    BINARY,
    CV,
    GV,
    PV,
    at_least,
    build_period,
    state,
    tree,
)
from tests.commissions.engine.ranked import FIRST, NEVER, figure, ranked

SCOPES = [
    Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE, Scope.SELF_AND_FRONTLINE, Scope.FRONTLINE,
    Scope.LARGEST_LEG, Scope.ALL_BUT_LARGEST,
]  # fmt: skip
LEGS = [Scope.LEFT_LEG, Scope.RIGHT_LEG, Scope.WEAKER_LEG, Scope.STRONGER_LEG]
TREES = (SPONSOR, ENROLLER, BINARY)


def groups() -> list[Figure]:
    """Return a group volume of every scope in every tree."""
    found: list[Figure] = [
        GroupFigure(f"{scope.name} {index}", PV, scope, index)
        for scope in SCOPES
        for index in TREES
    ]
    found += [GroupFigure(scope.name, PV, scope, BINARY) for scope in LEGS]
    found += [
        GroupFigure(f"LEVELS {low} {index}", PV, Scope.LEVELS, index, low, 3)
        for low in (1, 2)
        for index in TREES
    ]
    return found


@st.composite
def periods(draw: st.DrawFn) -> Snapshot:
    """Draw a small period: figures from below zero up, all kinds of states, places, a past."""
    size = draw(st.integers(1, 9))
    volumes = draw(st.lists(st.integers(-3, 6), min_size=size, max_size=size))
    parent, leg = draw(places(size))
    given: dict[str, Any] = {
        "flags": draw(st.lists(st.sampled_from([31, 31, 29, 27, 25, 0]), min_size=size,
                               max_size=size)),
        "enroller": draw(sponsors(size)),
        "placements": {
            "binary": Placement(np.array(parent, np.int32), np.array(leg, np.int32))
        },
        "carried": state(*[("past.GV", row + 1, 1, row) for row in range(size)],
                         *[("lifetime.GV", row + 1, -1, 2 * row) for row in range(size)]),
    }  # fmt: skip
    sales = [(row + 1, 0, volume) for row, volume in enumerate(volumes)]
    return build_period([at + 1 for at in draw(sponsors(size))], sales, **given)


OTHERS: list[Figure] = [
    CompressedFigure("compressed", CV),
    PastFigure("lifetime", GV, Past.LIFETIME),
    PastFigure("last", GV, Past.LAST, 2),
    PastFigure("before", GV, Past.BEFORE, 1),
    PastFigure("growth", GV, Past.GROWTH, 1),
    MixFigure("mix", ((500_000, GV), (-333_333, PV))),
]


@given(periods())
def test_figures_are_the_same_with_the_ranks_and_by_themselves(period: Snapshot) -> None:
    """Each tree in turn: where trees contradict each other, the pass hides people."""
    figures = [*groups(), *OTHERS]
    given: dict[str, Any] = {
        "active": (at_least(PV, 2),), "trees": [tree("binary", TreeKind.BINARY, 2)]
    }  # fmt: skip
    alone = calculate_run(period, ranked(NEVER, after=figures, **given))

    for index in TREES:
        with_ranks = calculate_run(period, ranked(NEVER, *figures, rank_trees=(index,), **given))
        for at, each in enumerate(figures, start=FIRST):
            if getattr(each, "tree", SPONSOR) == index:
                assert figure(with_ranks, at) == figure(alone, at), each.name


class Seen(NamedTuple):
    """A period's tree the slow way: parents, states and points by snapshot row."""

    parent: list[int]
    leads: list[bool]
    stands: list[bool]
    good: list[bool]
    pv: list[int]

    @classmethod
    def of(cls, period: Snapshot, index: int) -> Seen:
        flags = period.flags
        parents = {
            SPONSOR: period.sponsor, ENROLLER: period.enroller,
            BINARY: np.maximum(period.placements["binary"].parent, -1),
        }  # fmt: skip
        leads = (flags & Flag.COUNTS_AS_LEG) != 0 if index != BINARY else flags >= 0
        keeps = (flags & Flag.KEEPS_VOLUME) != 0
        pv = np.where(keeps, period.columns["pv"], 0)
        return cls(
            parents[index].tolist(), leads.tolist(),
            ((flags & Flag.OCCUPIES_LEVEL) != 0).tolist(), (pv >= 2).tolist(), pv.tolist(),
        )  # fmt: skip


def people(seen: Seen, row: int) -> list[int]:
    """Return how many have 2 points: of two levels, of the downline, and legs that have one."""
    group = downlines(seen.parent)
    level = below(seen.parent, row, seen.stands)
    deeper = [far for at in level for far in below(seen.parent, at, seen.stands)]
    return [
        sum(seen.good[at] for at in level + deeper),
        sum(seen.good[at] for at in group[row] - {row}),
        sum(
            any(seen.good[at] for at in group[head]) for head in below(seen.parent, row, seen.leads)
        ),
    ]


@given(periods())
def test_people_are_counted_as_the_slow_way_does(period: Snapshot) -> None:
    who = (at_least(PV, 2),)
    for index in TREES:
        counts = [
            PeopleFigure("two levels", Scope.DOWNLINE, who, index, levels=2),
            PeopleFigure("downline", Scope.DOWNLINE, who, index),
            PeopleFigure("legs", Scope.LEGS, who, index),
        ]
        plan = ranked(
            NEVER, *counts, after=counts, trees=[tree("binary", TreeKind.BINARY, 2)],
            rank_trees=(index,),
        )  # fmt: skip

        result = calculate_run(period, plan)

        seen = Seen.of(period, index)
        expected = [people(seen, row) for row in range(len(period.member))]
        for at in range(len(counts)):
            slow = [each[at] for each in expected]
            assert figure(result, FIRST + at) == slow
            assert figure(result, FIRST + len(counts) + at) == slow


@given(periods(), st.booleans(), st.integers(0, 6))
def test_limits_are_what_the_slow_way_says(period: Snapshot, own_too: bool, most: int) -> None:  # noqa: FBT001 # hypothesis gives it by place
    for index in TREES:
        plan = ranked(
            NEVER, LimitedFigure("limited", FIRST, most, own_too),
            before=[GroupFigure("group", PV, Scope.SELF_AND_DOWNLINE, index)],
            trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(index,),
        )  # fmt: skip

        result = calculate_run(period, plan)

        seen = Seen.of(period, index)
        group = {row: sum(seen.pv[at] for at in inside)
                 for row, inside in downlines(seen.parent).items()}  # fmt: skip
        for row in range(len(period.member)):
            legs = [group[head] for head in below(seen.parent, row, seen.leads)]
            own = group[row] - sum(legs)
            expected = sum(min(leg, most) for leg in legs) + (min(own, most) if own_too else own)
            assert figure(result, FIRST + 1)[row] == expected


def legs_of(period: Snapshot, head: int, leg: int) -> set[int]:
    """Return who sits in a leg of somebody's in the binary tree."""
    placement = period.placements["binary"]
    group = downlines(np.maximum(placement.parent, -1).tolist())
    heads = [
        row for row in range(len(period.member))
        if placement.parent[row] == head and placement.leg[row] == leg
    ]  # fmt: skip
    return {at for top in heads for at in group[top]}


@given(periods(), st.sampled_from([1, 2]))
def test_enrolled_people_in_a_leg_are_counted_as_the_slow_way_does(
    period: Snapshot, leg: int
) -> None:
    count = PeopleFigure(
        "", Scope.FRONTLINE, (at_least(PV, 2),), ENROLLER, leg_tree=BINARY, leg=leg
    )
    plan = ranked(NEVER, count, trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(ENROLLER,))

    result: RunResult = calculate_run(period, plan)

    seen = Seen.of(period, ENROLLER)
    for row in range(len(period.member)):
        frontline = below(seen.parent, row, seen.leads)
        inside = legs_of(period, row, leg)
        expected = sum(seen.good[at] for at in frontline if at in inside)
        assert figure(result)[row] == expected
