"""Plans for families that the gallery does not have, written as a new user of the page would.

Their first drafts were made from docs/plan-language.md alone, before whoever wrote them had seen
reader, engine or tests; what had to be guessed then is said on the page now. Their examples come
out in the lab and by the oracle, and the plans pass the strictest profile.
"""

from pathlib import Path

import pytest

from commissions.lab.examples import run_examples
from commissions.lab.profiles import held_against
from commissions.plan.layout import format_plan
from tests.oracle.checking import what_is_wrong
from tests.oracle.notation import examples_of

FOLDER = Path(__file__).parent / "written-from-the-page"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def test_there_are_three() -> None:
    assert list(TEXTS) == ["four-weeks", "full-rows", "two-up"]


@pytest.mark.parametrize("name", TEXTS)
def test_examples_come_out_as_they_say(name: str) -> None:
    runs = run_examples(TEXTS[name])

    assert len(runs) >= 3
    assert [str(mistake) for run in runs for mistake in run.mistakes] == []


@pytest.mark.parametrize("name", TEXTS)
def test_the_oracle_says_the_same(name: str) -> None:
    assert [wrong for example in examples_of(TEXTS[name]) for wrong in what_is_wrong(example)] == []


@pytest.mark.parametrize("name", TEXTS)
def test_the_strictest_profile_allows_it(name: str) -> None:
    assert held_against(TEXTS[name], "strict").refused == []


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_laid_out(name: str) -> None:
    assert format_plan(TEXTS[name]) == TEXTS[name]
