"""`manage.py check_plan`: mistakes, examples, and the rules of a profile."""

import subprocess
import sys
from pathlib import Path

import pytest

from commissions.files import main
from tests.commissions.lab.files import PLAN
from tests.commissions.lab.test_notation import TEAM, example

ROOT = Path(__file__).parents[3]


def check(folder: Path, text: str, *options: str) -> int:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return main("check_plan", [str(path), *options], "manage.py check_plan")


def test_a_plan_that_is_right_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = check(tmp_path, example(PLAN + TEAM, network="a\n"))

    assert status == 0
    assert capsys.readouterr().out.startswith(
        "Plan: 1 example comes out as it says; profile lab allows it.\nIt pays at most "
    )


def test_mistakes_of_the_plan_come_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = check(tmp_path, PLAN.replace("USD", "USDD"))

    assert status == 2
    said = capsys.readouterr().err
    assert said.startswith("plan.toml: line 3, column 12 (currency): ")
    assert said.endswith("\n1 problem.\n")


def test_an_example_that_differs_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = example(PLAN + TEAM, network="a\n  b\n", sales="b1: b 0 10\n", pays="a: 2.00\n")

    assert check(tmp_path, text) == 2
    assert capsys.readouterr().err.splitlines() == [
        "plan.toml: line 15, column 1 (example[1].pays): a is paid 1.00, the example says 2.00."
        " Correct the plan or the example.",
        "1 problem.",
    ]


def test_a_profile_may_refuse_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PLAN + '[active]\nrequire = ["PV >= 100"]\n' + TEAM

    assert check(tmp_path, text) == 0
    assert check(tmp_path, text, "--profile", "strict") == 2
    assert "rule customers-missing" in capsys.readouterr().err
    assert check(tmp_path, text, "--profile", "strickt") == 2
    assert 'Did you mean "strict"?' in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("check_plan", ["no-such.toml"], "check_plan") == 2
    assert capsys.readouterr().err.startswith("no-such.toml: cannot be read: ")


def test_it_needs_no_settings(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN)

    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check_plan", tmp_path / "plan.toml"],
        env={
            "PATH": "",
            "HOME": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Plan: it has no examples; profile lab allows it.")


def test_markets_that_are_named_are_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PLAN + '[active]\nrequire = ["customers with PV >= 10 are at least 1"]\n' + TEAM

    assert check(tmp_path, text, "--profile", "default") == 0
    assert "market-unknown" not in capsys.readouterr().out
    assert check(tmp_path, text, "--profile", "default", "--market", "US", "--market", "ZZ") == 0
    assert "ZZ" in capsys.readouterr().out
    assert check(tmp_path, text, "--profile", "default", "--market", "cn") == 2
    assert "rule levels-above-limit" in capsys.readouterr().err


def test_a_plan_without_bonuses_pays_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, PLAN) == 0
    assert capsys.readouterr().out.endswith("\nIt pays at most nothing.\n")
