"""Worked examples that a plan owner can write and check, and those of the documentation."""

import re
from pathlib import Path

import pytest

from commissions.plan import read_plan
from tests.commissions.engine.examples import differing_standings, paid, read_example, work_out

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "plan-language.md"

DOCUMENTED = re.findall(r"^```example\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
PLANS = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
FILES = sorted((HERE / "plans").glob("*.txt"))


def check(text: str) -> None:
    example = read_example(text)
    snapshot, result = work_out(example)

    assert sorted(paid(example, snapshot, result)) == sorted(example.pays)
    assert list(differing_standings(example, result)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_worked_example_pays_what_it_says(path: Path) -> None:
    check(path.read_text())


@pytest.mark.parametrize("number", range(len(DOCUMENTED)))
def test_documented_example_pays_what_it_says(number: int) -> None:
    check(DOCUMENTED[number])


@pytest.mark.parametrize("number", range(len(PLANS)))
def test_documented_plan_can_be_read(number: int) -> None:
    assert read_plan(PLANS[number]).name


def test_documentation_has_examples() -> None:
    assert len(DOCUMENTED) >= 4
    assert len(PLANS) >= 2
    assert len(FILES) >= 8
