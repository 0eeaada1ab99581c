"""Reads requirements: phrases with `and`, `or` and brackets, word by word."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from tests.oracle.money import per_cent
from tests.oracle.phrases import (
    All,
    AtLeast,
    AtLeastShare,
    Condition,
    Count,
    HasRank,
    HasTitle,
    IsActive,
    Joined,
    LegLimit,
    OneOf,
    People,
    RankBefore,
    Requirement,
    WasRank,
)

WORD = re.compile(r"'.+?'(?=[\s),]|$)|[(),<]|>=|[^\s(),<>]+")
PEOPLE = ("customers", "frontline", "enrolled", "downline", "legs")


class Names:
    """The names of volumes, and what is asked for as `lifetime PV` without having a name.

    `said` has the phrases of `[volume]`: a volume that says the same is the same figure.
    """

    def __init__(self, volumes: Iterable[str], said: Mapping[str, object] | None = None) -> None:
        self.volumes = set(volumes)
        self.called = {phrase: name for name, phrase in (said or {}).items()}
        self.without_name: dict[str, str] = {}

    def lifetime(self, of: str) -> str:
        """Return how `lifetime PV` is called: by its name, or as it is written."""
        phrase = f"lifetime {of}"
        if phrase in self.called:
            return self.called[phrase]
        self.without_name[phrase] = of
        return phrase


def read_requirements(phrases: list[str], names: Names) -> Requirement:
    """Return the requirement that all of a list are met."""
    return All(tuple(read_requirement(phrase, names) for phrase in phrases))


def read_requirement(phrase: str, names: Names) -> Requirement:
    """Return what a phrase means; a name that is no volume's is a rank's.

    >>> read_requirement("legs with Two Star >= 2", Names(["GV"]))
    Count(people=People(whom='legs', conditions=(HasRank(rank='Two Star'),), tree='sponsor', \
levels=None, leg=None), number=2)
    """
    words = Words(phrase, names)
    requirement = words.either()
    words.must_be_read()
    return requirement


def read_people(phrase: str, names: Names) -> People:
    """Return who is counted, of a phrase without a number.

    >>> str(read_people("enrolled with active in the left leg of binary", Names([])))
    'enrolled with active in the left leg of binary'
    """
    words = Words(phrase, names)
    people = words.people()
    words.must_be_read()
    return people


class Words:
    """The words of a phrase that are still to be read."""

    def __init__(self, phrase: str, names: Names) -> None:
        self.left: list[str] = WORD.findall(phrase)
        self.phrase = phrase
        self.names = names

    def must_be_read(self) -> None:
        if self.left:
            raise KeyError(f"{self.phrase}: what is {' '.join(self.left)}?")

    def next_are(self, *words: str) -> bool:
        return self.left[: len(words)] == list(words)

    def had(self, *words: str) -> bool:
        """Take these words if they come next."""
        if self.next_are(*words):
            del self.left[: len(words)]
            return True
        return False

    def take(self) -> str:
        return self.left.pop(0)

    def expect(self, *words: str) -> None:
        if not self.had(*words):
            raise KeyError(f"{self.phrase}: {' '.join(words)} is missing")

    def either(self) -> Requirement:
        found = [self.both()]
        while self.had("or"):
            found.append(self.both())
        return found[0] if len(found) == 1 else OneOf(tuple(found))

    def both(self) -> Requirement:
        found = [self.one()]
        while self.had("and"):
            found.append(self.one())
        return found[0] if len(found) == 1 else All(tuple(found))

    def one(self) -> Requirement:
        if self.had("("):
            inside = self.either()
            self.expect(")")
            return inside
        if self.left[0] in PEOPLE:
            people = self.people()
            self.at_least()
            return Count(people, int(self.take()))
        if self.is_volume():
            return self.volume()
        if self.left[0] in ("months", "days"):
            return self.joining()
        return self.rank_or_active()

    def rank_or_active(self) -> Requirement:
        if self.had("active"):
            return IsActive()
        if self.had("title"):
            return HasTitle(self.rank())
        if self.had("was"):
            return WasRank(self.rank())
        rank = self.rank()
        if not self.had("in"):
            return HasRank(rank)
        times = int(self.take())
        self.expect("of", "the")
        periods = int(self.take())
        self.expect("periods", "before")
        return RankBefore(rank, times, periods)

    def rank(self) -> str:
        """Take the name of a rank: in single quotes, or as many words as begin like names."""
        if self.left[0].startswith("'"):
            return self.take()[1:-1]
        words = []
        while self.left and (self.left[0][0].isupper() or self.left[0][0].isdigit()):
            words.append(self.take())
        return " ".join(words)

    def joining(self) -> Joined:
        unit = self.take()
        self.expect("since", "joining")
        below = self.had("<")
        if not below:
            self.at_least()
        return Joined(unit, below, int(self.take()))

    def at_least(self) -> None:
        if not self.had("are", "at", "least"):
            self.expect(">=")

    def is_volume(self) -> bool:
        return self.left[0] == "lifetime" or self.left[0] in self.names.volumes

    def volume_name(self) -> str:
        return self.names.lifetime(self.take()) if self.had("lifetime") else self.take()

    def volume(self) -> Requirement:
        volume = self.volume_name()
        self.at_least()
        figure = self.take()
        if figure.endswith("%"):
            self.expect("of")
            return AtLeastShare(volume, per_cent(figure), self.volume_name())
        if not self.had(",", "at", "most"):
            return AtLeast(volume, Fraction(figure))
        share = per_cent(self.take())
        self.expect("of", "it", "from", "one", "leg")
        return LegLimit(volume, Fraction(figure), share, self.had("or", "oneself"))

    def people(self) -> People:
        whom, levels = self.take(), None
        if self.had("within"):
            levels = int(self.take())
            self.left.pop(0)
        self.expect("with")
        conditions = [self.condition()]
        while self.had("and"):
            conditions.append(self.condition())
        tree, leg = "enroller" if whom == "enrolled" else "sponsor", None
        if self.had("in", "the"):
            leg = self.take()
            self.expect("leg", "of")
            tree = self.take()
        elif self.had("in"):
            tree = self.take()
        return People(whom, tuple(conditions), tree, levels, leg)

    def condition(self) -> Condition:
        if self.had("active"):
            return IsActive()
        if self.had("title"):
            return HasTitle(self.rank())
        if self.is_volume():
            volume = self.volume_name()
            self.at_least()
            return AtLeast(volume, Fraction(self.take()))
        return HasRank(self.rank())
