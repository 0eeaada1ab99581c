"""Runs on files: what is written, what late returns take back, and that no database is asked."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commissions.lab import LabError, LabRequest, run_lab

GOOD = Path(__file__).parent / "good"
ROOT = Path(__file__).parents[3]
HEADER = "id,member,at,purpose,amount,pv,cv,returns\n"


def run(folder: Path, period: str = "2026-01-01..2026-02-01", **changes: object) -> Path:
    """Run the good files, with changes, into a folder; return it."""
    request = {
        "plan": GOOD / "plan.toml",
        "members": GOOD / "members.csv",
        "sales": GOOD / "sales.csv",
        "period": period,
        "out": folder,
        **changes,
    }
    run_lab(LabRequest(**request))  # type: ignore[arg-type] # changes are of many types
    return folder


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))[1:]


def later(folder: Path, text: str) -> Path:
    path = folder / "sales.csv"
    path.write_text(HEADER + text)
    return path


def test_a_run_writes_lines_earnings_and_standings(tmp_path: Path) -> None:
    out = run(tmp_path / "out")

    assert rows(out / "lines.csv") == [
        ["alice", "Team", "2", "s1", "48.10", "5%", "2.41", ""],
        ["alice", "Team", "2", "s3", "30.00", "5%", "1.50", ""],
        ["alice", "Team", "2", "s4", "20.00", "5%", "1.00", ""],
        ["bob", "Team", "1", "s1", "48.10", "10%", "4.81", ""],
        ["bob", "Team", "1", "s3", "30.00", "10%", "3.00", ""],
        ["bob", "Team", "1", "s4", "20.00", "10%", "2.00", ""],
    ]
    assert rows(out / "standings.csv")[1] == [
        "bob", "80.00", "68.10", "170.00", "2", "yes", "Seed", "Seed",
    ]  # fmt: skip
    assert rows(out / "state.csv") == []


def test_lines_add_up_to_earnings_and_to_the_summary(tmp_path: Path) -> None:
    out = run(tmp_path / "out")
    summary = json.loads((out / "summary.json").read_text())

    lines = sum(round(float(row[6]) * 100) for row in rows(out / "lines.csv"))
    earnings = sum(round(float(row[5]) * 100) for row in rows(out / "earnings.csv"))

    assert lines == earnings
    assert summary["totals"]["earned"] == f"{lines // 100}.{lines % 100:02d}"
    assert summary["payout_ratio"].endswith("%")


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = run(tmp_path / "one"), run(tmp_path / "two")

    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    out = run(tmp_path / "out")
    before = (out / "lines.csv").read_bytes()

    run(out)

    assert (out / "lines.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_thirds_that_come_back_late_take_back_exactly_what_was_paid(tmp_path: Path) -> None:
    january = run(tmp_path / "jan")
    february = run(
        tmp_path / "feb",
        period="2026-02-01..2026-03-01",
        sales=later(
            tmp_path,
            "r2,ann,2026-02-05,,-10,-20,-16.03,s1\nr3,ann,2026-02-06,,-10,-20,-16.03,s1\n",
        ),
        prior=(january,),
    )
    march = run(
        tmp_path / "mar",
        period="2026-03-01..2026-04-01",
        sales=later(tmp_path, "r4,ann,2026-03-05,,-10,-20,-16.04,s1\n"),
        prior=(january, february),
    )

    paid = {row[0]: row[6] for row in rows(january / "lines.csv") if row[3] == "s1"}
    assert paid == {"alice": "2.41", "bob": "4.81"}
    assert rows(february / "lines.csv") == [
        ["alice", "Team", "2", "r2", "-16.03", "5%", "-0.80", "s1"],
        ["alice", "Team", "2", "r3", "-16.03", "5%", "-0.81", "s1"],
        ["bob", "Team", "1", "r2", "-16.03", "10%", "-1.60", "s1"],
        ["bob", "Team", "1", "r3", "-16.03", "10%", "-1.61", "s1"],
    ]
    assert rows(march / "lines.csv") == [
        ["alice", "Team", "2", "r4", "-16.04", "5%", "-0.80", "s1"],
        ["bob", "Team", "1", "r4", "-16.04", "10%", "-1.60", "s1"],
    ]
    assert rows(february / "standings.csv")[1][1] == "0.00"


def test_more_that_comes_back_late_than_was_paid_on_takes_back_the_whole(tmp_path: Path) -> None:
    january = run(tmp_path / "jan")

    february = run(
        tmp_path / "feb",
        period="2026-02-01..2026-03-01",
        sales=later(tmp_path, "r2,ann,2026-02-05,,-99,-99,-99,s1\n"),
        prior=(january,),
    )

    assert [row[6] for row in rows(february / "lines.csv")] == ["-2.41", "-4.81"]


def test_members_who_joined_after_as_of_are_not_in_the_network(tmp_path: Path) -> None:
    with pytest.raises(LabError) as caught:
        run(tmp_path / "out", as_of="2025-01-15")

    assert not (tmp_path / "out").exists()
    assert any('"ann" in the network' in one for one in caught.value.mistakes)


def test_times_are_read_in_the_company_s_time_zone(tmp_path: Path) -> None:
    sales = later(tmp_path, "s1,ann,2026-02-01T04:30:00Z,,48.10,60,48.10,\n")

    there = run(tmp_path / "there", sales=sales, time_zone="America/New_York")
    here = run(tmp_path / "here", sales=sales, time_zone="Europe/Berlin")

    assert len(rows(there / "lines.csv")) == 1
    assert rows(here / "lines.csv") == []


def test_the_command_asks_for_no_database_and_no_settings(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, ROOT / "manage.py", "run_plan", GOOD / "plan.toml",
            "--members", GOOD / "members.csv", "--sales", GOOD / "sales.csv",
            "--period", "2026-01-01..2026-02-01", "--out", tmp_path / "out",
        ],
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
