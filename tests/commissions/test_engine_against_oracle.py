"""Drawn plans, networks and sales over all of the language: lab and oracle say the same.

`manage.py fuzz_engine --cases 100000` looks longer; docs/measuring.md says how.
"""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from commissions.plan.phrases.grammar import GRAMMAR
from tests.oracle import reporting
from tests.oracle.covering import all_cells
from tests.oracle.failing import Failure
from tests.oracle.fuzzing import Report, Result, run_case

CASES = 10_000
PARTS = 50

FORMS_IN_THE_GRAMMAR = {
    *("ask_active", "own_rank", "own_title", "was_rank", "rank_before", "ask_at_least"),
    *("ask_share", "ask_limited", "ask_count", "joined_below", "joined_for", "word", "lifetime"),
    *("frontline", "downline", "legs", "enrolled", "sum", "orders", "group", "compressed"),
    *("last_periods", "period_before", "growth", "whole_part", "share_part", "added", "taken_off"),
    *("own", "of_customers", "both", "days", "months", "self_and_downline", "all_below"),
    *("self_and_frontline", "level_one", "levels", "largest_leg", "all_but_largest", "side_leg"),
    *("weaker_leg", "stronger_leg", "within_time", "first_order"),
}
"""What tests/oracle/covering/phrases.py has cells for."""


@pytest.mark.parametrize("part", range(PARTS))
def test_lab_and_oracle_agree_on_drawn_cases(part: int) -> None:
    report = Report()
    for seed in range(part, CASES, PARTS):
        report.take(run_case(seed))

    assert report.failures == []
    assert reporting.complaints(report) == []


def test_command_prints_the_table_and_is_content(tmp_path: Path) -> None:
    out = StringIO()

    call_command("fuzz_engine", cases=30, jobs=1, report=tmp_path / "report.txt", stdout=out)

    report = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert report.strip() in out.getvalue()
    assert report.rstrip().endswith("Nothing differs.")
    assert "30 cases" in report
    assert "\nbinary\n" in report


def test_command_complains_when_something_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Report(cases=1, failures=[(7, Failure("differs: line", ("line 1",)))])
    monkeypatch.setattr(reporting, "fuzz", lambda *_, **__: failed)
    monkeypatch.setattr(reporting, "save_failures", lambda *_: None)

    with pytest.raises(SystemExit, match="1"):
        call_command("fuzz_engine", cases=1, jobs=1, stdout=StringIO())


def test_long_run_complains_of_every_cell_that_is_too_empty() -> None:
    report = Report(cases=reporting.MANY_CASES)

    assert len(reporting.complaints(report)) == len(all_cells())


def test_too_many_refused_plans_are_a_complaint() -> None:
    report = Report()
    for seed in range(10):
        refused = Failure("refused by the reader: why", ("why",)) if seed == 3 else None
        report.take(Result(seed, refused, frozenset()))

    assert reporting.complaints(report) == ["1 plans were refused, too many"]
    assert report.refusals == {"refused by the reader: why": 1}


def test_a_new_form_of_phrase_needs_a_cell() -> None:
    """Whoever adds a form to the grammar adds it to the drawing and to the table."""
    assert set(re.findall(r"-> (\w+)", GRAMMAR)) == FORMS_IN_THE_GRAMMAR
