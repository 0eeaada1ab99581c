"""Weighted levels: points that people on certain levels bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from commissions.engine import Flag, RunResult, calculate_run
from commissions.engine.plan import ENROLLER, PEOPLE, LevelsFigure
from tests.commissions.engine.cast import ALICE, BOB, CARL, DORA, LAPSED
from tests.commissions.engine.plans import PV, Sale, at_least, build_period
from tests.commissions.engine.ranked import NEVER, figure, ranked

ALL = int(Flag.ALL)
FOUR = [(ALICE, 0, 100), (BOB, 0, 200), (CARL, 0, 300), (DORA, 0, 400)]


def run(levels: LevelsFigure, sales: Sequence[Sale], **period: Any) -> RunResult:
    """Return what weighted levels come to, in the line of four."""
    return calculate_run(build_period(LINE, sales, **period), ranked(NEVER, after=[levels]))


LINE = [0, ALICE, BOB, CARL]
"""Alice > Bob > Carl > Dora, with 1, 2, 3 and 4 points."""


def weighted(*weights: int, **others: Any) -> list[int]:
    period = {key: others.pop(key) for key in ("flags", "enroller") if key in others}
    given: dict[str, Any] = {
        "of": PV, "self_weight": 0, "who": (), "skips": False, "weights": weights
    } | others  # fmt: skip
    return figure(run(LevelsFigure("W", **given), FOUR, **period))


def test_people_on_levels_bring_a_part_of_their_figures() -> None:
    """10 % of level 1 and 50 % of level 2."""
    assert weighted(100_000, 500_000) == [20 + 150, 30 + 200, 40, 0]


def test_the_own_figure_counts_with_a_weight_of_its_own() -> None:
    assert weighted(0, self_weight=60_000) == [6, 12, 18, 24]


def test_people_themselves_count_with_points() -> None:
    assert weighted(500, 300, of=PEOPLE, self_weight=100) == [900, 900, 600, 100]


CARL_HAS_LITTLE = [(ALICE, 0, 300), (BOB, 0, 200), (CARL, 0, 100), (DORA, 0, 400)]


@pytest.mark.parametrize(
    ("skips", "expected"),
    [
        # Of Dora's 400 Carl has 10 % and Bob 50 %; of Bob's 200 Alice has 10 %
        (False, [20, 200, 40, 0]),
        # Carl is looked through: Bob has 10 % and Alice 50 %
        (True, [20 + 200, 40, 0, 0]),
    ],
)
def test_who_does_not_count_brings_nothing_and_uses_a_level_up_or_none(
    *, skips: bool, expected: list[int]
) -> None:
    levels = LevelsFigure("W", PV, 1_000_000, (100_000, 500_000), (at_least(PV, 200),), skips)
    own = [300, 200, 0, 400]

    result = run(levels, CARL_HAS_LITTLE)

    assert figure(result) == [a + b for a, b in zip(expected, own, strict=True)]


def test_who_occupies_no_level_is_on_none_and_uses_none_up() -> None:
    """Carl is lapsed: his 300 count on nobody's level, and Dora is Bob's level 1."""
    flags = [ALL, ALL, int(LAPSED), ALL]

    assert weighted(100_000, 500_000, flags=flags) == [20 + 200, 40, 0, 0]


def test_levels_are_those_of_the_tree() -> None:
    assert weighted(100_000, tree=ENROLLER, enroller=[-1, 0, 0, 0]) == [90, 0, 0, 0]


def test_each_persons_part_is_rounded_by_itself() -> None:
    """A fifth of 3 is 1, twice; of 6 it would be 1."""
    levels = LevelsFigure("W", PV, 0, (200_000, 200_000), (), skips=False)

    assert figure(run(levels, [(BOB, 0, 3), (CARL, 0, 3)]))[0] == 2
