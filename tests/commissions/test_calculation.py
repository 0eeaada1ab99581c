"""The bridge to the engine: look-ups in tables, and lines in parts."""

from __future__ import annotations

import numpy as np
import pytest

from commissions import lines as run_lines
from commissions import snapshots
from commissions.engine import Snapshot, calculate_run, make_snapshot
from commissions.plan import read_plan
from mlm.errors import InvariantBroken
from tests.factories import PLAN


def ten_in_a_chain() -> Snapshot:
    """Return ten distributors, each of whom buys and serves a customer twice."""
    return make_snapshot(
        member=range(100, 110), sponsor=range(-1, 9), sale=range(1, 31),
        seller=[*range(10)] * 3, own=[True] * 10 + [False] * 20,
        customer=[-1] * 10 + [7] * 20,
        columns={"pv": [10000] * 30, "cv": [10000] * 30},
    )  # fmt: skip


@pytest.mark.parametrize("ids", [[5, 6, 7, 9], [5, 10**6, 10**12]], ids=["dense", "far apart"])
def test_ids_are_found_whether_dense_or_far_apart(ids: list[int]) -> None:
    known = np.array(ids)

    assert snapshots.places(known, known[::-1], "member").tolist() == [*range(len(ids))][::-1]


@pytest.mark.parametrize("stranger", [4, 8, 10, 10**13, -1])
@pytest.mark.parametrize("ids", [[5, 6, 7, 9], [5, 10**6, 10**12]], ids=["dense", "far apart"])
def test_strangers_are_refused_whether_ids_are_dense_or_far_apart(
    ids: list[int], stranger: int
) -> None:
    with pytest.raises(InvariantBroken, match=f"member {stranger} is not in the network"):
        snapshots.places(np.array(ids), np.array([5, stranger]), "member")


def test_nobody_is_looked_up_in_an_empty_network() -> None:
    empty = np.empty(0, dtype=np.int64)

    assert snapshots.places(empty, empty, "member").tolist() == []
    with pytest.raises(InvariantBroken, match="member 7"):
        snapshots.places(empty, np.array([7]), "member")


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 7, 10**6])
def test_parts_of_lines_cover_every_row_once_whatever_their_size(
    at_a_time: int,
) -> None:
    result = calculate_run(ten_in_a_chain(), read_plan(PLAN))

    parts = list(run_lines._parts(result, at_a_time))

    assert [row for part in parts for row in part] == list(range(10))
    lines = dict.fromkeys(range(10), 0)
    for earner, count in zip(result.earnings.earner, result.earnings.lines, strict=True):
        lines[int(earner)] += int(count)
    assert result.earnings.lines.sum() > 7
    assert all(len(part) == 1 or sum(lines[row] for row in part) <= at_a_time for part in parts)
