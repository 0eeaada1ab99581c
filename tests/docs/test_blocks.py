"""Plans on pages are plans, and parts of plans are read below a head of three lines.

Those with examples are run elsewhere, too: tests/commissions/lab/test_examples.py and
tests/oracle/test_documented_examples.py. A block `toml fragment` is shown for its mistakes.
"""

import pytest

from commissions.plan import plan_mistakes
from commissions.plan.layout import format_plan
from tests.docs.pages import PAGES, Block, blocks, read

FRAGMENT = "fragment"
HEAD = 'name = "A part of a plan"\ncurrency = "USD"\ncadence = "monthly"\n'
BLOCKS = [
    pytest.param(block, id=f"{page.name}, line {block.line}")
    for page in PAGES
    for block in blocks(read(page))
    if block.language == "toml" and block.said != FRAGMENT
]


def whole(text: str) -> str:
    """Return a plan; a part of one, which begins with a table, below a head.

    >>> whole('[active]\\n').startswith("name"), whole('# A\\nname = "A"\\n')[:3]
    (True, '# A')
    """
    lines = (line for line in text.split("\n") if line.strip() and not line.startswith("#"))
    return HEAD + text if next(lines).startswith("[") else text


@pytest.mark.parametrize("block", BLOCKS)
def test_every_plan_on_a_page_is_read_without_mistakes(block: Block) -> None:
    assert block.said == ""
    assert list(plan_mistakes(whole(block.text))) == []


@pytest.mark.parametrize("block", BLOCKS)
def test_every_plan_on_a_page_is_laid_out_as_the_formatter_would(block: Block) -> None:
    if whole(block.text) == block.text:
        assert format_plan(block.text) == block.text


def test_what_is_shown_for_its_mistakes_has_some_and_no_examples() -> None:
    found = [block for page in PAGES for block in blocks(read(page)) if block.said == FRAGMENT]

    assert found != []
    assert [block.line for block in found if "[[example]]" in block.text] == []
    assert [block.line for block in found if not plan_mistakes(whole(block.text))] == []
