"""The oracle says what documentation and gallery say: every `[[example]]`, figure by figure."""

from pathlib import Path

import pytest

from tests.oracle.checking import toml_blocks, what_is_wrong
from tests.oracle.notation import Example, examples_of

ROOT = Path(__file__).parents[2]
PAGES = [
    (path.name, block)
    for path in sorted((ROOT / "docs").glob("*.md"))
    for block in toml_blocks(path.read_text(encoding="utf-8"))
]
PLANS = [
    (path.name, path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "plans").glob("*.toml"))
]
EXAMPLES = [
    pytest.param(example, id=f"{name}: {example.name}")
    for name, text in [*PAGES, *PLANS]
    for example in examples_of(text)
]


def test_the_documentation_has_examples() -> None:
    assert len(PAGES) >= 1


@pytest.mark.parametrize("example", EXAMPLES)
def test_oracle_gives_the_figures_that_are_written(example: Example) -> None:
    assert what_is_wrong(example) == []
