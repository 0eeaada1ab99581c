"""tests/wrong/lab: each folder has a bad file or two, and every sentence that must come of it.

What a folder does not hold is taken from the good files. `options.txt` has `name value` lines.
"""

from pathlib import Path

import pytest

from commissions.lab.__main__ import main

GOOD = Path(__file__).parent / "good"
CASES = sorted(
    path.parent for path in (Path(__file__).parents[2] / "wrong" / "lab").rglob("expected.txt")
)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_problem_is_named_and_nothing_is_written(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def given(name: str) -> str:
        return str(case / name if (case / name).exists() else GOOD / name)

    arguments = [given("plan.toml"), "--members", given("members.csv"),
                 "--sales", given("sales.csv"), "--out", str(tmp_path / "out")]  # fmt: skip
    options = {"period": "2026-01-01..2026-02-01"}
    if (case / "options.txt").exists():
        options |= dict(
            line.split(" ", 1) for line in (case / "options.txt").read_text().splitlines()
        )
    for name, value in options.items():
        arguments += [f"--{name}", value.replace("HERE", str(case))]

    status = main(arguments)

    said = capsys.readouterr().err.splitlines()
    assert status == 2
    assert said[:-1] == (case / "expected.txt").read_text().splitlines()
    assert said[-1].endswith("nothing was written.")
    assert list(tmp_path.iterdir()) == []


def test_there_are_wrong_files() -> None:
    assert len(CASES) >= 10
