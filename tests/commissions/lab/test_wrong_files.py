"""tests/wrong/lab: each folder has a bad file or two, and every sentence that must come of it.

What a folder does not hold is taken from the good files. `options.txt` has `name value` lines, as
often as needed. A folder inside that has an `options.txt` of its own is a run that is made before,
by the good lab or with the files it has; `RUN` and its name stand for what it wrote.
"""

from pathlib import Path

import pytest

from commissions.lab.__main__ import main

GOOD = Path(__file__).parent / "good"
CASES = sorted(
    path.parent for path in (Path(__file__).parents[2] / "wrong" / "lab").rglob("expected.txt")
)
JANUARY = [("period", "2026-01-01..2026-02-01")]


def arguments_of(case: Path, runs: Path) -> list[str]:
    def given(name: str) -> str:
        return str(case / name if (case / name).exists() else GOOD / name)

    arguments = [given("plan.toml"), "--members", given("members.csv"), "--sales",
                 given("sales.csv")]  # fmt: skip
    options = []
    if (case / "options.txt").exists():
        options = [
            (name, value)
            for name, _, value in (
                line.partition(" ") for line in (case / "options.txt").read_text().splitlines()
            )
        ]
    if "period" not in dict(options):
        options = [*JANUARY, *options]
    for name, value in options:
        arguments += [f"--{name}", value.replace("HERE", str(case)).replace("RUN", str(runs))]
    return arguments


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_problem_is_named_and_nothing_is_written(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for before in sorted(path.parent for path in case.glob("*/options.txt")):
        out = str(tmp_path / "runs" / before.name)
        assert main([*arguments_of(before, tmp_path / "runs"), "--out", out]) == 0

    status = main([*arguments_of(case, tmp_path / "runs"), "--out", str(tmp_path / "out")])

    said = capsys.readouterr().err.splitlines()
    assert status == 2
    assert said[:-1] == (case / "expected.txt").read_text().splitlines()
    assert said[-1].endswith("nothing was written.")
    assert {path.name for path in tmp_path.iterdir()} <= {"runs"}


def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No complaint about sales of members whom nobody could read."""
    members = tmp_path / "members.csv"
    members.write_bytes(b"id,sponsor,role,joined_at\nal\xefce,,distributor,2025-01-01\n")
    plan, sales = str(GOOD / "plan.toml"), str(GOOD / "sales.csv")

    status = main([plan, "--members", str(members), "--sales", sales, "--period",
                   "2026-01-01..2026-02-01", "--state", str(tmp_path / "none.csv"), "--out",
                   str(tmp_path / "out")])  # fmt: skip

    assert status == 2
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "members.csv: cannot be read: it is not UTF-8. Save it as UTF-8 text.",
        "none.csv: cannot be read: No such file or directory.",
    ]


def test_there_are_wrong_files() -> None:
    assert len(CASES) >= 20
