"""Trees besides the sponsor tree: in an order of their own, with holes, and made of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import BadNetwork, Plan, RunResult, calculate_run, make_snapshot
from commissions.engine.frames import Frame
from commissions.engine.plan import (
    ENROLLER,
    SPONSOR,
    Compression,
    TreeKind,
    TreeRule,
    UnilevelRule,
)
from commissions.engine.snapshot import NOT_IN_TREE, Placement
from tests.commissions.engine.cast import (
    ALICE,
    BOB,
    CARL,
    DORA,
    EVE,
    FINN,
    GINA,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.networks import chain, downlines, networks, places, sponsors, star
from tests.commissions.engine.plans import BINARY, CV, build_plan, placed, rates, tree

PASSED = 2
"""The place of the first tree that a test adds."""


def parents(result: RunResult, index: int) -> dict[int, int]:
    """Return everybody's parent in a tree by numbers, 0 at a top."""
    frame, numbers = result.ground.frame(index), np.append(result.member, 0)
    above = numbers[frame.parent].tolist()
    return dict(sorted(zip(result.member.tolist(), above, strict=True)))


def passing(first: int, of: int = SPONSOR, *more: TreeRule) -> Plan:
    rule = TreeRule("passed", TreeKind.PASS_UP, of=of, first=first)
    return build_plan(trees=[*more, rule])


def made(plan: Plan, sponsor: Sequence[int], index: int = PASSED, **others: Any) -> dict[int, int]:
    """Return the parents in a tree of a plan over a network without sales."""
    snapshot = make_snapshot(
        member=np.arange(1, len(sponsor) + 1), sponsor=[at - 1 for at in sponsor],
        columns={"pv": [], "cv": []}, **others,
    )  # fmt: skip
    return parents(calculate_run(snapshot, plan), index)


def test_the_first_one_of_everybody_goes_to_their_own_parent() -> None:
    """Alice > Bob, Carl; Bob > Dora, Eve. Dora is Bob's first and goes to Alice.

    Bob is Alice's first, but nobody is above her.
    """
    found = made(passing(1), [0, ALICE, ALICE, BOB, BOB])

    assert found == {ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: ALICE, EVE: BOB}


def test_who_was_passed_up_passes_the_own_first_ones_to_who_received_them() -> None:
    """Alice > Bob > Carl > Dora > Eve, each the first of the one above: all end under Alice."""
    found = made(passing(1), [0, ALICE, BOB, CARL, DORA])

    assert found == {ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: ALICE, EVE: ALICE}


def test_so_many_are_passed_up_in_the_order_of_joining() -> None:
    """Bob's people joined in the order Finn, Eve, Dora, Carl: two are passed up."""
    found = made(passing(2), [0, ALICE, BOB, BOB, BOB, BOB], joined=[0, 0, 9, 8, 7, 6])

    assert found == {ALICE: 0, BOB: ALICE, CARL: BOB, DORA: BOB, EVE: ALICE, FINN: ALICE}


def test_who_joined_at_once_is_in_the_order_of_numbers() -> None:
    found = made(passing(1), [0, ALICE, BOB, BOB], joined=[0, 0, 5, 5])

    assert found == {ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: BOB}


def test_a_pass_up_tree_may_be_made_of_another_tree() -> None:
    """In the enroller tree Alice > Dora > Carl, and Bob is below Alice."""
    found = made(passing(1, ENROLLER), [0, ALICE, BOB, CARL], enroller=[-1, 0, 3, 0])

    assert found == {ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: ALICE}


def test_a_pass_up_tree_may_be_made_of_a_pass_up_tree() -> None:
    """Alice > Bob > Carl, Dora; Carl is passed to Alice. Then Bob's first left is Dora."""
    once = TreeRule("once", TreeKind.PASS_UP, of=SPONSOR, first=1)

    found = made(passing(1, 2, once), [0, ALICE, BOB, BOB], index=3)

    assert found == {ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: ALICE}


