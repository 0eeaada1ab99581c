"""A plan laid out: aligned, in the order of the language page, with its comments, and no change.

What is moved are whole tables and whole keys, each with the comments above it. The order of what
has an order (ranks, bonuses, volumes, trees, markets, rates) is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from commissions.plan.bonuses import KINDS
from commissions.plan.bonuses.binary import CycleTable
from commissions.plan.bonuses.tables import BonusTable, BuyerCapTable
from commissions.plan.mistakes import Mistakes, PlanError
from commissions.plan.models import (
    ActiveTable,
    CapTable,
    DeductionTable,
    ExampleTable,
    LevelsTable,
    MarketRankTable,
    MarketTable,
    PlanTable,
    RanksTable,
    RankTable,
    ReserveTable,
    TreeTable,
)
from commissions.plan.shape import keys_of
from commissions.plan.statements import Statement, statements
from commissions.plan.toml import BYTE_ORDER_MARK, PARSER, read_toml

WIDTH = 100
GAP = 4
"""Spaces before a comment beside a value."""
COMMENTS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(?P<comment>#[^\n]*)',
    re.DOTALL,
)
"""Texts, which may hold the sign of a comment, and comments."""

KEY_ORDER: dict[tuple[str, ...], list[str]] = {
    (): keys_of(PlanTable),
    ("tree", "*"): keys_of(TreeTable),
    ("volume", "*"): [*keys_of(LevelsTable), *keys_of(ReserveTable)],
    ("active",): keys_of(ActiveTable),
    ("rank",): keys_of(RankTable),
    ("ranks",): keys_of(RanksTable),
    ("bonus", "cycle"): keys_of(CycleTable),
    ("bonus", "cap"): keys_of(BuyerCapTable),
    ("cap",): keys_of(CapTable),
    ("deduction",): keys_of(DeductionTable),
    ("market", "*"): keys_of(MarketTable),
    ("market", "*", "rank", "*"): keys_of(MarketRankTable),
    ("market", "*", "bonus", "*"): ["requires", "rates", "own_group", "tiers", "pays", "cap"],
    ("example",): keys_of(ExampleTable),
}
"""By the path of a table, `*` for a name that the plan gives: its keys as the page has them."""


def format_plan(text: str) -> str:
    """Return the text laid out; `PlanError` if it is not TOML.

    >>> print(format_plan('currency="USD" # dollars\\nname =  "A"'), end="")
    name     = "A"
    currency = "USD"    # dollars
    """
    mistakes = Mistakes()
    read_toml(text, mistakes)
    if mistakes.found:
        raise PlanError(mistakes.in_order())
    top, blocks, tail = _blocks(text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n"))
    parts = ["\n".join(top)] if top else []
    parts += [block.text() for block in sorted(blocks, key=_table_rank) if block.is_something]
    parts += ["\n".join(tail)] if tail else []
    return "\n\n".join(parts) + "\n" if parts else ""


@dataclass(slots=True)
class Item:
    """A key with its value, and the comments that go with it.

    `above` has the lines of comments above it, with an empty line where there was one; `apart`
    tells whether an empty line stood before all of it. `in_lines`: it was written in several.
    """

    key: str
    value: str
    comment: str = ""
    above: list[str] = field(default_factory=list)
    apart: bool = False
    first: str = ""
    in_lines: bool = False

    @property
    def is_one_line(self) -> bool:
        """Tell whether the value stands in one line."""
        return "\n" not in self.value


@dataclass(slots=True)
class Block:
    """A table: its header (none at the top of the file) and its keys."""

    path: tuple[str, ...] = ()
    header: str = ""
    above: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def is_something(self) -> bool:
        """Tell whether anything stands in it."""
        return bool(self.header or self.items)

    def text(self) -> str:
        """Return the table laid out."""
        lines = [*self.above, self.header] if self.header else []
        order = _key_order(self)
        items = sorted(
            self.items,
            key=lambda item: order.index(item.first) if item.first in order else len(order),
        )
        is_aligned = self.path != ("example",)
        pad = max((len(item.key) for item in items if is_aligned), default=0)
        for run in _runs(items):
            if lines and run[0].apart and lines != [*self.above, self.header]:
                lines.append("")
            lines += _run_lines(run, pad)
        return "\n".join(lines)


def _runs(items: list[Item]) -> Iterator[list[Item]]:
    """Part items where something stands between them, so that comments align where they touch."""
    run: list[Item] = []
    for item in items:
        if run and (item.apart or item.above or not (item.is_one_line and run[-1].is_one_line)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _run_lines(run: list[Item], pad: int) -> list[str]:
    codes = [f"{item.key.ljust(pad)} = {_wrapped(item, pad)}" for item in run]
    beside = [len(code) for code, item in zip(codes, run, strict=True) if item.comment]
    column = max(beside, default=0)
    lines = list(run[0].above)
    for code, item in zip(codes, run, strict=True):
        is_short = column + GAP + len(item.comment) <= WIDTH and "\n" not in code
        gap = " " * ((column - len(code) if is_short else 0) + GAP)
        lines.append(code + (gap + item.comment if item.comment else ""))
    return lines


def _wrapped(item: Item, pad: int) -> str:
    """Return a value as it is; a list that is long, or was so before, in several lines."""
    is_long = item.in_lines or len(item.value) + pad + 3 > WIDTH
    if not item.is_one_line or not is_long or item.value == "[]":
        return item.value
    tree = _parsed(f"x = {item.value}").children[0].children[1]
    if tree.data != "array":
        return item.value
    inner = "".join(f"  {_value(child)},\n" for child in tree.children)
    return f"[\n{inner}]"


def _key_order(block: Block) -> list[str]:
    if block.path == ("bonus",):
        kind = next((item.value.strip("\"'") for item in block.items if item.key == "kind"), "")
        return _bonus_keys(keys_of(KINDS[kind].table if kind in KINDS else BonusTable))
    for path, order in KEY_ORDER.items():
        if len(path) == len(block.path) and all(
            known in {"*", given} for known, given in zip(path, block.path, strict=True)
        ):
            return order
    return []


def _bonus_keys(keys: list[str]) -> list[str]:
    """Return a bonus's keys with its limits last: they are read when one knows what is limited."""
    return [*(key for key in keys if key != "cap"), "cap"]


