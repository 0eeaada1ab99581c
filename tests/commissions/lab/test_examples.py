"""Examples that come out differently, or cannot be read: every sentence, with its line."""

import re
from pathlib import Path

import pytest

from commissions.lab.examples import example_problems, run_examples
from commissions.plan import PlanError
from tests.commissions.lab.files import PLAN
from tests.commissions.lab.test_notation import TEAM

ROOT = Path(__file__).parents[3]
WRONG = Path(__file__).parents[2] / "wrong" / "lab" / "examples"
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
CASES = sorted(WRONG.glob("*.toml"))


def published() -> list[tuple[str, str]]:
    """Return every plan with examples in docs/ and plans/, with a name."""
    found = []
    for path in sorted((ROOT / "docs").glob("*.md")):
        for number, block in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")), 1):
            if "[[example]]" in block:
                found.append((f"{path.name}, {number}", block))
    for path in sorted((ROOT / "plans").glob("*.toml")):
        found.append((path.name, path.read_text(encoding="utf-8")))
    return found


PUBLISHED = published()


@pytest.mark.parametrize(("name", "text"), PUBLISHED, ids=[name for name, _ in PUBLISHED])
def test_every_published_example_comes_out_as_it_says(name: str, text: str) -> None:
    del name
    assert [str(mistake) for mistake in example_problems(text)] == []


def test_there_are_published_examples() -> None:
    assert sum(len(run_examples(text)) for _, text in PUBLISHED) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_mistake_is_named_with_its_line(case: Path) -> None:
    """The comment `#: SENTENCE` after a line, or several, says what is wrong with it."""
    wanted: list[tuple[int, str]] = []
    lines: list[str] = []
    for line in case.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#: "):
            wanted.append((len(lines), line.removeprefix("#: ")))
        else:
            lines.append(line)

    found = example_problems("\n".join(lines))

    said = [(mistake.line, f"{mistake.path}: {mistake.problem}") for mistake in found]
    assert sorted(said) == sorted(wanted)
    assert all(mistake.remedy for mistake in found)


def test_there_are_wrong_examples() -> None:
    assert len(CASES) >= 5


def test_each_example_is_run_by_itself() -> None:
    one = '[[example]]\nname = "{}"\nnetwork = "a"\nsales = "s: a 10 10"\nstandings = "a PV {}"\n'
    text = PLAN + "".join(
        one.format(name, points) + 'pays = ""\n'
        for name, points in (("right", 10), ("wrong", 11), ("right again", 10))
    )

    runs = run_examples(text)

    assert [(run.name, run.is_right) for run in runs] == [
        ("right", True), ("wrong", False), ("right again", True),
    ]  # fmt: skip
    assert runs[1].line == 11


def test_a_plan_that_cannot_be_read_is_told_as_such() -> None:
    with pytest.raises(PlanError):
        example_problems(PLAN.replace("USD", "US"))


def test_a_plan_that_goes_beyond_the_engine_is_told_at_the_example() -> None:
    text = (
        PLAN
        + TEAM
        + (
            '[[example]]\nname = "much"\nnetwork = "a"\npays = ""\nsales = """\n'
            + "".join(f"s{n}: a 0 999999999999999\n" for n in range(60))
            + '"""\n'
        )
    )

    (mistake,) = example_problems(text)

    assert mistake.problem == "cv: all volumes together leave 64 bits."
    assert mistake.path == "example[1]"
