"""A plan's own tests: each `[[example]]` is run as files are, and compared with what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from commissions.lab.cells import moment
from commissions.lab.expecting import (
    StandingsLine,
    carried_differently,
    pays_line,
    uncovered,
)
from commissions.lab.mistakes import LabError, Notes
from commissions.lab.notation import UTC, Line, Network, Sales, Unclear, lines_in, state_rows
from commissions.lab.outcome import Given, Outcome, work_out
from commissions.lab.request import midnight
from commissions.lab.rhythms import A_MONDAY, DAYS, Clock, Stretch, longer_start, shifted
from commissions.plan import Plan, PlanMistake, read_plan
from commissions.plan.examples import ExampleText, read_examples
from commissions.plan.mistakes import closest, one_of

NEW_YEAR = date(2026, 1, 1)
DIFFERS = "Correct the plan or the example."
UNCLEAR = "Correct the example."


@dataclass(slots=True)
class ExampleRun:
    """An example that was run; `mistakes` has everything that is wrong, by line."""

    name: str
    line: int
    path: str
    mistakes: list[PlanMistake] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Tell whether it comes out as it says."""
        return not self.mistakes

    def note(self, line: int, key: str, problem: str, remedy: str) -> None:
        """Note something wrong; a sentence gets its full stop."""
        told = problem if problem.endswith((".", "?")) else f"{problem}."
        path = f"{self.path}.{key}" if key else self.path
        self.mistakes.append(PlanMistake(line, 1, path, told, remedy))


def example_problems(text: str) -> list[PlanMistake]:
    """Return everything that is wrong with the examples of a plan, or comes out differently.

    `PlanError` if the plan itself cannot be read.
    """
    return [mistake for run in run_examples(text) for mistake in run.mistakes]


def run_examples(text: str) -> list[ExampleRun]:
    """Run every example of a plan, in the order of the text; `PlanError` as for reading it."""
    plan = read_plan(text)
    runs = []
    for number, told in enumerate(read_examples(text), start=1):
        run = ExampleRun(told.name, told.line, f"example[{number}]")
        _Example(text, plan, told, run).check()
        run.mistakes.sort()
        runs.append(run)
    return runs


class _Example:
    """One example while it is run."""

    def __init__(self, text: str, plan: Plan, told: ExampleText, run: ExampleRun) -> None:
        self.text = text
        self.plan = plan
        self.told = told
        self.run = run
        self.notes = Notes()

    def check(self) -> None:
        """Run the example and note all that is wrong."""
        clock = self._clock()
        if clock is None:
            return
        outcome = self._outcome(clock)
        if outcome is None:
            return
        self._compare_standings(outcome)
        self._compare_pays(outcome)
        self._compare_carries(outcome)

    def _lines(self, key: str) -> list[Line]:
        text = getattr(self.told, key)
        return list(lines_in(text, self._line(key)))

    def _line(self, key: str) -> int:
        return self.told.lines.get(key, self.told.line)

    def _outcome(self, clock: Clock) -> Outcome | None:
        network = Network(self.plan, self.notes)
        network.read(iter(self._lines("network")))
        sales = Sales(self.plan, network, clock.period.first_day, self.notes)
        sales.read(iter(self._lines("sales")))
        state = state_rows("state", iter(self._lines("state")), self.notes)
        members = network.table()
        given = Given(self.text, self.plan, clock, members, sales.table(), [state], has_past=False)
        try:
            return work_out(given, self.notes)
        except LabError as error:
            for mistake in self.notes.found:
                where = f"{mistake.column}: " if mistake.column else ""
                self.run.note(mistake.row, mistake.file, f"{where}{mistake.problem}", UNCLEAR)
            if not self.notes.found:
                self.run.note(self.told.line, "", "; ".join(error.mistakes), UNCLEAR)
            return None

    def _clock(self) -> Clock | None:
        """Return when the example is; None, with a note, if that cannot be read."""
        cadence = self.told.cadence or self.plan.cadence
        shorter = sorted({rule.cadence for rule in self.plan.bonuses if rule.cadence})
        if cadence not in (self.plan.cadence, *shorter):
            near = closest(cadence, [self.plan.cadence, *shorter])
            hint = f' Did you mean "{near}"?' if near else ""
            known = one_of([self.plan.cadence, *shorter])
            problem = f'the plan has no bonus that is "{cadence}", only {known}.{hint}'
            self.run.note(self._line("cadence"), "cadence", problem, UNCLEAR)
            return None
        try:
            period = _period(self.told.period.strip(), cadence)
        except ValueError as error:
            self.run.note(self._line("period"), "period", str(error), UNCLEAR)
            return None
        is_own = cadence == self.plan.cadence
        first = longer_start(period.last_day, self.plan.cadence, A_MONDAY)
        counted = period if is_own or first is None else Stretch(midnight(first, UTC), period.end)
        return Clock(UTC, period, counted, period.end, self.plan.cadence, "" if is_own else cadence)

    def _compare_standings(self, outcome: Outcome) -> None:
        reader = StandingsLine(outcome)
        for line in self._lines("standings"):
            try:
                for problem in reader.differences(line):
                    self.run.note(line.number, "standings", problem, DIFFERS)
            except Unclear as unclear:
                self.run.note(line.number, "standings", str(unclear), UNCLEAR)

    def _compare_pays(self, outcome: Outcome) -> None:
        decimals, lines = self.plan.exponent, outcome.lines
        covered = np.zeros(len(lines), np.bool_)
        unclear = False
        for line in self._lines("pays"):
            try:
                pays = pays_line(line, outcome)
            except Unclear as why:
                self.run.note(line.number, "pays", str(why), UNCLEAR)
                unclear = True
                continue
            here = pays.covers(lines)
            covered |= here
            if differs := pays.differs(lines, here, decimals):
                self.run.note(line.number, "pays", differs, DIFFERS)
        if not unclear:
            for problem in uncovered(lines, covered, decimals):
                self.run.note(self._line("pays"), "pays", problem, DIFFERS)

    def _compare_carries(self, outcome: Outcome) -> None:
        notes = Notes()
        table = state_rows("carries", iter(self._lines("carries")), notes)
        for mistake in notes.found:
            self.run.note(mistake.row, "carries", mistake.problem, UNCLEAR)
        rows = zip(*(table.texts(name) for name in ("member", "key", "value")), strict=True)
        for number, (member, key, value) in zip(table.numbers, rows, strict=True):
            if differs := carried_differently(member, key, value, outcome):
                self.run.note(number, "carries", differs, DIFFERS)


def _period(text: str, cadence: str) -> Stretch:
    """Return the period that is written, or the usual one; `ValueError` says what is wrong."""
    if not text:
        first = A_MONDAY if DAYS.get(cadence, 0) >= DAYS["weekly"] else NEW_YEAR
        return Stretch(midnight(first, UTC), midnight(shifted(first, cadence, 1), UTC))
    start, dots, end = text.partition("..")
    if not dots:
        raise ValueError('write the period like "2026-01-01..2026-02-01"')
    period = Stretch(moment(start.strip(), UTC), moment(end.strip(), UTC))
    if period.start >= period.end:
        raise ValueError("the period ends before it begins")
    return period
