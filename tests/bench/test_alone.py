"""The engine alone: measured once, in a process of its own, and told on the page."""

from __future__ import annotations

from dataclasses import replace

from bench import report
from bench.engine import alone
from bench.engine.hybrid import Size


def test_a_month_is_calculated_in_a_process_of_its_own() -> None:
    measured = alone.measure_apart(Size(400, 400, "mixed", seed=2))

    assert measured.lines > measured.earnings > 0
    page = report.page({"seed": "2"}, [], [], None, alone=measured)
    assert f"| mixed | 400 | 400 | {measured.lines} |" in page
    assert "GiB" in page


def test_memory_that_cannot_be_seen_is_not_told() -> None:
    measured = alone.measure(Size(50, 50, "mixed", seed=2))

    page = report.page({}, [], [], None, alone=replace(measured, peak_mib=None))

    assert "| not visible | not visible |" in page
