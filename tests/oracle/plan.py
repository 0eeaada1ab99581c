"""A plan as the oracle sees it: what the text says, with what it leaves out filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.phrases import Orders, People, Requirement, Sum, Volume, Weighted


@dataclass(frozen=True)
class Rate:
    """A per cent, or an amount of money in the smallest unit."""

    per_cent: Fraction = Fraction(0)
    money: int | None = None


@dataclass(frozen=True)
class Rates:
    """Rates by grade. `by` is `everybody`, `rank` or `volume`; a row has one rate for each level.

    The keys of `rows` are None for everybody, names of ranks, or thresholds in points.
    """

    by: str
    rows: Mapping[Any, tuple[Rate, ...]]

    @property
    def depth(self) -> int:
        return max((len(row) for row in self.rows.values()), default=0)


@dataclass(frozen=True)
class Rank:
    name: str
    require: Requirement
    maintain: Requirement | None


@dataclass(frozen=True)
class RankRules:
    """`[ranks]`."""

    paid_as: str = "qualified"
    grace: int = 0
    title: str = "highest"
    met: int = 0
    of: int = 0
    falls: str = "one step"


@dataclass(frozen=True)
class TreeRules:
    """`[tree.NAME]`; sponsor and enroller have the kind `members`."""

    name: str
    kind: str
    width: int = 0
    fill: str = "given"
    of: str = "sponsor"
    first: int = 0

    @property
    def has_places(self) -> bool:
        """Return whether legs are places here: in a binary or matrix tree."""
        return self.kind in ("binary", "matrix")


@dataclass(frozen=True)
class Limit:
    """A limit on money: an amount, or a per cent of a volume of all distributors."""

    money: int = 0
    per_cent: Fraction = Fraction(0)
    volume: str | None = None


@dataclass(frozen=True)
class BonusCap:
    per_earner: Rates | None = None
    per_holder: int | None = None
    per_buyer: tuple[int, ...] = ()
    total: Limit | None = None


@dataclass(frozen=True)
class Cap:
    """`[cap]`; `inside` is None for all bonuses."""

    per_earner: int | None = None
    per_holder: int | None = None
    payout: Limit | None = None
    inside: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Deduction:
    name: str
    rate: Fraction


@dataclass(frozen=True)
class Bonus:
    """What every kind has; `keys` are the kind's own, as the plan's text has them.

    Tables that are by grade (`rates`, `own_group`, `tiers`, `pays`) are read already.
    """

    name: str
    kind: str
    paid_to: str
    requires: Requirement
    round_at: str
    on_return: str
    cadence: str
    part: Fraction
    cap: BonusCap
    rates_by: str
    tables: Mapping[str, Rates]
    keys: Mapping[str, Any]
    leaders: Requirement | None = None
    counted: Requirement | None = None
    person: Requirement | None = None
    head: Requirement | None = None
    for_each: People | None = None


@dataclass(frozen=True)
class MarketBonus:
    """What a market says of a bonus in place of the plan; None and missing: as the plan."""

    requires: Requirement | None = None
    tables: Mapping[str, Rates] = field(default_factory=dict)
    per_earner: Rates | None = None


@dataclass(frozen=True)
class Market:
    leave_out: tuple[str, ...] = ()
    active: Requirement | None = None
    ranks: Mapping[str, tuple[Requirement | None, Requirement | None]] = field(default_factory=dict)
    bonuses: Mapping[str, MarketBonus] = field(default_factory=dict)
    per_earner: int | None = None


NO_MARKET = Market()


@dataclass(frozen=True)
class Plan:
    decimals: int
    cadence: str
    point_value: Fraction
    rounded: Callable[[Fraction], int]
    late_returns: str
    trees: Mapping[str, TreeRules]
    volumes: Mapping[str, Volume]
    active: Requirement
    ranks: tuple[Rank, ...]
    rank_rules: RankRules
    bonuses: tuple[Bonus, ...]
    cap: Cap
    deductions: tuple[Deduction, ...]
    markets: Mapping[str, Market]

    def market(self, code: str | None) -> Market:
        return self.markets.get(code or "", NO_MARKET)

    def number_of(self, rank: str | None) -> int:
        """Return the place of a rank, from 1 for the lowest; 0 is no rank, or an unknown one."""
        return next((n for n, each in enumerate(self.ranks, 1) if each.name == rank), 0)

    def rank_name(self, number: int) -> str | None:
        return self.ranks[number - 1].name if number else None

    def bonus(self, name: str) -> Bonus:
        return next(bonus for bonus in self.bonuses if bonus.name == name)

    def people_for_each(self) -> list[People]:
        """Return the people for each of whom a reward is paid."""
        return [bonus.for_each for bonus in self.bonuses if bonus.for_each is not None]

    def worth(self, points: Fraction) -> Fraction:
        """Return what points are worth, in the currency's smallest unit, not rounded."""
        return points * self.point_value * Fraction(10**self.decimals)

    def is_sale_volume(self, name: str) -> bool:
        """Return whether a volume tells for every sale by itself what its figure is."""
        volume = self.volumes[name]
        if isinstance(volume, Sum):
            return all(self.is_sale_volume(term.volume) for term in volume.terms)
        return isinstance(volume, Orders)

    def requirements(self) -> list[Requirement]:
        """Return everything that is required anywhere, activity and ranks first."""
        asked: list[Requirement | None] = [self.active]
        for rank in self.ranks:
            asked += [rank.require, rank.maintain]
        for bonus in self.bonuses:
            asked += [bonus.requires, bonus.leaders, bonus.counted, bonus.person, bonus.head]
        for market in self.markets.values():
            asked += [market.active, *(each for pair in market.ranks.values() for each in pair)]
            asked += [each.requires for each in market.bonuses.values()]
        asked += [each.who for each in self.volumes.values() if isinstance(each, Weighted)]
        return [each for each in asked if each is not None]
