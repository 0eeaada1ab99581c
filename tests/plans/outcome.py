"""Runs a case through the lab, files in and files out, and reads figures from what it wrote."""

from __future__ import annotations

import io
import json
from argparse import ArgumentParser
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from commissions.lab.command import add_arguments, execute
from tests.plans.folders import Case, Expected, Row, Run, Selection, read_rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the runs of one case wrote: a folder each, by the run's name."""

    written: dict[str, Path]

    def figure(self, expected: Expected) -> Fraction:
        """Return the figure that the files show; `AssertionError` if a selection finds nothing."""
        figure = self._total(expected.show, expected) - self._total(expected.less, expected)
        if expected.over:
            figure /= self._total(expected.over, expected)
        return figure / Fraction(expected.in_units_of)

    def text(self, expected: Expected) -> str:
        """Return the text of the one row that is shown."""
        (selection,) = expected.show
        (row,) = self._found(selection, expected.run)
        return row[selection.column]

    def rows(self, file: str, run: str) -> list[Row]:
        """Return the rows of a file of a run."""
        return read_rows(self.written[run] / f"{file}.csv")

    def _total(self, selections: tuple[Selection, ...], expected: Expected) -> Fraction:
        return sum((self._sum(each, expected) for each in selections), Fraction())

    def _sum(self, selection: Selection, expected: Expected) -> Fraction:
        run = selection.run or expected.run
        if selection.file == "summary":
            return self._from_summary(selection, run)
        found = self._found(selection, run)
        assert bool(found) != selection.absent, f"{len(found)} rows are {selection}"
        return sum((Fraction(row[selection.column]) for row in found), Fraction())

    def _found(self, selection: Selection, run: str) -> list[Row]:
        return [
            row
            for row in self.rows(selection.file, run)
            if all(row[column] in held for column, held in selection.where)
        ]

    def _from_summary(self, selection: Selection, run: str) -> Fraction:
        told: Any = json.loads((self.written[run] / "summary.json").read_text(encoding="utf-8"))
        ((_, (key,)),) = selection.where
        for part in key.split("."):
            told = told[part]
        return Fraction(str(told))


def run_case(case: Case, into: Path, sales: dict[str, Path] | None = None) -> Outcome:
    """Run a case, the later runs on what the earlier ones left, and return what was written.

    `sales` names another file of sales for each run. `AssertionError` carries what the lab refuses.
    """
    written: dict[str, Path] = {}
    for run in case.runs:
        out = into / run.name
        arguments = command_line(run, written, (sales or {}).get(run.name, run.sales))
        _run_lab([*arguments, "--out", str(out)], run.name)
        written[run.name] = out
    return Outcome(written)


def command_line(run: Run, written: dict[str, Path], sales: Path) -> list[str]:
    """Return the arguments of the lab's command line, but for where to write."""
    arguments = [str(run.plan), "--members", str(run.members), "--sales", str(sales)]
    arguments += ["--period", run.period]
    for option, value in run.options:
        arguments += [f"--{option.replace('_', '-')}", value]
    if run.given_state:
        arguments += ["--state", str(run.given_state)]
    for name in run.state:
        arguments += ["--state", str(written[name] / "state.csv")]
    for option, names in (("--prior", run.prior), ("--shorter", run.shorter)):
        for name in names:
            arguments += [option, str(written[name])]
    return arguments


def _run_lab(arguments: list[str], name: str) -> None:
    parser = ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    complaints = io.StringIO()
    status = execute(parser.parse_args(arguments), io.StringIO(), complaints)
    assert status == 0, f"{name} is refused:\n{complaints.getvalue()}"
