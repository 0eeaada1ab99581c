"""What is wrong with a plan: values with a place, collected and reported together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile
from typing import NamedTuple

from typing_extensions import override

SHOWN_MAX = 20
"""Words that are listed; of more only the first are."""

ENDLESS = re.compile(r"\S{80,}")
"""A word that nobody could read to its end."""


class Place(NamedTuple):
    """Where something stands in the text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class PlanMistake:
    """One mistake: where it is, what is wrong, and what to write instead."""

    line: int
    column: int
    path: str
    problem: str
    remedy: str
    suggestion: str = ""

    @override
    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}"
        path = f" ({self.path})" if self.path else ""
        hint = f' Did you mean "{self.suggestion}"?' if self.suggestion else ""
        return f"{where}{path}: {self.problem} {self.remedy}{hint}"


class PlanError(Exception):
    """A plan that cannot be used; `mistakes` holds every mistake, in the order of the text."""

    def __init__(self, mistakes: Iterable[PlanMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(slots=True)
class Mistakes:
    """Collects mistakes while a plan is read."""

    found: list[PlanMistake] = field(default_factory=list)

    def add(self, place: Place, path: str, problem: str, remedy: str, suggestion: str = "") -> None:
        """Note one mistake; words without end are shown by their beginnings."""
        problem, remedy = _readable(problem), _readable(remedy)
        self.found.append(PlanMistake(*place, path, problem, remedy, suggestion))

    def in_order(self) -> tuple[PlanMistake, ...]:
        """Return the mistakes by place, each once."""
        return tuple(sorted(set(self.found)))


def cannot_be_read(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file cannot be read, and what to do about it."""
    if isinstance(error, UnicodeDecodeError):
        return "cannot be read: it is not UTF-8. Save it as UTF-8 text."
    return f"cannot be read: {error.strerror}."


def _readable(text: str) -> str:
    return ENDLESS.sub(lambda found: f"{found[0][:40]}...", text)


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is nearly this one, or nothing; of several, one that begins alike.

    >>> closest("unilvel", ["unilevel", "matching"]), closest("pv", ["PV", "CV"])
    ('unilevel', 'PV')
    """
    by_lower = {name.lower(): name for name in known}
    if word in by_lower.values():
        return ""
    near = get_close_matches(word.lower(), by_lower, n=3, cutoff=0.6)
    if not near:
        return ""
    return by_lower[max(near, key=lambda name: _alike(name, word.lower()))]


def _alike(one: str, other: str) -> int:
    """Return with how many letters both begin."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def one_of(words: Iterable[str]) -> str:
    """Return words as a list in quotes.

    >>> one_of(["a", "b", "c"])
    '"a", "b" or "c"'
    """
    quoted = [f'"{word}"' for word in words]
    if len(quoted) > SHOWN_MAX:
        return f"{', '.join(quoted[:8])} or another of the {len(quoted)}"
    return listed(quoted, "or")


def listed(words: Sequence[str], last: str) -> str:
    """Return words as a list.

    >>> listed(["a", "b", "c"], "and")
    'a, b and c'
    """
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
