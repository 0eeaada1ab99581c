"""The documentation's own examples, as they stand and with other figures than the page prints."""

from dataclasses import replace
from random import Random

import pytest

from tests.oracle.cases import Case, draw_points
from tests.oracle.comparing import compare
from tests.oracle.examples import EXAMPLES, read_example


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split('"')[1])
def test_engine_agrees_with_the_oracle_on_an_example_with_any_figures(text: str) -> None:
    example = read_example(text)
    case = Case(example.plan_text, example.network, example.sales)
    assert compare(case) == []

    dice = Random(text)  # noqa: S311 - the same dice every time are what we want
    for _ in range(25):
        sales = [
            replace(sale, pv=draw_points(dice), cv=draw_points(dice)) for sale in example.sales
        ]

        assert compare(replace(case, sales=sales)) == [], str(sales)
