"""People counted with the ranks: of the frontline, the downline, legs, and another tree's leg.

Alice > Bob, Carl; Bob > Dora, Eve; Dora > Finn.
"""

from __future__ import annotations

import pytest

from commissions.engine import Flag
from commissions.engine.plan import (
    ENROLLER,
    Asks,
    PeopleFigure,
    Requirement,
    Requirements,
    Scope,
    Term,
    TreeKind,
)
from tests.commissions.engine.cast import ALICE, BOB, BRONZE, CARL, SILVER, TERMINATED
from tests.commissions.engine.plans import (
    BINARY,
    GV,
    PV,
    at_least,
    has_rank,
    placed,
    state,
    tree,
)
from tests.commissions.engine.ranked import NEVER, figure, ranked, run_of

BRONZES = (has_rank(BRONZE),)
ALL_BRONZE = [0, *[BRONZE] * 5]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (PeopleFigure("", Scope.FRONTLINE, BRONZES), [2, 2, 0, 1, 0, 0]),
        (PeopleFigure("", Scope.DOWNLINE, BRONZES), [5, 3, 0, 1, 0, 0]),
        (PeopleFigure("", Scope.DOWNLINE, BRONZES, levels=1), [2, 2, 0, 1, 0, 0]),
        (PeopleFigure("", Scope.DOWNLINE, BRONZES, levels=2), [4, 3, 0, 1, 0, 0]),
        (PeopleFigure("", Scope.LEGS, BRONZES), [2, 2, 0, 1, 0, 0]),
    ],
)
def test_people_are_counted(count: PeopleFigure, expected: list[int]) -> None:
    assert figure(run_of(ranked(NEVER, count), [0] * 6, rank_override=ALL_BRONZE)) == expected


@pytest.mark.parametrize(
    ("count", "alice"),
    [
        # Bob is terminated: Dora, Eve and Carl are Alice's frontline, and her first level
        (PeopleFigure("", Scope.FRONTLINE, BRONZES), 3),
        (PeopleFigure("", Scope.DOWNLINE, BRONZES, levels=1), 3),
        (PeopleFigure("", Scope.LEGS, BRONZES), 3),
        # In the whole downline everybody counts, whatever the state
        (PeopleFigure("", Scope.DOWNLINE, BRONZES), 5),
    ],
)
def test_who_is_terminated_has_the_own_frontline_in_the_place(
    count: PeopleFigure, alice: int
) -> None:
    flags = [int(Flag.ALL), int(TERMINATED), *[int(Flag.ALL)] * 4]

    result = run_of(ranked(NEVER, count), [0] * 6, rank_override=ALL_BRONZE, flags=flags)

    assert figure(result)[0] == alice


def test_a_leg_has_somebody_however_deep() -> None:
    """Only Finn is Bronze: one leg of Alice, of Bob and of Dora has him."""
    result = run_of(
        ranked(NEVER, PeopleFigure("", Scope.LEGS, BRONZES)), [0] * 6,
        rank_override=[0, 0, 0, 0, 0, BRONZE],
    )  # fmt: skip

    assert figure(result) == [1, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("who", "alice"),
    [
        ((at_least(PV, 200),), 3),
        ((Requirement("", (Term(Asks.RANK), Term(Asks.AT_LEAST, PV, 200)), (0, 1, -1)),), 1),
        ((has_rank(BRONZE), at_least(PV, 200)), 1),
        ((Requirement("", (Term(Asks.TITLE, need=SILVER),)),), 1),
        ((Requirement("", (Term(Asks.WAS, need=SILVER),)),), 2),
        ((Requirement("", (Term(Asks.BELOW, PV, 200),)),), 2),
        ((Requirement("", (Term(Asks.SHARE, PV, GV, 1_000_000),)),), 3),
    ],
)
def test_a_condition_may_ask_anything_of_somebody(who: Requirements, alice: int) -> None:
    """Of the downline: Bob and Dora are Bronze; all PV but Bob's 3 and Carl's and Dora's are small.

    All that Carl, Eve and Finn have is their own. Carl's title is Silver; Eve and Finn were Silver.
    """
    plan = ranked(NEVER, PeopleFigure("", Scope.DOWNLINE, who))

    result = run_of(
        plan, [0, 3, 2, 1, 1, 4], rank_override=[0, BRONZE, 0, BRONZE, 0, 0],
        carried=state(
            ("rank.highest", CARL, -1, SILVER), ("rank.paid_as", 5, -1, SILVER),
            ("rank.paid_as", 6, -1, SILVER),
        ),
    )  # fmt: skip

    assert figure(result)[0] == alice


@pytest.mark.parametrize(("leg", "expected"), [(1, [2, 0, 0, 0, 0, 0]), (2, [2, 0, 1, 0, 0, 0])])
def test_enrolled_people_are_counted_in_a_leg_of_another_tree(
    leg: int, expected: list[int]
) -> None:
    """Binary: Alice > Bob, Carl; Bob > Dora; Carl > Eve (left), Gina has no place.

    Alice enrolled all but Finn, whom Carl did, and who sits to Carl's right.
    """
    count = PeopleFigure("", Scope.FRONTLINE, BRONZES, ENROLLER, leg_tree=BINARY, leg=leg)
    plan = ranked(NEVER, count, trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(ENROLLER,))

    result = run_of(
        plan, [0] * 6, rank_override=ALL_BRONZE, enroller=[-1, 0, 0, 0, 0, 2],
        placements={"binary": placed([0, ALICE, ALICE, BOB, CARL, CARL], [0, 1, 2, 1, 1, 2])},
    )  # fmt: skip

    assert figure(result) == expected


def test_who_has_no_place_is_in_neither_leg() -> None:
    count = PeopleFigure("", Scope.FRONTLINE, BRONZES, ENROLLER, leg_tree=BINARY, leg=1)
    plan = ranked(NEVER, count, trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(ENROLLER,))

    result = run_of(
        plan, [0] * 6, rank_override=ALL_BRONZE, enroller=[-1, 0, 0, 0, 0, 0],
        placements={"binary": placed([0, ALICE, ALICE, -1, -1, -1], [0, 1, 2, 0, 0, 0])},
    )  # fmt: skip

    assert figure(result)[0] == 1


def test_an_enrolled_one_in_the_place_of_the_terminated_enroller_is_counted_there() -> None:
    """Bob enrolled Dora and is terminated: she is enrolled by Alice then, in her left leg."""
    count = PeopleFigure("", Scope.FRONTLINE, BRONZES, ENROLLER, leg_tree=BINARY, leg=1)
    plan = ranked(NEVER, count, trees=[tree("binary", TreeKind.BINARY, 2)], rank_trees=(ENROLLER,))

    result = run_of(
        plan, [0] * 6, rank_override=ALL_BRONZE, enroller=[-1, 0, 0, 1, 0, 0],
        flags=[int(Flag.ALL), int(TERMINATED), *[int(Flag.ALL)] * 4],
        placements={"binary": placed([0, ALICE, ALICE, BOB, CARL, CARL], [0, 1, 2, 1, 1, 2])},
    )  # fmt: skip

    assert figure(result)[0] == 1
