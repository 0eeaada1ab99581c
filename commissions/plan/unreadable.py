"""Why a statement cannot be read: what stands in the wrong place, and what to write instead."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import NamedTuple

from lark.exceptions import UnexpectedInput, UnexpectedToken

from commissions.plan.mistakes import Place
from commissions.plan.statements import LONG_QUOTES, Statement

SHAPES = "Write KEY = VALUE, [TABLE] or [[TABLE]]."
QUOTED = "Put a name with spaces, or with other letters than a to z, in quotes."
WORD = ascii_letters + digits + "_-"


class Unreadable(NamedTuple):
    """Where a statement stops making sense, why, and what to write."""

    place: Place
    problem: str
    remedy: str


def why_unreadable(statement: Statement, error: UnexpectedInput) -> Unreadable:
    """Return why a statement cannot be read, from where the grammar stopped."""
    line, column = _error_place(statement, error)
    whole = statement.text.splitlines()[line - 1] if statement.text else ""
    if whole[column - 3 : column] in LONG_QUOTES:
        column -= 2
    if _is_odd_letter(whole[column - 1 :]):
        column = len(whole[: column - 1].rstrip(WORD)) + 1
    rest = whole[column - 1 :]
    place = Place(statement.line + line - 1, column)
    quote = rest[:3] if rest.startswith(LONG_QUOTES) else rest[:1]
    if quote[:1] in {'"', "'"} and rest.count(quote) % 2:
        return Unreadable(place, "This text has no closing quote.", f"Write {quote} at its end.")
    if not rest.strip():
        return Unreadable(place, "Something is missing here.", SHAPES)
    problem, remedy = _wrong_word(rest, error)
    return Unreadable(place, problem, remedy)


def _wrong_word(rest: str, error: UnexpectedInput) -> tuple[str, str]:
    """Return what is wrong with the first word of a rest that cannot stand there."""
    accepts = error.accepts if isinstance(error, UnexpectedToken) else set()
    word = rest.split()[0]
    problem = f"{word!r} cannot stand here."
    if "COMMA" in accepts:
        return "A comma is missing before this.", "Write a comma between two entries."
    if accepts == {"$END"}:
        return problem, "Write one key or one table in a line, and nothing after it."
    if not word.isascii() or ("DOT" in accepts and word[0].isalpha()):
        return problem, QUOTED
    return problem, SHAPES


def _is_odd_letter(text: str) -> bool:
    return text[:1].isalpha() and not text[0].isascii()


def _error_place(statement: Statement, error: UnexpectedInput) -> tuple[int, int]:
    """Return line and column in the statement; at the end of the text, after its last letter."""
    token = getattr(error, "token", None)
    lines = statement.text.splitlines() or [""]
    if (token is not None and token.type == "$END") or not 0 < error.line <= len(lines):
        return len(lines), len(lines[-1].rstrip()) + 1
    return error.line, error.column
