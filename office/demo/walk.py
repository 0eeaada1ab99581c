"""The slow and obvious calculation that `check_demo` holds the engine's figures against.

Plain fractions, one sale at a time, one step up at a time, written from docs/plan-language.md and
sharing nothing with the engine or the reader of plans. It knows unilevel bonuses; volumes and ranks
it takes as they stand.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from mlm.currencies import exponent

# An earning's key: member, which bonus, level, parts per million
Key = tuple[int, int, int, int]

_UNITS: Final = {"pays_on": "CV", "kind": "unilevel", "tree": "sponsor"}


class NotThisPlan(Exception):
    """The plan says what this calculation does not know."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What is left of a sale after its returns: CV in hundredths of a point."""

    credited: int
    is_customers: bool
    cv: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member sits, and what the state of life lets the member do."""

    sponsor: int | None
    is_distributor: bool
    earns: bool
    occupies_level: bool
    keeps_customers: bool


def distributors_above(network: Mapping[int, Place], member: int) -> list[int]:
    """Return the distributors above a member, the nearest first."""
    found = []
    met = network[member].sponsor
    while met is not None:
        if network[met].is_distributor:
            found.append(met)
        met = network[met].sponsor
    return found


def credited_for(network: Mapping[int, Place], customer: int) -> int | None:
    """Return whose sale a customer's order is: the next above who keeps customers."""
    above = distributors_above(network, customer)
    return next((member for member in above if network[member].keeps_customers), None)


@dataclass(frozen=True, slots=True)
class Bonus:
    """One unilevel bonus: rates by rank number; rank 0 and unnamed ranks as `rates_of` says."""

    compression: str
    by_rank: Mapping[int, list[Fraction]] | None
    for_all: list[Fraction]

    def rates_of(self, rank: int) -> list[Fraction]:
        """Return the rates of a rank: its own, or those of the nearest lower rank that has some."""
        if self.by_rank is None:
            return self.for_all
        named = [number for number in self.by_rank if number <= rank]
        return self.by_rank[max(named)] if named else []

    @property
    def depth(self) -> int:
        """Return how many levels are paid at most."""
        lists = [self.for_all] if self.by_rank is None else list(self.by_rank.values())
        return max(len(rates) for rates in lists)


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a plan this calculation needs."""

    point_value: Fraction
    currency: str
    bonuses: list[Bonus]


def read(text: str) -> Plan:
    """Return a plan's bonuses; refuses what this calculation does not know."""
    raw = tomllib.loads(text)
    if raw.get("rounding", "half away from zero") != "half away from zero":
        raise NotThisPlan("its rounding is another")
    if not raw.get("volume", {}).get("CV", _CV).startswith(_CV):
        raise NotThisPlan("its CV is another")
    ranks = [rank["name"] for rank in raw.get("rank", [])]
    return Plan(
        point_value=Fraction(raw.get("point_value", "1.00")),
        currency=raw["currency"],
        bonuses=[_bonus(bonus, ranks) for bonus in raw["bonus"]],
    )


_CV: Final = "cv of own and customers' orders"


def _bonus(raw: Mapping[str, Any], ranks: list[str]) -> Bonus:
    if any(raw[key] != value for key, value in _UNITS.items()):
        raise NotThisPlan(f"{raw['name']} is no unilevel bonus on CV along sponsors")
    rates = raw["rates"]
    if isinstance(rates, list):
        return Bonus(raw["compression"], None, _rates(rates))
    by_rank = {ranks.index(name) + 1: _rates(listed) for name, listed in rates.items()}
    return Bonus(raw["compression"], by_rank, [])


def _rates(listed: Iterable[str]) -> list[Fraction]:
    return [Fraction(text.removesuffix("%")) / 100 for text in listed]


@dataclass(frozen=True, slots=True)
class Figures:
    """Who was active and which rank pay used, by member; who is missing was neither."""

    active: frozenset[int]
    paid_as: Mapping[int, int]


def earnings(
    plan: Plan, sales: Iterable[Sale], network: Mapping[int, Place], figures: Figures
) -> Counter[Key]:
    """Return what everybody earns on the sales, in the smallest unit of the plan's currency."""
    total: Counter[Key] = Counter()
    for sale in sales:
        for number, bonus in enumerate(plan.bonuses):
            for member, level, rate in paid_above(bonus, sale, network, figures):
                amount = Fraction(sale.cv, 100) * plan.point_value * rate
                key = (member, number, level, int(rate * 1_000_000))
                total[key] += rounded(amount * 10 ** exponent(plan.currency))
    return total


def paid_above(
    bonus: Bonus, sale: Sale, network: Mapping[int, Place], figures: Figures
) -> list[tuple[int, int, Fraction]]:
    """Return who is paid for a sale, at which level and rate: the table of the documentation."""
    paid: list[tuple[int, int, Fraction]] = []
    level = 1
    if sale.cv == 0:
        return paid
    met: int | None = sale.credited if sale.is_customers else network[sale.credited].sponsor
    while met is not None and level <= bonus.depth:
        place = network[met]
        if place.is_distributor and place.occupies_level:
            rates = bonus.rates_of(figures.paid_as.get(met, 0))
            is_active, covers = met in figures.active, level <= len(rates)
            if (is_active or bonus.compression == "none") and (
                covers or bonus.compression != "dynamic"
            ):
                if place.earns and is_active and covers and rates[level - 1]:
                    paid.append((met, level, rates[level - 1]))
                level += 1
        met = place.sponsor
    return paid


def rounded(amount: Fraction) -> int:
    """Return the nearest whole number, halves away from zero.

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2)), rounded(Fraction(7, 5))
    (3, -3, 1)
    """
    nearest = int(abs(amount) + Fraction(1, 2))
    return nearest if amount >= 0 else -nearest