def test_of_a_placement_tree_with_holes_who_is_not_there_meets_nobody() -> None:
    """Carl has no place; Dora hangs under Bob, who hangs under Eve, who joined last."""
    rule = UnilevelRule(
        name="U", pays_on=CV, tree=BINARY, compression=Compression.NONE,
        rates=rates(100_000, 50_000),
    )  # fmt: skip
    plan = plan_of(rule, trees=[tree("binary", TreeKind.FREE)])
    places = {"binary": placed([0, EVE, -1, BOB, ALICE], [0, 0, 0, 0, 0])}

    result = run(
        plan, [0, ALICE, BOB, CARL, DORA], [(CARL, 0, 10), (DORA, 0, 10)], placements=places
    )

    assert parents(result, BINARY) == {ALICE: 0, BOB: EVE, CARL: 0, DORA: BOB, EVE: ALICE}
    assert told(result) == ["bob <- 2 level 1 10%: 1.00", "eve <- 2 level 2 5%: 0.50"]
    frame = result.ground.frame(BINARY)
    assert frame.inside is not None
    assert dict(zip(result.member.tolist(), frame.inside.tolist(), strict=True)) == {
        ALICE: True, BOB: True, CARL: False, DORA: True, EVE: True,
    }  # fmt: skip


def test_two_tops_and_nobody_in_a_tree_are_trees_too() -> None:
    free = build_plan(trees=[tree("free", TreeKind.FREE)])
    nobody = Placement(np.full(3, NOT_IN_TREE, np.int32), np.zeros(3, np.int32))

    assert made(free, [0, 1, 1], placements={"free": placed([0, 0, 1], [0, 0, 0])}) == {
        ALICE: 0, BOB: 0, CARL: ALICE,
    }  # fmt: skip
    assert made(free, [0, 1, 1], placements={"free": nobody}) == {ALICE: 0, BOB: 0, CARL: 0}


def test_a_tree_that_goes_round_in_a_circle_is_refused() -> None:
    with pytest.raises(BadNetwork, match="in the tree enroller"):
        made(build_plan(), [0, 1, 1], index=ENROLLER, enroller=[1, 0, 0])


@given(
    networks.flatmap(
        lambda above: st.tuples(st.just(above), sponsors(len(above)), places(len(above)))
    )
)
def test_every_tree_is_in_an_order_of_parents_first_and_downlines_together(
    drawn: tuple[list[int], list[int], tuple[list[int], list[int]]],
) -> None:
    above, enroller, (parent, leg) = drawn
    plan = build_plan(
        trees=[
            tree("binary", TreeKind.BINARY, 2),
            TreeRule("up", TreeKind.PASS_UP, of=BINARY, first=1),
        ]
    )
    snapshot = make_snapshot(
        member=np.arange(len(above)), sponsor=above, enroller=enroller,
        columns={"pv": [], "cv": []},
        placements={"binary": Placement(np.array(parent, np.int32), np.array(leg, np.int32))},
    )  # fmt: skip
    ground = calculate_run(snapshot, plan).ground

    for index in range(4):
        frame: Frame = ground.frame(index)
        ordered = frame.ordered_parent
        assert (ordered < np.arange(len(above))).all()
        group = downlines(ordered.tolist())
        assert all(inside == set(range(row, row + len(inside))) for row, inside in group.items())
        back = frame.back(frame.there(np.arange(len(above))))
        assert back.tolist() == list(range(len(above)))


@pytest.mark.parametrize("shape", [chain, star])
def test_a_large_tree_is_passed_up(shape: Any) -> None:
    """Of a chain everybody ends below the top; of a star nobody moves."""
    sponsor = shape()
    snapshot = make_snapshot(
        member=np.arange(len(sponsor)), sponsor=sponsor, columns={"pv": [], "cv": []}
    )

    frame = calculate_run(snapshot, passing(1)).ground.frame(PASSED)

    assert frame.parent[0] == -1
    assert not frame.parent[1:].any()


def test_the_parent_of_who_is_passed_up_is_the_receivers_not_the_trees() -> None:
    """Alice > Bob > Carl, Dora; Carl > Eve, Finn. Carl goes to Alice, so Eve does, too."""
    found = made(passing(1), [0, ALICE, BOB, BOB, CARL, CARL, DORA])

    assert found == {
        ALICE: 0, BOB: ALICE, CARL: ALICE, DORA: BOB, EVE: ALICE, FINN: CARL, GINA: BOB,
    }  # fmt: skip
