"""Where in a plan's text something stands, and all lists of requirements with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from commissions.engine.plan import (
    BonusRule,
    FullLevelRule,
    GenerationRule,
    InfinityRule,
    LevelsFigure,
    MatchingRule,
    Plan,
    Requirements,
    StructureRule,
)
from commissions.plan.mistakes import Mistakes, Place
from commissions.plan.toml import Node, read_toml
from commissions.plan.volumes import DEFAULTS

Key = str | int


@dataclass(slots=True)
class Places:
    """Finds places in a text that the reader has accepted."""

    text: str
    root: Node = field(init=False)

    def __post_init__(self) -> None:
        self.root = read_toml(self.text, Mistakes())

    def at(self, *keys: Key) -> Place:
        """Return where a value stands; where it is left out, what it would be in.

        >>> Places('[active]\\nrequire = ["PV >= 1"]').at("active", "require", 0)
        Place(line=2, column=12)
        """
        node, place = self.root, self.root.place
        for key in keys:
            inner, here = _inside(node, key)
            if inner is None:
                return place
            node, place = inner, here
        return node.place if isinstance(node.value, str) else place

    def has(self, *keys: Key) -> bool:
        """Tell whether a key is written in the text."""
        node = self.root
        for key in keys:
            inner, _ = _inside(node, key)
            if inner is None:
                return False
            node = inner
        return True

    def said(self, *keys: Key) -> str:
        """Return the text that stands at a key, nothing if none does."""
        node: Node | None = self.root
        for key in keys:
            node = _inside(node, key)[0] if node is not None else None
        return node.value if node is not None and isinstance(node.value, str) else ""

    def volume(self, name: str) -> str:
        """Return how a volume is defined; of one that has a table, nothing."""
        if not self.has("volume", name):
            return DEFAULTS.get(name, "")
        return self.said("volume", name)


def _inside(node: Node, key: Key) -> tuple[Node | None, Place]:
    """Return what a key leads to and where it stands; None if it leads nowhere."""
    if isinstance(node.value, dict):
        entry = node.value.get(key)
        return (None, node.place) if entry is None else (entry.node, entry.place)
    if isinstance(node.value, list) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key].place
    return None, node.place


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of requirements: what asks it, of members of which market, and where it stands."""

    what: str
    market: int
    requirements: Requirements
    keys: tuple[Key, ...]

    def place(self, places: Places, number: int) -> Place:
        """Return where the requirement of that number stands, from 0."""
        return places.at(*self.keys, number)


def all_asked(plan: Plan, places: Places) -> Iterator[Asked]:
    """Yield every list of requirements that is written in a plan, those of markets after others."""
    for market in range(len(plan.markets) + 1):
        code = plan.markets[market - 1] if market else ""
        yield from _active(plan, places, market, code)
        yield from _ranks(plan, places, market, code)
        yield from _bonuses(plan, places, market, code)
    for figure in plan.figures:
        if isinstance(figure, LevelsFigure):
            yield Asked(f"volume {figure.name}", 0, figure.who, ("volume", figure.name, "who"))


def _active(plan: Plan, places: Places, market: int, code: str) -> Iterator[Asked]:
    before: tuple[Key, ...] = ("market", code) if market else ()
    keys = (*before, "active", "require")
    if places.has(*keys):
        yield Asked("active", market, plan.active[market], keys)


def _ranks(plan: Plan, places: Places, market: int, code: str) -> Iterator[Asked]:
    for number, rank in enumerate(plan.ranks):
        keys: tuple[Key, ...] = ("rank", number)
        if market:
            keys = ("market", code, "rank", rank.name)
        for key, asked in (("require", rank.require), ("maintain", rank.maintain)):
            requirements = asked[market]
            if requirements is not None and places.has(*keys, key):
                yield Asked(f"rank {rank.name}", market, requirements, (*keys, key))


def _bonuses(plan: Plan, places: Places, market: int, code: str) -> Iterator[Asked]:
    for number, bonus in enumerate(plan.bonuses):
        what = f"bonus {bonus.name}"
        keys: tuple[Key, ...] = ("bonus", number)
        if market:
            keys = ("market", code, "bonus", bonus.name)
        if places.has(*keys, "requires"):
            yield Asked(what, market, bonus.requires[market], (*keys, "requires"))
        if not market:
            for key, requirements in _by_kind(bonus):
                yield Asked(what, 0, requirements, (*keys, key))


def _by_kind(bonus: BonusRule) -> Iterator[tuple[str, Requirements]]:
    match bonus:
        case GenerationRule() | InfinityRule() | MatchingRule():
            if bonus.leaders is not None:
                yield "leaders", bonus.leaders.who
        case FullLevelRule():
            yield "counted", bonus.counted
        case StructureRule():
            yield "person", bonus.person
            yield "head", bonus.head
