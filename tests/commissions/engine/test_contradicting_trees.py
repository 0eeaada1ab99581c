"""Trees that contradict each other: who is worked out when, and who is then seen by whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from commissions.engine import RunResult, calculate_run
from commissions.engine.bottom_up.order import bottom_first
from commissions.engine.plan import SPONSOR, PeopleFigure, Scope, TreeKind
from tests.commissions.engine.plans import (
    BINARY,
    PV,
    at_least,
    build_period,
    has_rank,
    placed,
    tree,
)
from tests.commissions.engine.ranked import FIRST, figure, paid_as, ranked, ranks_with

ALICE, BOB, CARL = 1, 2, 3
SPONSORS = [0, ALICE, BOB]
"""Alice > Bob > Carl; in the binary tree Alice > Carl > Bob."""
PLACES = {"binary": placed([0, CARL, ALICE], [0, 1, 1])}
BRONZE = (has_rank(1),)


def run(*figures: Any, trees: tuple[int, ...] = (SPONSOR, BINARY), **others: Any) -> RunResult:
    """Return a period in which everybody has a point, which makes Bronze."""
    plan = ranked(
        ranks_with(at_least(PV, 100)), *figures, trees=[tree("binary", TreeKind.BINARY, 2)],
        rank_trees=trees, **others,
    )  # fmt: skip
    sales = [(member, 0, 100) for member in (ALICE, BOB, CARL)]
    return calculate_run(build_period(SPONSORS, sales, placements=PLACES), plan)


def test_the_last_of_the_sponsor_tree_comes_first_where_nobody_is_without_others_below() -> None:
    result = run()

    order = bottom_first(result.ground, (SPONSOR, BINARY))
    assert result.member[order].tolist() == [CARL, BOB, ALICE]


def test_who_is_worked_out_after_who_is_directly_above_is_seen_by_nobody_there() -> None:
    """In the binary tree Bob comes after Carl, who is above him: Carl and Alice see no Bob."""
    in_sponsor = PeopleFigure("sponsor", Scope.DOWNLINE, BRONZE)
    in_binary = PeopleFigure("binary", Scope.DOWNLINE, BRONZE, BINARY)

    result = run(in_sponsor, in_binary)

    assert figure(result) == [2, 1, 0]
    assert figure(result, FIRST + 1) == [1, 0, 0]
    assert paid_as(result) == [1, 1, 1]


def test_one_tree_by_itself_contradicts_nobody() -> None:
    result = run(PeopleFigure("binary", Scope.DOWNLINE, BRONZE, BINARY), trees=(BINARY,))

    assert figure(result) == [2, 0, 1]


def test_what_is_counted_when_ranks_are_known_sees_everybody() -> None:
    result = run(after=[PeopleFigure("binary", Scope.DOWNLINE, BRONZE, BINARY)])

    assert figure(result) == [2, 0, 1]


def test_as_far_as_there_is_such_an_order_everybody_comes_after_those_below() -> None:
    """Dora > Eve agrees in both trees; only Alice, Bob and Carl go round in a circle."""
    plan = ranked(
        ranks_with(at_least(PV, 100)), trees=[tree("binary", TreeKind.BINARY, 2)],
        rank_trees=(SPONSOR, BINARY),
    )  # fmt: skip
    period = build_period(
        [0, ALICE, BOB, 0, 4],
        placements={"binary": placed([0, CARL, ALICE, BOB, 4], [0, 1, 1, 1, 2])},
    )
    result = calculate_run(period, plan)

    order = result.member[bottom_first(result.ground, (SPONSOR, BINARY))].tolist()

    assert order == [5, 4, CARL, BOB, ALICE]


def test_a_large_network_of_opposite_chains_is_put_in_order() -> None:
    """The binary tree is the sponsor tree upside down: nobody comes after all below."""
    size = 100_000
    period = build_period(
        list(range(size)),
        placements={"binary": placed([*range(2, size + 1), 0], [1] * (size - 1) + [0])},
    )
    plan = ranked(
        ranks_with(at_least(PV, 100)), trees=[tree("binary", TreeKind.BINARY, 2)],
        rank_trees=(SPONSOR, BINARY),
    )  # fmt: skip

    result = calculate_run(period, plan)

    order = bottom_first(result.ground, (SPONSOR, BINARY))
    assert np.array_equal(order, np.arange(size)[::-1])
