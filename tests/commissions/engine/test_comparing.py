"""Whoever has other figures than before is named, in drawn plans over the whole language."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commissions.engine import RunResult, Snapshot, calculate_run, rows_that_differ
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
            assert found.tolist() == differing, run.name
            named += len(differing)
    assert named > 500


def test_nobody_is_named_when_the_same_is_calculated_again() -> None:
    for run in drawn_runs()[:20]:
        again = calculate_run(run.snapshot, run.result.ground.plan, run.result.network)

        assert not len(rows_that_differ(run.result, again)), run.name


def test_runs_of_another_network_are_refused() -> None:
    run = drawn_runs()[0]
    again = calculate_run(run.snapshot, run.result.ground.plan)

    with pytest.raises(ValueError, match="other networks"):
        rows_that_differ(run.result, again)
    assert np.array_equal(again.member, run.result.member)