def _table_rank(block: Block) -> int:
    order = keys_of(PlanTable)
    if not block.path:
        return -1
    return order.index(block.path[0]) if block.path[0] in order else len(order)


def _blocks(text: str) -> tuple[list[str], list[Block], list[str]]:
    """Return the comments at the top of the file, its tables, and the comments at its end."""
    lines = text.split("\n")
    blocks, at, top = [Block()], 0, list[str]()
    for number, statement in enumerate(statements(text, Mistakes())):
        apart, above = _comments(lines[at : statement.line - 1])
        if number == 0 and "" in above:
            top, above = above[: above.index("")], above[above.index("") + 1 :]
        at = statement.line + statement.text.count("\n")
        if statement.is_header:
            blocks.append(_header(statement, above))
        else:
            blocks[-1].items.append(_item(statement, above, apart=apart))
    _, tail = _comments(lines[at:])
    return top, blocks, tail[:-1] if tail[-1:] == [""] else tail


def _comments(lines: list[str]) -> tuple[bool, list[str]]:
    """Return whether an empty line comes first, and comments with one empty line between them."""
    found: list[str] = []
    for line in (line.strip() for line in lines):
        if line or (found and found[-1]):
            found.append(line)
    return bool(lines and not lines[0].strip()), found


def _parsed(text: str) -> Any:
    return PARSER.parse(text)


def _header(statement: Statement, above: list[str]) -> Block:
    tree = _parsed(statement.text)
    path, comment = _key(tree.children[0]), _last_comment(statement.text)[1]
    header = f"[[{path}]]" if tree.data == "list_header" else f"[{path}]"
    return Block(
        _names(tree.children[0]), header + (f"{' ' * GAP}{comment}" if comment else ""), above
    )


def _item(statement: Statement, above: list[str], *, apart: bool) -> Item:
    key, value = _parsed(statement.text).children[0].children
    code, comment = _last_comment(statement.text)
    if any(found["comment"] for found in COMMENTS.finditer(code)):
        shown = code[_after_equals(code) :].strip()
    else:
        shown = _value(value)
    in_lines = "\n" in code.strip() and "\n" not in shown
    return Item(_key(key), shown, comment, above, apart, _names(key)[0], in_lines)


def _last_comment(text: str) -> tuple[str, str]:
    """Return a statement without the comment that ends it, and that comment."""
    text = text.rstrip()
    for found in COMMENTS.finditer(text):
        if found["comment"] and found.end() == len(text):
            return text[: found.start()], found["comment"]
    return text, ""


def _after_equals(code: str) -> int:
    """Return where the value begins: after the sign that follows the key."""
    key = re.match(r"""\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w\-.\s])+=""", code)
    return key.end() if key else 0


def _key(tree: Any) -> str:
    return ".".join(str(part.children[0]) for part in tree.children)


def _names(tree: Any) -> tuple[str, ...]:
    return tuple(str(part.children[0]).strip("\"'") for part in tree.children)


def _value(tree: Any) -> str:
    """Return a value in one line, but for texts of several lines, which stay as they are."""
    if tree.data == "array":
        return f"[{', '.join(map(_value, tree.children))}]"
    if tree.data == "table":
        inner = ", ".join(
            f"{_key(pair.children[0])} = {_value(pair.children[1])}" for pair in tree.children
        )
        return f"{{ {inner} }}" if inner else "{}"
    return str(tree.children[0]).strip()
