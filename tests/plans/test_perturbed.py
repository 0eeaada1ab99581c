"""Published plans with other figures: the lab and the oracle write the same files."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle.on_files import run_on_files
from tests.plans.folders import Case, Folder, Row, read_folders, read_rows
from tests.plans.outcome import Outcome, command_line, run_case
from tests.plans.perturbing import perturbed_sales

SEEDS = range(6)
COMPARED = ("earnings", "lines", "standings", "state")


def seeds_of(folder: Folder) -> range:
    """Return the numbers of chances: one for large files, on which the oracle takes its time."""
    return SEEDS[:1] if folder.is_large else SEEDS


FOLDERS = [folder for folder in read_folders() if folder.perturbed_columns]
CASES = [
    pytest.param(folder, case, seed, id=f"{folder.name}/{case.name}, {seed}")
    for folder in FOLDERS
    for case in folder.cases
    for seed in seeds_of(folder)
]


@pytest.mark.parametrize(("folder", "case", "seed"), CASES)
def test_lab_and_oracle_agree_on_other_figures(
    folder: Folder, case: Case, seed: int, tmp_path: Path
) -> None:
    sales = perturbed_sales(case, folder.perturbed_columns, seed, tmp_path)

    lab = run_case(case, tmp_path / "lab", sales).written
    oracle = _ask_the_oracle(case, tmp_path / "oracle", sales)

    for run in case.runs:
        for file in COMPARED:
            written = _comparable(lab[run.name] / f"{file}.csv")
            said = _comparable(oracle[run.name] / f"{file}.csv")
            assert written == said, f"{run.name}, {file}.csv"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_pays_with_the_sources_figures_pays_with_others(
    folder: Folder, tmp_path: Path
) -> None:
    """A comparison of nothing with nothing would show nothing."""
    paid, paid_then = set(), set()
    for case in folder.cases:
        paid |= _paid(case, run_case(case, tmp_path / "source"))
        for seed in seeds_of(folder):
            into = tmp_path / case.name / str(seed)
            into.mkdir(parents=True)
            sales = perturbed_sales(case, folder.perturbed_columns, seed, into)
            paid_then |= _paid(case, run_case(case, into, sales))

    assert paid <= paid_then


def _paid(case: Case, outcome: Outcome) -> set[str]:
    return {row["bonus"] for run in case.runs for row in outcome.rows("earnings", run.name)}


def _ask_the_oracle(case: Case, into: Path, sales: dict[str, Path]) -> dict[str, Path]:
    """Return the folders that the oracle wrote, from its own earlier ones on."""
    written: dict[str, Path] = {}
    for run in case.runs:
        out = into / run.name
        run_on_files([*command_line(run, written, sales[run.name]), "--out", str(out)])
        written[run.name] = out
    return written


def _comparable(path: Path) -> Counter[tuple[tuple[str, str | Fraction], ...]]:
    """Return how often each row is there: their order is looked at elsewhere, figures by value."""
    return Counter(_by_value(row) for row in read_rows(path))


def _by_value(row: Row) -> tuple[tuple[str, str | Fraction], ...]:
    return tuple((column, _value(text)) for column, text in sorted(row.items()))


def _value(text: str) -> str | Fraction:
    try:
        return Fraction(text)
    except ValueError:
        return text
