"""TOML with places: every key and value knows its line and column, and one mistake hides no other.

The readers of TOML that exist give no places for values and stop at the first mistake. This one
parts the text into statements, parses each with a grammar, and goes on after one that it cannot
parse. `read_toml` refuses everything that TOML itself refuses, and beyond that floats and dates,
which a plan has no use for.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from commissions.plan.mistakes import Mistakes, Place
from commissions.plan.statements import DEPTH_MAX, Statement, statements
from commissions.plan.unreadable import why_unreadable

GRAMMAR = r"""
start: "[[" key "]]" -> list_header
     | "[" key "]"   -> header
     | pair
pair: key "=" value
key: part ("." part)*
part: BARE | BASIC | LITERAL
?value: scalar | array | table
scalar: LONG_BASIC | LONG_LITERAL | BASIC | LITERAL | MOMENT | FLOAT | INTEGER | FLAG | WORD
array: "[" [value ("," value)* [","]] "]"
table: "{" [pair ("," pair)*] "}"

BARE: /[A-Za-z0-9_-]+/
BASIC.2: /"(?:[^"\\\n]|\\.)*"/
LITERAL.2: /'[^'\n]*'/
LONG_BASIC.3: /\"\"\"(?:[^\\]|\\.)*?\"\"\"/s
LONG_LITERAL.3: /'''.*?'''/s
MOMENT.6: /(\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d[^\s,\]}#]*)?|\d\d:\d\d[^\s,\]}#]*)(?=[\s,\]}#]|$)/
FLOAT.5: /[+-]?(\d[\d_]*\.[\d_]+([eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+|inf|nan)(?=[\s,\]}#]|$)/
INTEGER.4: /([+-]?\d[\d_]*|0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+)(?=[\s,\]}#]|$)/
FLAG.4: /(true|false)(?=[\s,\]}#]|$)/
WORD.1: /[^\s"'\[\]{},#=][^"\[\]{},#=\n]*/
COMMENT: /#[^\n]*/
%ignore COMMENT
%ignore /[ \t\r\n]+/
"""

FLAGS = {"true", "false"}

PARSER = Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)

MAX_CHARACTERS = 200_000
BYTE_ORDER_MARK = "\ufeff"
"""What some editors put before a text; it says nothing."""


class Node:
    """A value with its place. `value` is a str, int, bool, list of nodes, or dict of `Entry`.

    `plain` texts stand in the file letter by letter, so that a place inside them is known.
    `broken` ones could not be read; nothing more is said about them.
    """

    __slots__ = ("broken", "closed", "place", "plain", "value")

    def __init__(
        self, value: Any, place: Place, *, plain: bool = False, broken: bool = False,
        closed: bool = False,
    ) -> None:  # fmt: skip
        self.value = value
        self.place = place
        self.plain = plain
        self.broken = broken
        self.closed = closed

    def plain_data(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain_data() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain_data() for node in self.value]
        return self.value

    def inside(self, offset: int) -> Place:
        """Return the place of the letter `offset` of a text."""
        if not self.plain:
            return self.place
        return Place(self.place.line, self.place.column + 1 + offset)


class Entry(NamedTuple):
    """A key's place and its value."""

    place: Place
    node: Node


def read_toml(text: str, mistakes: Mistakes) -> Node:
    """Return the text's tables; what cannot be read is noted and marked as broken."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    if len(text) > MAX_CHARACTERS:
        mistakes.add(Place(1, 1), "", f"A plan has at most {MAX_CHARACTERS:,} characters.",
                     "Write a shorter plan.")  # fmt: skip
        return Node({}, Place(1, 1), broken=True)
    root = Node({}, Place(1, 1))
    before = len(mistakes.found)
    builder = Builder(root, mistakes)
    for statement in statements(text, mistakes):
        builder.add(statement)
    if len(mistakes.found) == before:
        _check_against_toml(text, root, mistakes)
    return root


def _check_against_toml(text: str, root: Node, mistakes: Mistakes) -> None:
    """Hold what was read against Python's own reader: what it refuses or reads differently."""
    try:
        same = tomllib.loads(text) == root.plain_data()
    except tomllib.TOMLDecodeError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        message = str(error)
        if "(at line " in message:
            numbers = message.rsplit("(at line ", 1)[1].rstrip(")").split(", column ")
            line, column = int(numbers[0]), int(numbers[1])
            message = message.rsplit(" (at line ", 1)[0]
        mistakes.add(Place(line, column), "", f"This is not TOML: {message}.", "Correct it.")
        return
    if not same:
        mistakes.add(Place(1, 1), "", "The text can be read in two ways.",
                     "Write it more plainly, without escapes.")  # fmt: skip


@dataclass(slots=True)
class Builder:
    """Puts statements together into tables."""

    root: Node
    mistakes: Mistakes
    current: Node = field(init=False)
    key: str = ""

    def __post_init__(self) -> None:
        self.current = self.root

    def add(self, statement: Statement) -> None:
        """Add one statement, or note why it cannot be read."""
        self.key = statement.key
        if statement.unclosed is not None:
            self.mistakes.add(statement.unclosed, statement.key, "This bracket is never closed.",
                              "Close it before the next key or table.")  # fmt: skip
            self._mark_broken(statement)
            return
        if statement.too_deep is not None:
            self.mistakes.add(statement.too_deep, statement.key, "This is inside too much else.",
                              f"Write at most {DEPTH_MAX} brackets in each other.")  # fmt: skip
            self._mark_broken(statement)
            return
        if statement.curly is not None:
            self.mistakes.add(statement.curly, statement.key, "This is a curly quote.",
                              'Write a straight one, ".')  # fmt: skip
            self._mark_broken(statement)
            return
        try:
            tree = PARSER.parse(statement.text)
        except UnexpectedInput as error:
            found = why_unreadable(statement, error)
            self.mistakes.add(found.place, statement.key, found.problem, found.remedy)
            self._mark_broken(statement)
            return
        if tree.data in {"header", "list_header"}:
            self._open(tree, statement.line)
        else:
            self._add_pair(self.current, tree.children[0], statement.line)

    def _mark_broken(self, statement: Statement) -> None:
        """Keep a place for what could not be read, so that nobody calls it missing."""
        place = Place(statement.line, 1)
        broken = Node(None, place, broken=True)
        name = statement.key.split(".", 1)[0].strip()
        if not statement.is_header:
            if name:
                self.current.value.setdefault(name, Entry(place, broken))
            return
        self.current = Node({}, place, broken=True)
        if statement.text.lstrip().startswith("[["):
            broken = Node([], place, closed=True)
        entry = self.root.value.setdefault(name, Entry(place, broken)) if name else None
        if entry and isinstance(entry.node.value, list):
            entry.node.value.append(self.current)

    def _open(self, tree: Any, line: int) -> None:
        parts = self._key(tree.children[0], line)
        place = parts[0][1]._replace(column=1)
        outer = self._inner(self.root, parts[:-1])
        if outer is None:
            self.current = Node({}, place, broken=True)
            return
        name, at = parts[-1]
        entry = outer.value.get(name)
        self.current = Node({}, place, closed=True)
        if tree.data == "list_header":
            if entry is None:
                outer.value[name] = Entry(at, Node([self.current], place, closed=True))
            elif isinstance(entry.node.value, list) and entry.node.closed:
                entry.node.value.append(self.current)
            else:
                self._twice(name, at, entry)
        elif entry is None:
            outer.value[name] = Entry(at, self.current)
        elif isinstance(entry.node.value, dict) and not entry.node.closed:
            entry.node.closed = True
            self.current = entry.node
        else:
            self._twice(name, at, entry)

    def _twice(self, name: str, place: Place, entry: Entry) -> None:
        if not entry.node.broken:
            self.mistakes.add(place, name, f"{name!r} stands already in line {entry.place.line}.",
                              "Keep one of the two.")  # fmt: skip

    def _inner(self, table: Node, parts: list[tuple[str, Place]]) -> Node | None:
        if len(parts) >= DEPTH_MAX:
            self.mistakes.add(parts[0][1], parts[0][0], "This key has too many names.",
                              f"Write at most {DEPTH_MAX}.")  # fmt: skip
            return None
        for name, place in parts:
            entry = table.value.setdefault(name, Entry(place, Node({}, place)))
            node = entry.node
            if isinstance(node.value, list) and node.value and node.closed:
                node = node.value[-1]
            if not isinstance(node.value, dict):
                self._twice(name, place, entry)
                return None
            table = node
        return table

    def _add_pair(self, table: Node, tree: Any, line: int) -> None:
        parts = self._key(tree.children[0], line)
        value = self._value(tree.children[1], line)
        inner = self._inner(table, parts[:-1])
        if inner is None:
            return
        name, place = parts[-1]
        if name in inner.value:
            self._twice(name, place, inner.value[name])
        else:
            inner.value[name] = Entry(place, value)

    def _key(self, tree: Any, line: int) -> list[tuple[str, Place]]:
        parts = []
        for part in tree.children:
            token = part.children[0]
            place = _token_place(token, line)
            name = str(token) if token.type == "BARE" else self._text(token, place) or ""
            parts.append((name, place))
        return parts

    def _value(self, tree: Any, line: int) -> Node:
        place = Place(tree.meta.line + line - 1, tree.meta.column)
        if tree.data == "array":
            return Node([self._value(child, line) for child in tree.children], place)
        if tree.data == "table":
            table = Node({}, place)
            for pair in tree.children:
                self._add_pair(table, pair, line)
            table.closed = True
            return table
        return self._scalar(tree.children[0], place)

    def _scalar(self, token: Token, place: Place) -> Node:
        if token.type == "INTEGER":
            return self._integer(token, place)
        if token.type == "FLAG":
            return Node(str(token).startswith("t"), place)
        if token.type in {"FLOAT", "MOMENT", "WORD"}:
            self._refuse_scalar(token, place)
            return Node(None, place, broken=True)
        plain = token.type in {"BASIC", "LITERAL"} and "\\" not in token
        text = self._text(token, place)
        return Node(text, place, plain=plain, broken=text is None)

    def _integer(self, token: Token, place: Place) -> Node:
        try:
            return Node(int(token, 0), place)
        except ValueError:
            self.mistakes.add(
                place, self.key, f"{token} is not a number.", "Write it without zeros in front."
            )
            return Node(None, place, broken=True)

    def _refuse_scalar(self, token: Token, place: Place) -> None:
        word = token.strip()
        if token.type == "FLOAT":
            problem = f"{word} is a number with a point, which computers round."
        elif token.type == "MOMENT":
            problem = f"{word} is a date, and a plan has none."
        else:
            problem = f"{word} is not in quotes."
        remedy = f'Write a text in quotes, "{word}".'
        if word.lower() in FLAGS:
            problem, remedy = f"{word} is not understood.", f"Write {word.lower()}."
        self.mistakes.add(place, self.key, problem, remedy)

    def _text(self, token: Token, place: Place) -> str | None:
        try:
            text = tomllib.loads(f"x = {token}")["x"]
        except tomllib.TOMLDecodeError:
            if "\\" in token:
                self.mistakes.add(place, self.key, f"{token} holds a backslash that means nothing.",
                                  "Write texts without backslashes.")  # fmt: skip
            return None
        return str(text)


def _token_place(token: Token, line: int) -> Place:
    return Place((token.line or 1) + line - 1, token.column or 1)
