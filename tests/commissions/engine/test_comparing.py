"""Whoever has other figures than before is named, in drawn plans over the whole language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commissions.engine import (
    RunResult,
    Snapshot,
    calculate_run,
    make_snapshot,
    rows_that_differ,
)
from commissions.engine.warm_plans import small_plan
from tests.commissions.engine.drawn import Drawn, drawn_runs

SUMS = ("bonus", "level", "rate_ppm", "base", "amount", "lines")
RANKS = ("active", "qualified", "paid_as", "title", "highest", "before")


def figures_of(result: RunResult) -> list[tuple[list[object], ...]]:
    """Return all that is known of each network row: its standing, its earnings, its state."""
    standings, earnings, carried = result.standings, result.earnings, result.carried
    columns = [*standings.figures, *(getattr(standings, name) for name in RANKS)]
    found: list[tuple[list[object], ...]] = [
        ([column[row].item() for column in columns], [], []) for row in range(len(result.member))
    ]
    for place, row in enumerate(earnings.earner.tolist()):
        found[row][1].append([getattr(earnings, name)[place].item() for name in SUMS])
    for place, member in enumerate(carried.row.tolist()):
        left = [carried.names[carried.key[place]], carried.age[place], carried.value[place]]
        found[result.network.row[member]][2].append(left)
    return found


def with_other_sales(run: Drawn) -> Snapshot:
    """Return the run's snapshot with half of all volumes for every third sale."""
    snapshot = run.snapshot
    columns = {name: values.copy() for name, values in snapshot.columns.items()}
    for values in columns.values():
        values[::3] //= 2
    return replace(snapshot, columns=columns)


def test_everybody_with_other_figures_is_named_and_nobody_else() -> None:
    named = 0
    for run in drawn_runs():
        before = run.result
        now = calculate_run(with_other_sales(run), before.ground.plan, before.network)

        found = rows_that_differ(before, now)

        if before.carried.names == now.carried.names:
            pairs = zip(figures_of(before), figures_of(now), strict=True)
            differing = [row for row, (old, new) in enumerate(pairs) if old != new]
            assert found is not None
            assert found.now.tolist() == found.before.tolist() == differing, run.name
            named += len(differing)
    assert named > 500


def test_nobody_is_named_when_the_same_is_calculated_again() -> None:
    for run in drawn_runs()[:20]:
        again = calculate_run(run.snapshot, run.result.ground.plan, run.result.network)

        found = rows_that_differ(run.result, again)
        assert found is not None
        assert not len(found.now), run.name


def month(members: list[int], sponsors: list[int], sellers: list[int]) -> RunResult:
    """Return a small plan's month in which these rows each bought once."""
    snapshot = make_snapshot(
        member=members,
        sponsor=sponsors,
        sale=list(range(len(sellers))),
        seller=sellers,
        own=[True] * len(sellers),
        columns={name: [10_000] * len(sellers) for name in small_plan().columns},
    )
    return calculate_run(snapshot, small_plan())


def test_newcomers_are_named_with_those_whose_figures_they_change() -> None:
    before = month([1, 3, 4, 6], [-1, 0, 0, 1], [0, 1, 2, 3])
    now = month([1, 2, 3, 4, 5, 6, 7], [-1, 0, 0, 0, 2, 2, 3], [0, 2, 3, 5, 6])

    found = rows_that_differ(before, now)

    assert found is not None
    named = now.member[found.now].tolist()
    assert named[:1] + sorted(named[1:]) == [1, 2, 4, 5, 7]
    assert before.member[found.before].tolist() == [1, 4]


@pytest.mark.parametrize(
    ("members", "sponsors"),
    [
        ([1, 3, 4, 6], [-1, 0, 1, 1]),  # one moved
        ([1, 3, 4, 5, 6], [-1, 0, 0, 1, 3]),  # a newcomer came in between
        ([1, 3, 4], [-1, 0, 0]),  # one is gone
    ],
)
def test_networks_in_which_somebody_has_others_above_are_not_compared(
    members: list[int], sponsors: list[int]
) -> None:
    before = month([1, 3, 4, 6], [-1, 0, 0, 1], [0, 1])

    assert rows_that_differ(before, month(members, sponsors, [0, 1])) is None


def test_runs_of_two_plans_are_refused() -> None:
    run = drawn_runs()[0]
    plan = replace(run.result.ground.plan, text_digest="another")
    again = calculate_run(run.snapshot, plan, run.result.network)

    with pytest.raises(ValueError, match="two plans"):
        rows_that_differ(run.result, again)
