"""Every form of volume and of requirement that the reader knows is in some example on a page."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_args

import pytest

from commissions.engine.plan import (
    Asks,
    Figure,
    OrderOf,
    Past,
    PeopleFigure,
    Plan,
    Scope,
    TimeOf,
    TreeKind,
    Whose,
)
from commissions.plan import read_plan
from tests.docs.pages import PAGES, blocks, read

PLANS = [
    read_plan(block.text)
    for page in PAGES
    for block in blocks(read(page))
    if block.language == "toml" and not block.said and "[[example]]" in block.text
]


def parts(whole: Any) -> Iterator[Any]:
    """Yield everything that a plan is made of."""
    yield whole
    if isinstance(whole, tuple):
        for each in whole:
            yield from parts(each)
    elif is_dataclass(whole):
        for field in fields(whole):
            yield from parts(getattr(whole, field.name))


FOUND = [part for plan in PLANS for part in parts(plan)]


@pytest.mark.parametrize("words", [Asks, OrderOf, Past, Scope, TimeOf, TreeKind, Whose])
def test_every_word_of_the_reader_is_in_some_example(words: type[Enum]) -> None:
    used = {part for part in FOUND if isinstance(part, words)}

    assert [word.name for word in words if word not in used] == []


def test_every_kind_of_figure_is_in_some_example() -> None:
    used = {type(part) for part in FOUND}

    assert [kind.__name__ for kind in get_args(Figure) if kind not in used] == []


def test_people_are_counted_in_every_way_in_some_example() -> None:
    people = [part for part in FOUND if isinstance(part, PeopleFigure)]

    assert {each.scope for each in people} >= {Scope.FRONTLINE, Scope.DOWNLINE, Scope.LEGS}
    assert {each.leg for each in people} == {0, 1, 2}
    assert any(each.levels for each in people)
    assert any(len(each.who[0].terms) > 1 for each in people)


def test_there_are_plans_on_the_pages() -> None:
    assert len(PLANS) >= 140
    assert all(isinstance(plan, Plan) for plan in PLANS)
