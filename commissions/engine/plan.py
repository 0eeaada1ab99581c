"""A plan as the engine sees it: integers, tuples and names, frozen. Text is not its business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from commissions.engine.rounding import PPM, Rounding, reduced

NOT_COVERED = -1
"""Stands in a table of rates where a rank has no rate at a level."""


class Column(IntEnum):
    """What the products carry, in hundredths of a point."""

    PV = 0
    CV = 1


class Orders(IntEnum):
    """Whose orders a personal volume is made of; the values are bits."""

    OWN = 1
    CUSTOMERS = 2
    BOTH = 3


class Compression(IntEnum):
    """Who is looked through when a sale goes up; docs/plan-language.md has the table."""

    NONE = 0
    INACTIVE = 1
    DYNAMIC = 2


class Asks(IntEnum):
    """What a requirement asks about."""

    ACTIVE = 0
    VOLUME = 1
    CUSTOMERS = 2


@dataclass(frozen=True, slots=True)
class PersonalVolume:
    """One product column, over the member's own orders, the customers', or both."""

    name: str
    column: Column
    orders: Orders


@dataclass(frozen=True, slots=True)
class GroupVolume:
    """Another volume (its place in `Plan.volumes`), summed over the member and the downline."""

    name: str
    of: int


Volume = PersonalVolume | GroupVolume


@dataclass(frozen=True, slots=True)
class CustomerCount:
    """How many customers have bought at least so many hundredths of a point."""

    volume: int
    at_least: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition; `index` is a place in `Plan.volumes` or in `Plan.counts`.

    `need` is in hundredths of a point for a volume, a number for customers, 1 for `active`.
    """

    asks: Asks
    index: int
    need: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank and all that it requires."""

    name: str
    require: tuple[Requirement, ...]


class BonusRule(Protocol):
    """What every kind of bonus has; the rest is known to the bonus's own file only."""

    @property
    def name(self) -> str:
        """Return what the plan calls it."""

    @property
    def pays_on(self) -> int:
        """Return the place of the volume whose sales it pays on."""


@dataclass(frozen=True, slots=True)
class UnilevelRule:
    """Pay on the sales of so many levels.

    `rates_ppm[rank][level - 1]`, where rank 0 is nobody's rank; `NOT_COVERED` where a rank has
    no rate. All rows have the same length, the depth of the bonus.
    """

    name: str
    pays_on: int
    compression: Compression
    rates_ppm: tuple[tuple[int, ...], ...]

    @property
    def depth(self) -> int:
        """Return how many levels there are."""
        return len(self.rates_ppm[0])


class Do(IntEnum):
    """The kinds of step that a run is made of."""

    VOLUME = 0
    ACTIVE = 1
    RANKS = 2
    BONUS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: which kind, and which volume or bonus."""

    do: Do
    index: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides pay, besides the snapshot.

    Ranks are numbered from 1 in the order of `ranks`; 0 is no rank. A point is worth
    `point_num / point_den` of the currency's smallest units. `steps` respects what needs what.
    """

    name: str
    currency: str
    exponent: int
    cadence: str
    point_num: int
    point_den: int
    rounding: Rounding
    volumes: tuple[Volume, ...]
    counts: tuple[CustomerCount, ...]
    active: tuple[Requirement, ...]
    ranks: tuple[Rank, ...]
    bonuses: tuple[BonusRule, ...]
    steps: tuple[Step, ...]
    text_digest: str = ""

    def volume_index(self, name: str) -> int:
        """Return the place of a volume by its name; `ValueError` if there is none."""
        return [volume.name for volume in self.volumes].index(name)

    def rank_name(self, rank: int) -> str:
        """Return what a rank is called, and nothing for no rank."""
        return self.ranks[rank - 1].name if rank else ""

    def amount_of(self, rate_ppm: int) -> tuple[int, int]:
        """Return the fraction that makes money of a base: hundredths in, smallest units out."""
        return reduced(self.point_num * rate_ppm, self.point_den * 100 * PPM)
