"""TOML with places says what TOML says, and no text makes the readers fail."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.plan import PlanError, PlanMistake, read_plan
from commissions.plan.layout import format_plan
from commissions.plan.mistakes import Mistakes
from commissions.plan.toml import read_toml

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
values = st.recursive(
    texts | st.integers(-9, 10**6) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {as_toml(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,5}", fullmatch=True), values))
def test_what_toml_says_is_read_as_toml_reads_it(document: dict[str, object]) -> None:
    text = "".join(f"{key} = {as_toml(value)}\n" for key, value in document.items())
    mistakes = Mistakes()

    root = read_toml(text, mistakes)

    assert mistakes.found == []
    assert root.plain_data() == tomllib.loads(text)


@given(st.text("[]{}=\"'#.,\n ab1%-\\", max_size=60))
def test_no_text_makes_the_reader_fail_and_nothing_passes_that_is_not_toml(text: str) -> None:
    mistakes = Mistakes()

    root = read_toml(text, mistakes)

    if not mistakes.found:
        assert root.plain_data() == tomllib.loads(text)
    else:
        lines = text.split("\n")
        assert all(1 <= one.line <= len(lines) for one in mistakes.found)


@given(st.text("[]{}=\"'# .,\nbonusrakactivequPVG>05%", max_size=80))
def test_no_text_is_read_as_a_plan_by_accident(text: str) -> None:
    with pytest.raises(PlanError):
        read_plan(text)


def test_a_byte_order_mark_before_the_text_says_nothing() -> None:
    marked = "\ufeff" + 'name = "A"\ncurrency = "USX"\n'

    assert read_toml(marked, Mistakes()).plain_data() == {"name": "A", "currency": "USX"}
    assert [(one.line, one.column) for one in mistakes_in(marked)][:1] == [(1, 1)]
    assert format_plan(marked) == 'name     = "A"\ncurrency = "USX"\n'


def test_too_long_a_text_is_one_mistake() -> None:
    assert len(mistakes_in("# nothing\n" * 25_000)) == 1


@pytest.mark.parametrize("text", ["[" * 5_000, '"' * 5_000, 'name = "' + "9" * 5_000 + '"'])
def test_no_mistake_repeats_words_without_end(text: str) -> None:
    assert all(len(str(one)) < 400 for one in mistakes_in(text))


def mistakes_in(text: str) -> tuple[PlanMistake, ...]:
    with pytest.raises(PlanError) as caught:
        read_plan(text)
    return caught.value.mistakes
