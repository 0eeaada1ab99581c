"""TOML text in statements: a header or a key with its value, over as many lines as it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commissions.plan.mistakes import Mistakes, Place

BEGINS = re.compile(
    r"[ \t]*(?:\[\[?[ \t]*[A-Za-z_][\w.\-]*[ \t]*\]\]?[ \t]*(?:#.*)?$"
    r"|[A-Za-z_][\w\-]*(?:\.[\w\-]+)*[ \t]*=)"
)
"""How a line looks that surely begins something new, even if a bracket is still open."""

KEY = re.compile(r"[ \t]*\[{0,2}[ \t]*([A-Za-z0-9_\-]+(?:[ \t]*\.[ \t]*[A-Za-z0-9_\-]+)*)")
DEPTH_MAX = 12
"""Brackets inside each other, and names of a key: no plan needs half as many."""

LONG_QUOTES = ('"""', "'''")
CLOSERS = {"[": "]", "{": "}"}
CURLY = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of one statement and the line where it begins.

    `unclosed` is an open bracket, `too_deep` one that is inside too many others, `curly` the first
    quote of a kind that only word processors write.
    """

    line: int
    text: str
    unclosed: Place | None = None
    too_deep: Place | None = None
    curly: Place | None = None

    @property
    def key(self) -> str:
        """Return the key or the table's name, as far as it can be told."""
        found = KEY.match(self.text)
        return found[1] if found else ""

    @property
    def is_header(self) -> bool:
        """Tell whether it opens a table."""
        return self.text.lstrip().startswith("[")


def statements(text: str, mistakes: Mistakes) -> list[Statement]:
    """Return the statements of a text, without empty lines and comments between them."""
    for number, line in enumerate(text.split("\n"), start=1):
        wrong = next((k for k, letter in enumerate(line.rstrip("\r")) if _is_control(letter)), None)
        if wrong is not None:
            mistakes.add(Place(number, wrong + 1), "", "There is a control character here.",
                         "Delete it.")  # fmt: skip
    lines = text.split("\n")
    found: list[Statement] = []
    at = 0
    while at < len(lines):
        stripped = lines[at].strip()
        if not stripped or stripped.startswith("#"):
            at += 1
            continue
        statement, at = _statement(lines, at)
        found.append(statement)
    return found


def _is_control(letter: str) -> bool:
    return (ord(letter) < 32 and letter != "\t") or ord(letter) == 127


def _statement(lines: list[str], first: int) -> tuple[Statement, int]:
    """Return the statement that begins in a line, and the line after it."""
    scan = _Scan()
    for number in range(first, len(lines)):
        if number > first and not scan.quote and BEGINS.match(lines[number]):
            break
        scan.line(lines[number], number + 1, is_header=number == first)
        if not scan.is_open:
            text = "\n".join(lines[first : number + 1])
            return Statement(first + 1, text, None, scan.too_deep, scan.curly), number + 1
    else:
        number = len(lines)
    text = "\n".join(lines[first:number])
    if scan.quote:
        return Statement(first + 1, lines[first]), _next_beginning(lines, first + 1)
    return Statement(first + 1, text, scan.brackets[0][1], curly=scan.curly), number


def _next_beginning(lines: list[str], at: int) -> int:
    """Return the next line that surely begins something new: what is between is text."""
    while at < len(lines) and not BEGINS.match(lines[at]):
        at += 1
    return at


class _Scan:
    """Follows brackets and long texts from line to line."""

    def __init__(self) -> None:
        self.brackets: list[tuple[str, Place]] = []
        self.quote = ""
        self.too_deep: Place | None = None
        self.curly: Place | None = None

    @property
    def is_open(self) -> bool:
        return bool(self.quote or self.brackets)

    def line(self, text: str, number: int, *, is_header: bool) -> None:
        at = 0
        if is_header and text.lstrip().startswith("["):
            return
        while at < len(text):
            at = self._inside(text, at) if self.quote else self._outside(text, at, number)

    def _inside(self, text: str, at: int) -> int:
        end = text.find(self.quote, at)
        if end < 0:
            return len(text)
        self.quote = ""
        return end + 3

    def _outside(self, text: str, at: int, number: int) -> int:
        letter = text[at]
        if letter == "#":
            return len(text)
        if text.startswith(LONG_QUOTES, at):
            self.quote = text[at : at + 3]
            return at + 3
        if letter in "\"'":
            return _after_text(text, at)
        if letter in CURLY:
            self.curly = self.curly or Place(number, at + 1)
        elif letter in CLOSERS:
            self.brackets.append((CLOSERS[letter], Place(number, at + 1)))
            if len(self.brackets) > DEPTH_MAX:
                self.too_deep = self.too_deep or Place(number, at + 1)
        elif self.brackets and letter == self.brackets[-1][0]:
            self.brackets.pop()
        return at + 1


def _after_text(text: str, at: int) -> int:
    """Return the place after a text in quotes; one without a closing quote ends with its line."""
    quote = text[at]
    at += 1
    while at < len(text):
        if text[at] == "\\" and quote == '"':
            at += 2
        elif text[at] == quote:
            return at + 1
        else:
            at += 1
    return len(text)
