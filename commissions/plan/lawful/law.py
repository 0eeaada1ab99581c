"""The rules, profiles and numbers that plans are held against, as rules.toml and profiles.toml say.

This is not legal advice; each rule and number carries its source, and how sure that is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from typing_extensions import override

FOLDER = Path(__file__).parent

MARKS = {
    "S": "as published",
    "R": "recalled, not confirmed",
    "D": "a default, not law",
}
"""How sure a source is, in words for whoever reads a finding."""


class Severity(StrEnum):
    """What comes of a finding: the plan is refused, wants a signature, or it is only said."""

    REFUSE = "refuse"
    SIGN = "sign"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a number comes from; `mark` is a key of `MARKS`."""

    text: str
    mark: str
    address: str = ""

    @override
    def __str__(self) -> str:
        return self.text if self.mark == "S" else f"{self.text} ({MARKS[self.mark]})"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `why` and `remedy` are sentences, the first without its full stop."""

    id: str
    title: str
    why: str
    remedy: str
    sources: tuple[Source, ...]
    words: frozenset[str] = frozenset()
    when_read: bool = False

    @property
    def source(self) -> str:
        """Return all sources in one line."""
        return "; ".join(map(str, self.sources))

    def finds(self, text: str) -> bool:
        """Tell whether one of the rule's words is a text, or a part of a name made of words.

        >>> autoship = rules()["autoship-condition"]
        >>> autoship.finds("AUTO_SHIP_PV"), autoship.finds("cv")
        (True, False)
        """
        return not words_of(text).isdisjoint(self.words)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that rules use: a count, or a part of the whole."""

    value: Fraction
    what: str
    source: Source


@dataclass(frozen=True, slots=True)
class Profile:
    """How strictly each rule is taken."""

    name: str
    version: int
    dated: str
    title: str
    severities: dict[str, Severity]

    @override
    def __str__(self) -> str:
        return f"{self.name} {self.version} of {self.dated}"


@dataclass(frozen=True, slots=True)
class MarketLaw:
    """What a market's law limits in a plan; None: nothing. `besides` is what no check here sees."""

    code: str
    name: str
    version: int
    dated: str
    payout_most: Fraction | None
    levels_most: int | None
    source: Source
    besides: tuple[str, ...]


def words_of(text: str) -> set[str]:
    """Return a word and the words it is made of, also two that stand side by side.

    >>> sorted(words_of("starter_kit"))
    ['kit', 'starter', 'starter-kit']
    """
    parts = text.lower().replace("_", "-").replace(" ", "-").split("-")
    return {"-".join(parts), *parts, *map("-".join, pairwise(parts))}


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by their ids, in the order of the file."""
    return {name: _rule(name, table) for name, table in _read("rules.toml").items()}


@cache
def profiles() -> dict[str, Profile]:
    """Return all profiles by their names, the least strict first."""
    return {
        name: Profile(
            name=name,
            version=table["version"],
            dated=table["dated"],
            title=table["title"],
            severities={rule: Severity(word) for rule, word in table["rules"].items()},
        )
        for name, table in _read("profiles.toml")["profile"].items()
    }


@cache
def numbers() -> dict[str, Number]:
    """Return the numbers that rules use, by name; per cents as fractions of the whole."""
    return {
        name: Number(_number(table["value"]), table["what"], _source(table, "source"))
        for name, table in _read("profiles.toml")["number"].items()
    }


@cache
def markets() -> dict[str, MarketLaw]:
    """Return what is known of markets, by their codes."""
    return {
        code: MarketLaw(
            code=code,
            name=table["name"],
            version=table["version"],
            dated=table["dated"],
            payout_most=_number(table["payout_most"]) if "payout_most" in table else None,
            levels_most=table.get("levels_most"),
            source=_source(table, "what"),
            besides=tuple(table["besides"]),
        )
        for code, table in _read("profiles.toml")["market"].items()
    }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _rule(name: str, table: dict[str, Any]) -> Rule:
    return Rule(
        id=name,
        title=table["title"],
        why=table["why"],
        remedy=table["remedy"],
        sources=tuple(_source(source, "text") for source in table["sources"]),
        words=frozenset(table.get("words", ())),
        when_read=table.get("when_read", False),
    )


def _source(table: dict[str, Any], key: str) -> Source:
    return Source(table[key], table["mark"], table.get("address", ""))


def _number(written: int | str) -> Fraction:
    """Return a count, or a per cent as a part of the whole."""
    if isinstance(written, int):
        return Fraction(written)
    return Fraction(written.removesuffix("%")) / 100
