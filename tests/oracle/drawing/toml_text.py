"""Writes a plan, drawn as tables of Python, as the TOML that a person would write."""

import json
import re
from collections.abc import Iterator
from typing import Any

Table = dict[str, Any]
BARE = re.compile(r"[A-Za-z0-9_-]+")
INSIDE = {"volume", "tree", "market"}
"""Tables of which each entry that is a table has a header of its own."""


def plan_text(plan: Table) -> str:
    """
    >>> print(plan_text({"name": "A", "volume": {"X": "PV"}, "rank": [{"name": "B"}]}))
    name = "A"
    <BLANKLINE>
    [volume]
    X = "PV"
    <BLANKLINE>
    [[rank]]
    name = "B"
    <BLANKLINE>
    """
    blocks = ["\n".join(pairs({key: said for key, said in plan.items() if is_small(said)}))]
    for key, said in plan.items():
        if isinstance(said, list) and said and not is_small(said):
            blocks += [block for table in said for block in of_list(key, table)]
        elif isinstance(said, dict):
            blocks += of_table(key, said)
    return "\n\n".join(block for block in blocks if block) + "\n"


def is_small(said: Any) -> bool:
    """Return whether it is written behind its key, not under a header."""
    return not isinstance(said, dict) and not (
        isinstance(said, list) and any(isinstance(each, dict) for each in said)
    )


def pairs(table: Table) -> Iterator[str]:
    yield from (f"{name_of(key)} = {value(said)}" for key, said in table.items())


def of_list(key: str, table: Table) -> Iterator[str]:
    """Yield one table of a list; the steps of a binary have headers of their own."""
    steps = table.get("cycle", [])
    rest = {name: said for name, said in table.items() if name != "cycle"}
    yield "\n".join([f"[[{key}]]", *pairs(rest)])
    for step in steps:
        yield "\n".join([f"[[{key}.cycle]]", *pairs(step)])


def of_table(key: str, table: Table) -> Iterator[str]:
    """Yield a table; what it holds stands under headers of its own where people would do that."""
    inner = {name: said for name, said in table.items() if key in INSIDE and isinstance(said, dict)}
    rest = {name: said for name, said in table.items() if name not in inner}
    if rest or not inner:
        yield "\n".join([f"[{key}]", *pairs(rest)])
    for name, said in inner.items():
        yield "\n".join([f"[{key}.{name_of(name)}]", *pairs(said)])


def name_of(key: str) -> str:
    return key if BARE.fullmatch(key) else value(key)


def value(said: Any) -> str:
    """
    >>> value({"Two Star": ["5%", "3%"], "on": True, "n": 3})
    '{ "Two Star" = ["5%", "3%"], on = true, n = 3 }'
    """
    if isinstance(said, dict):
        return "{ " + ", ".join(pairs(said)) + " }" if said else "{}"
    if isinstance(said, list):
        return "[" + ", ".join(map(value, said)) + "]"
    return json.dumps(said, ensure_ascii=False)
