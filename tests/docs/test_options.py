"""No key and no option of the language is without an example on a page of docs/."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.docs.pages import PAGES, ROOT, blocks, read

SCHEMA = json.loads(read(ROOT / "docs" / "plan.schema.json"))
KINDS = {
    table["properties"]["kind"]["const"]: name
    for name, table in SCHEMA["$defs"].items()
    if "const" in table["properties"].get("kind", {})
}
PLANS = [
    tomllib.loads(block.text)
    for page in PAGES
    for block in blocks(read(page))
    if block.language == "toml" and not block.said and "[[example]]" in block.text
]
Table = dict[str, Any]


def tables() -> Iterator[tuple[str, Table]]:
    """Yield all tables of all plans that have examples, with what the schema calls them."""
    for plan in PLANS:
        yield "PlanTable", plan
        yield from of_people(plan)
        for bonus in plan.get("bonus", []):
            yield from of_bonus(bonus)
        yield "CapTable", plan.get("cap", {})
        yield from (("DeductionTable", each) for each in plan.get("deduction", []))
        yield from (("MarketTable", each) for each in plan.get("market", {}).values())
        yield from (("ExampleTable", each) for each in plan["example"])


def of_people(plan: Table) -> Iterator[tuple[str, Table]]:
    """Yield the tables of trees, volumes, activity and ranks."""
    yield from (("TreeTable", tree) for tree in plan.get("tree", {}).values())
    for volume in plan.get("volume", {}).values():
        if isinstance(volume, dict):
            yield "ReserveTable" if "at_once" in volume else "LevelsTable", volume
    yield "ActiveTable", plan.get("active", {})
    yield from (("RankTable", rank) for rank in plan.get("rank", []))
    yield "RanksTable", plan.get("ranks", {})


def of_bonus(bonus: Table) -> Iterator[tuple[str, Table]]:
    """Yield a bonus, its cap and its cycles."""
    yield KINDS[bonus["kind"]], bonus
    yield "BuyerCapTable", bonus.get("cap", {})
    yield from (("CycleTable", cycle) for cycle in bonus.get("cycle", []))


ALL = list(tables())
NAMES = sorted({name for name, _ in ALL} | set(KINDS.values()))
COMMON = {"paid_to", "requires", "round_at", "on_return", "cadence", "cap", "part", "rates_by"}
"""Keys of many kinds: an example with one of them is enough."""
ALIKE = {
    "RetailTable": {"RetailTable", "PersonalTable"},
    "PersonalTable": {"RetailTable", "PersonalTable"},
}
"""Kinds with the same keys: an example with one of the two is enough."""


def properties(name: str) -> dict[str, Any]:
    table = SCHEMA if name == "PlanTable" else SCHEMA["$defs"][name]
    found: dict[str, Any] = table["properties"]
    return found


def options(schema: Any) -> list[Any]:
    """Return the words that may stand for a key; nothing if it is not about words."""
    if schema.get("type") == "boolean":
        return [True, False]
    found = list(schema.get("enum", []))
    for part in schema.get("anyOf", []):
        found += options(part)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_a_table_is_in_some_example(name: str) -> None:
    used = {key for each, table in ALL if each in ALIKE.get(name, {name}) for key in table}
    wanted = [key for key in properties(name) if name not in KINDS.values() or key not in COMMON]

    assert [key for key in wanted if key not in used] == []


def test_every_key_of_many_kinds_is_in_some_example() -> None:
    used = {key for name, table in ALL if name in KINDS.values() for key in table}

    assert COMMON - used == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_in_some_example_or_the_default(name: str) -> None:
    is_bonus = name in KINDS.values()
    missing = []
    for key, schema in properties(name).items():
        if name == "ExampleTable" or (is_bonus and key in {"cadence", "kind", "on_return"}):
            continue
        many = is_bonus and key in COMMON
        among = set(KINDS.values()) if many else ALIKE.get(name, {name})
        used = [table.get(key) for each, table in ALL if each in among]
        wanted = [word for word in options(schema) if word != schema.get("default")]
        missing += [(key, word) for word in wanted if word not in used]

    assert missing == []


def test_every_way_to_return_is_in_some_example() -> None:
    used = {table.get("on_return") for name, table in ALL if name in KINDS.values()}

    assert used >= {"share", "none", None}
