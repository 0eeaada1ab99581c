"""Four more plans, written from docs/plan-language.md alone by another reader of the page.

All figures in them were worked out by hand before the plans were run.
"""

from pathlib import Path

import pytest

from commissions.lab.examples import run_examples
from commissions.plan.layout import format_plan
from tests.oracle.checking import what_is_wrong
from tests.oracle.notation import examples_of

FOLDER = Path(__file__).parent / "written-by-a-second-reader"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def test_there_are_four() -> None:
    assert len(TEXTS) == 4


@pytest.mark.parametrize("name", TEXTS)
def test_examples_come_out_as_they_say_and_as_the_oracle_says(name: str) -> None:
    runs = run_examples(TEXTS[name])

    assert runs
    assert [str(mistake) for run in runs for mistake in run.mistakes] == []
    assert [wrong for example in examples_of(TEXTS[name]) for wrong in what_is_wrong(example)] == []


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_laid_out(name: str) -> None:
    assert format_plan(TEXTS[name]) == TEXTS[name]
