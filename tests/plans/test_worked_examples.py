"""Published plans, each with its own figures, come out to the cent through the lab."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from tests.plans.folders import Case, Expected, Folder, every_expected, read_folders, read_rows
from tests.plans.outcome import Outcome, run_case

FOLDERS = read_folders()
EXPECTED = [
    pytest.param(folder, expected, id=f"{folder.name}: {expected.source or 'also'} [{place}]")
    for place, (folder, expected) in enumerate(every_expected(FOLDERS))
]
Outcomes = Callable[[Folder, Case], Outcome]


@pytest.fixture(scope="module")
def outcome_of(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Return a function that runs a case, once."""
    done: dict[tuple[str, str], Outcome] = {}

    def run(folder: Folder, case: Case) -> Outcome:
        key = folder.name, case.name
        if key not in done:
            done[key] = run_case(case, tmp_path_factory.mktemp(folder.name))
        return done[key]

    return run


@pytest.mark.parametrize(("folder", "expected"), EXPECTED)
def test_a_published_figure_comes_out(
    folder: Folder, expected: Expected, outcome_of: Outcomes
) -> None:
    case = next(case for case in folder.cases if case.name == expected.run.partition("/")[0])
    outcome = outcome_of(folder, case)

    if expected.text:
        assert outcome.text(expected) == expected.text
    else:
        assert outcome.figure(expected) == Fraction(expected.amount)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_case_shows_a_figure_and_none_is_given(folder: Folder) -> None:
    shown = {expected.run.partition("/")[0] for expected in folder.expected}
    given = {
        row["value"]
        for case in folder.cases
        for run in case.runs
        if run.given_state
        for row in read_rows(run.given_state)
    }

    assert shown == {case.name for case in folder.cases}
    assert given.isdisjoint(expected.amount for expected in folder.expected)
