"""The oracle says what the documentation says: every example of the page, figure by figure."""

import pytest

from tests.oracle.examples import EXAMPLES, misses, payment, read_example
from tests.oracle.period import work_out


def test_documentation_has_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split('"')[1])
def test_oracle_gives_the_figures_of_the_documentation(text: str) -> None:
    example = read_example(text)

    answer = work_out(example.plan, example.network, example.sales)

    assert [miss for line in example.standings for miss in misses(line, answer.standings)] == []
    assert sorted(payment(line) for line in answer.lines) == sorted(example.pays)
