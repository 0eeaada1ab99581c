"""The tables of docs/plan-language.md that claim to be complete are: kinds, and keys by stage."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from commissions.plan.bonuses import KINDS
from tests.docs.pages import HEADING, ROOT, anchors, prose, read, rows, section

PAGE = read(ROOT / "docs" / "plan-language.md")
SCHEMA = json.loads(read(ROOT / "docs" / "plan.schema.json"))
KEY = re.compile(r"\[`([^`]+)`\]\(#([^)]+)\)")

RANKS = "`[active]`, `[[rank]]` and `[ranks]`"
GROUPS = {
    "TreeTable": ["`[tree.NAME]`"],
    "LevelsTable": ["`[volume]`"],
    "ReserveTable": ["`[volume]`"],
    "ActiveTable": [RANKS],
    "RankTable": [RANKS],
    "RanksTable": [RANKS],
    "CycleTable": ["`[[bonus.cycle]]`"],
    "BonusCapTable": ["a bonus's `cap`"],
    "BuyerCapTable": ["a bonus's `cap`"],
    "CapTable": ["`[cap]`"],
    "DeductionTable": ["`[[deduction]]`"],
    "ExampleTable": ["`[[example]]`"],
}
"""Under which headings of the index the keys of a table of the schema stand."""

TOGETHER = {
    "unilevel": "`unilevel` and `fast-start`",
    "fast-start": "`unilevel` and `fast-start`",
    "retail": "`retail` and `personal`",
    "personal": "`retail` and `personal`",
}
IN_MARKETS = {
    "MarketTable": "",
    "MarketActiveTable": "active.",
    "MarketRankTable": "rank.NAME.",
    "MarketBonusCapTable": "bonus.NAME.cap.",
    "MarketCapTable": "cap.",
}
"""What stands before the keys of a market's tables; before all others `bonus.NAME.`."""
NESTED = {"active", "rank", "bonus", "cap", "bonus.NAME.cap"}
"""Keys of markets that hold tables: their own keys stand in the index."""
WITHOUT_EXAMPLES = {"name", "kind", "example"}


def index_of(group: str) -> list[list[str]]:
    """Return the rows of one table of the index."""
    title = "Keys at the top" if group == "at the top" else f"Keys of {group}"
    return rows(section(PAGE, f"### {title}"))


def keys_in(group: str) -> list[str]:
    return [found[1] for row in index_of(group) if (found := KEY.match(row[0]))]


def tables() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each table of the schema: its name, the keys, and the groups that they stand in."""
    yield "PlanTable", list(SCHEMA["properties"]), ["at the top"]
    for name, table in SCHEMA["$defs"].items():
        keys = list(table["properties"])
        kind = table["properties"].get("kind", {}).get("const")
        if name.startswith("Market"):
            before = IN_MARKETS.get(name, "bonus.NAME.")
            yield name, [before + key for key in keys], ["`[market.XX]`"]
        elif kind:
            own = TOGETHER.get(kind, f"`{kind}`")
            yield name, keys, ["every bonus", "several kinds", own]
        else:
            yield name, keys, GROUPS[name]


TABLES = list(tables())
ALL_GROUPS = list(dict.fromkeys(group for _, _, groups in TABLES for group in groups))


@pytest.mark.parametrize(("name", "keys", "groups"), TABLES, ids=[name for name, _, _ in TABLES])
def test_every_key_of_the_schema_stands_in_the_index(
    name: str, keys: list[str], groups: list[str]
) -> None:
    del name
    known = [key for group in groups for key in keys_in(group)]

    assert [key for key in keys if key not in known and key not in NESTED] == []


@pytest.mark.parametrize("group", ALL_GROUPS)
def test_the_index_has_no_key_that_the_schema_does_not_have(group: str) -> None:
    known = {key for _, keys, groups in TABLES if group in groups for key in keys}

    assert [key for key in keys_in(group) if key not in known and not is_phrase(key)] == []
    assert keys_in(group) != []


def index_rows() -> list[tuple[str, str, list[str]]]:
    """Return of every row of the index the key, the anchor it leads to, and the cells."""
    text = section(PAGE, "# Index of keys")
    return [(found[1], found[2], row) for row in rows(text) if (found := KEY.match(row[0]))]


def test_every_key_of_the_index_has_a_stage_that_there_is() -> None:
    stages = {row[0].strip("`") for row in rows(section(PAGE, "## Order of evaluation"))}

    assert len(stages) >= 10
    assert [(key, row[1]) for key, _, row in index_rows() if row[1] not in stages] == []
    assert [key for key, _, row in index_rows() if not row[2]] == []


def test_every_key_of_the_index_leads_to_a_section_that_names_it() -> None:
    headings = dict(zip(anchors(PAGE), heading_lines(), strict=True))

    unnamed = [
        (key, anchor)
        for key, anchor, _ in index_rows()
        if f"`{key}`" not in section(PAGE, headings[anchor]) and not holds_tables(key)
    ]
    assert [each for each in unnamed if not is_phrase(each[0])] == []


def holds_tables(key: str) -> bool:
    """Tell whether a key at the top holds tables, which have sections of their own."""
    return bool(SCHEMA["properties"].get(key, {"type": "string"}).get("type") != "string")


def is_phrase(key: str) -> bool:
    """Tell whether it is no key but a phrase of a volume."""
    return " " in key


def heading_lines() -> list[str]:
    """Return the lines of the headings, in order."""
    return [found[0].rstrip() for found in HEADING.finditer(prose(PAGE))]


def test_every_key_of_the_index_leads_to_an_example() -> None:
    without = {key for key, _, row in index_rows() if "plan-examples.md#" not in row[3]}

    about_examples = set(keys_in("`[[example]]`"))
    assert without - about_examples - WITHOUT_EXAMPLES == set()


def test_every_kind_stands_in_the_table_of_kinds() -> None:
    kinds = [KEY.match(row[0]) for row in rows(section(PAGE, "## `[[bonus]]`"))]
    found = [each[1] for each in kinds if each]

    assert found[: len(KINDS)] == list(KINDS)


def test_the_table_of_kinds_has_what_each_knows_of_returns() -> None:
    for row in rows(section(PAGE, "## `[[bonus]]`")):
        kind = KEY.match(row[0])
        if kind is None or kind[1] not in KINDS:
            continue
        table = next(each for each in SCHEMA["$defs"].values() if is_of_kind(each, kind[1]))
        words = re.findall(r"`([\w ]+)`", row[2])
        default = re.search(r"\*\*`(\w+)`\*\*", row[2])
        assert words == table["properties"]["on_return"]["enum"]
        assert default is not None
        assert default[1] == table["properties"]["on_return"]["default"]


def is_of_kind(table: dict[str, Any], kind: str) -> bool:
    return bool(table["properties"].get("kind", {}).get("const") == kind)


def test_every_plan_of_the_gallery_stands_in_its_table() -> None:
    table = rows(section(PAGE, "## Start from the gallery"))
    named = [re.findall(r"\.\./plans/([\w-]+\.toml)", row[0]) for row in table]

    plans = sorted(path.name for path in (ROOT / "plans").glob("*.toml"))
    assert sorted(name for names in named for name in names) == plans
