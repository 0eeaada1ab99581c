"""tests/wrong/plans: each file begins with the mistakes that must be found, all and no others.

A line `#! 3:11 words` says that a mistake stands at line 3, column 11, and that its sentence holds
these words.
"""

from pathlib import Path

import pytest

from commissions.plan import PlanError, PlanMistake, read_plan

FILES = sorted((Path(__file__).parents[2] / "wrong" / "plans").glob("*.toml"))


def mistakes_of(text: str) -> tuple[PlanMistake, ...]:
    with pytest.raises(PlanError) as caught:
        read_plan(text)
    return caught.value.mistakes


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_is_found_at_its_place_and_no_other(path: Path) -> None:
    text = path.read_text()
    expected = [line[3:].split(" ", 1) for line in text.splitlines() if line.startswith("#! ")]

    found = mistakes_of(text)

    assert [f"{one.line}:{one.column}" for one in found] == [place for place, _ in expected], [
        str(one) for one in found
    ]
    for mistake, (_, words) in zip(found, expected, strict=True):
        assert words in str(mistake)


def test_there_are_wrong_plans() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_says_what_to_write(path: Path) -> None:
    for mistake in mistakes_of(path.read_text()):
        assert mistake.problem.endswith(".")
        assert mistake.remedy.endswith((".", '"', "..."))
