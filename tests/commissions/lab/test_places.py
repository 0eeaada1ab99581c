"""Placement trees: places that are given, and places that the lab finds."""

from pathlib import Path

import numpy as np
import pytest

from commissions.engine.plan import TreeKind, TreeRule
from commissions.engine.snapshot import NOT_IN_TREE, Placement
from commissions.lab.filling import fill_breadth_first
from tests.commissions.lab.files import PLAN, SALES, Lab

BINARY = """
[tree.binary]
kind = "binary"

[volume]
LEFT  = "PV of the left leg in binary"
RIGHT = "PV of the right leg in binary"
"""
MATRIX = """
[tree.matrix]
kind  = "matrix"
width = 3
fill  = "breadth-first"

[volume]
FIRST = "PV of level 1 in matrix"
NEXT  = "PV of level 2 in matrix"
"""


def sold(*members: str) -> str:
    return SALES + "".join(f"s-{member},{member},2026-01-05,,,10,0\n" for member in members)


def test_legs_are_named_or_numbered_and_a_parent_may_join_later(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at,binary.parent,binary.leg\n"
        "alice,,distributor,2025-01-01,alice,\n"
        "bob,alice,distributor,2025-02-01,dora,1\n"
        "carl,alice,distributor,2025-03-01,alice,right\n"
        "dora,alice,distributor,2025-12-01,alice,left\n"
        "emil,alice,distributor,2025-03-01,,\n"
    )

    out = Lab(tmp_path, PLAN + BINARY, members).run(sold("bob", "carl", "emil"))

    assert out.standing("alice")["LEFT"] == "10.00"
    assert out.standing("alice")["RIGHT"] == "10.00"
    assert out.standing("dora")["LEFT"] == "10.00"


def test_a_free_tree_has_parents_and_no_legs(tmp_path: Path) -> None:
    plan = PLAN + '[tree.mentor]\nkind = "free"\n[volume]\nBELOW = "PV of downline in mentor"\n'
    members = (
        "id,sponsor,role,joined_at,mentor.parent\n"
        "alice,,distributor,2025-01-01,bob\n"
        "bob,,distributor,2025-01-01,bob\n"
        "carl,,distributor,2025-01-01,alice\n"
    )

    out = Lab(tmp_path, plan, members).run(sold("carl"))

    assert [row["BELOW"] for row in out.rows("standings")] == ["10.00", "10.00", "0.00"]


def test_places_are_found_level_by_level_in_the_order_of_joining(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at,matrix.parent,matrix.leg\n"
        "late,alice,distributor,2025-09-01,,\n"
        "alice,,distributor,2025-01-01,,\n"
        "bob,alice,distributor,2025-02-01,,\n"
        "carl,alice,distributor,2025-02-02,,\n"
        "dora,bob,distributor,2025-02-03,,\n"
        "emil,alice,distributor,2025-02-04,,\n"
    )

    out = Lab(tmp_path, PLAN + MATRIX, members).run(sold("late", "emil", "dora"))

    alice = out.standing("alice")
    assert (alice["FIRST"], alice["NEXT"]) == ("10.00", "20.00")  # emil; dora and late below bob
    assert out.standing("bob")["FIRST"] == "20.00"


def test_the_columns_of_a_tree_that_finds_places_may_be_missing(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at\nalice,,distributor,2025-01-01\n"
        "ann,alice,customer,2025-01-01\nbob,ann,distributor,2025-02-01\n"
    )

    out = Lab(tmp_path, PLAN + MATRIX, members).run(sold("bob"))

    assert out.standing("alice")["FIRST"] == "10.00"


def test_who_was_introduced_by_somebody_without_a_place_comes_below_the_first_top(
    tmp_path: Path,
) -> None:
    members = (
        "id,sponsor,role,joined_at,matrix.parent,matrix.leg\n"
        "zoe,,distributor,2025-06-01,zoe,\n"
        "alice,,distributor,2025-01-01,,\n"
        "carl,bob,distributor,2025-01-02,,\n"
        "bob,,distributor,2025-03-01,,\n"
    )

    out = Lab(tmp_path, PLAN + MATRIX, members).run(sold("alice", "carl", "bob"))

    assert out.standing("zoe")["FIRST"] == "30.00"


def test_given_places_stay_and_the_rest_is_filled_around_them(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at,matrix.parent,matrix.leg\n"
        "alice,,distributor,2025-01-01,alice,\n"
        "bob,alice,distributor,2025-01-02,alice,2\n"
        "carl,bob,distributor,2025-01-03,,\n"
        "dora,alice,distributor,2025-01-04,,\n"
        "emil,alice,distributor,2025-01-05,,\n"
        "fred,alice,distributor,2025-01-06,,\n"
    )

    out = Lab(tmp_path, PLAN + MATRIX, members).run(sold("dora", "emil", "fred", "carl"))

    alice = out.standing("alice")
    assert (alice["FIRST"], alice["NEXT"]) == ("20.00", "20.00")  # fred is below dora, in leg 1
    assert out.standing("dora")["FIRST"] == "10.00"


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("enrols", ["the top", "the one before", "anybody"])
def test_a_hundred_thousand_places_are_found_without_scanning(width: int, enrols: str) -> None:
    size = 100_000
    rng = np.random.default_rng(5)
    above = {
        "the top": np.zeros(size, np.int64),
        "the one before": np.arange(size) - 1,
        "anybody": rng.integers(0, np.maximum(np.arange(size), 1)),
    }[enrols]
    enroller = np.where(np.arange(size) == 0, -1, above).astype(np.int32)
    rule = TreeRule("matrix", TreeKind.MATRIX, width=width, finds_places=True)
    nobody = Placement(np.full(size, NOT_IN_TREE, np.int32), np.zeros(size, np.int32))

    found = fill_breadth_first(nobody, rule, enroller, np.arange(size))

    places = found.parent.astype(np.int64) * (width + 1) + found.leg
    assert len(np.unique(places)) == size
    assert (found.parent[1:] < np.arange(1, size)).all()
    if enrols == "the top" and width > 1:
        assert (found.parent[1:] == np.arange(size - 1) // width).all()


def test_a_small_matrix_is_filled_as_by_looking_at_every_place() -> None:
    rng = np.random.default_rng(7)
    for _ in range(200):
        size, width = int(rng.integers(1, 14)), int(rng.integers(1, 4))
        enroller = np.array([-1] + [int(rng.integers(-1, row)) for row in range(1, size)], np.int32)
        rule = TreeRule("matrix", TreeKind.MATRIX, width=width, finds_places=True)
        nobody = Placement(np.full(size, NOT_IN_TREE, np.int32), np.zeros(size, np.int32))

        found = fill_breadth_first(nobody, rule, enroller, np.zeros(size, np.int64))

        assert list(zip(found.parent, found.leg, strict=True)) == by_looking(enroller, width)


def by_looking(enroller: np.ndarray, width: int) -> list[tuple[int, int]]:
    """Return parents and legs, found level by level from the enroller each time."""
    places: list[tuple[int, int]] = [(-1, 0)]
    for row in range(1, len(enroller)):
        level = [max(int(enroller[row]), 0)]
        while True:
            free = [
                (person, leg)
                for person in level
                for leg in range(1, width + 1)
                if (person, leg) not in places
            ]
            if free:
                places.append(free[0])
                break
            level = [places.index((person, leg)) for person in level for leg in range(1, width + 1)]
    return places
