"""Every rule by a small example that a plan owner can check by hand: `examples/*.toml`."""

from pathlib import Path

import pytest

from tests.oracle.checking import what_is_wrong
from tests.oracle.notation import Example, examples_of

FILES = sorted((Path(__file__).parent / "examples").glob("*.toml"))
EXAMPLES = [
    pytest.param(example, id=f"{file.stem}: {example.name}")
    for file in FILES
    for example in examples_of(file.read_text(encoding="utf-8"))
]


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) >= 150


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_says_first_what_it_shows(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("example", EXAMPLES)
def test_oracle_gives_the_figures_worked_out_by_hand(example: Example) -> None:
    assert what_is_wrong(example) == []
