"""Published plans with other figures: the lab and the oracle write the same files."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle.on_files import run_on_files
from tests.plans.folders import Case, Folder, Row, read_folders, read_rows
from tests.plans.outcome import command_line, run_case
from tests.plans.perturbing import perturbed_sales

SEEDS = 3
COMPARED = ("earnings", "lines", "standings", "state")
CASES = [
    pytest.param(folder, case, seed, id=f"{folder.name}/{case.name}, {seed}")
    for folder in read_folders()
    if folder.perturbed_columns
    for case in folder.cases
    for seed in range(SEEDS)
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
