"""The command line: what it says, what it leaves behind, and that no database is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commissions.lab.__main__ import main

GOOD = Path(__file__).parent / "good"
ROOT = Path(__file__).parents[3]
FILES = [
    str(GOOD / "plan.toml"),
    "--members", str(GOOD / "members.csv"),
    "--sales", str(GOOD / "sales.csv"),
]  # fmt: skip
JANUARY = ["--period", "2026-01-01..2026-02-01"]


def test_it_says_what_was_paid_and_where_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*FILES, *JANUARY, "--out", str(tmp_path / "out")])

    assert status == 0
    said = capsys.readouterr().out
    assert said == f"Lab: 6 lines, 14.72 USD. Written to {tmp_path / 'out'}\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "basis.npz", "earnings.csv", "lines.csv", "standings.csv", "state.csv", "summary.json",
    ]  # fmt: skip


def test_a_stretch_that_is_no_whole_period_is_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever names the last day instead of the day after it loses that day's sales."""
    status = main([*FILES, "--period", "2026-01-01..2026-01-31", "--out", str(tmp_path / "out")])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "Note: a monthly period from 2026-01-01 would end before 2026-02-01:"
        " --period 2026-01-01..2026-02-01 says so. This run ended before 2026-01-31."
    )


def test_the_command_asks_for_no_database_and_no_settings(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "run_plan", *FILES, *JANUARY, "--out",
         tmp_path / "out"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", str(tmp_path)),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Lab: 6 lines, 14.72 USD.")
    assert (tmp_path / "out" / "summary.json").exists()


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        main([*FILES, *JANUARY, "--out", str(tmp_path / name)])

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_second_run_replaces_the_first_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    main([*FILES, *JANUARY, "--out", str(tmp_path / "out")])
    before = (tmp_path / "out" / "lines.csv").read_bytes()

    main([*FILES, "--period", "2026-02-01..2026-03-01", "--out", str(tmp_path / "out")])

    assert (tmp_path / "out" / "lines.csv").read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here already")

    status = main([*FILES, *JANUARY, "--out", str(tmp_path / "file" / "out")])

    assert status == 2
    assert capsys.readouterr().err.startswith("--out: ")
