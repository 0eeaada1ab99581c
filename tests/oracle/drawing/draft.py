"""A plan while it is drawn: what there is already that the next part may name."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from tests.oracle.drawing.dice import Dice

DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
UNITS = (1, 10, 10, 20, 50, 100, 100, 100)
RATES = (
    *("5%", "10%", "10%", "20%", "2.5%", "7.5%", "12.5%", "1%", "0.5%", "3%", "4%", "25%"),
    *("33.3333%", "50%", "100%", "0.0001%", "15%", "5.5%", "8 %", "0%"),
)
SHARES = ("10%", "25%", "30%", "33.3333%", "50%", "50%", "66.67%", "100%", "75%")


@dataclass(frozen=True)
class Volume:
    """A volume that is drawn, and where it may be named.

    `size` is what a good member has of it, in units: 1 of one's own, some of a group. `asks_active`
    and `with_ranks`: who is active, or ranks below, must be known before; `after_ranks`: the
    own rank.
    """

    name: str
    size: int = 1
    is_sale: bool = False
    has_customers: bool = False
    of_one_person: bool = False
    is_over_time: bool = False
    is_whole_group: bool = False
    asks_active: bool = False
    with_ranks: bool = False
    after_ranks: bool = False

    def named(self, name: str) -> "Volume":
        return replace(self, name=name)


@dataclass
class Draft:
    """The plan so far. `unit` is the points by which thresholds and sales are measured."""

    dice: Dice
    plan: dict[str, Any]
    unit: int
    decimals: int = 2
    ranks: list[str] = field(default_factory=list)
    trees: dict[str, str] = field(default_factory=dict)
    """Kinds of the trees that the plan names."""
    volumes: list[Volume] = field(default_factory=list)
    columns: list[str] = field(default_factory=lambda: ["pv", "cv"])
    thresholds: set[Fraction] = field(default_factory=set)
    """Points that something in the plan asks for: sales are drawn to meet them exactly."""
    activity_with_ranks: bool = False
    """Whether activity may ask for what is worked out together with ranks."""
    short_cadence: str | None = None

    def points(self, units: Fraction | int) -> str:
        """Return so many units as a text, and remember them as a threshold."""
        points = Fraction(units) * self.unit
        points = Fraction(int(points * 100), 100)
        self.thresholds.add(points)
        return points_text(points)

    def money(self, units: Fraction) -> str:
        """Return what so many units are worth, as an amount of the currency; never nothing."""
        value = Fraction(self.plan.get("point_value", "1.00"))
        smallest = max(int(units * self.unit * value * 10**self.decimals), 1)
        return money_text(smallest, self.decimals)

    def some_money(self, *units: str) -> str:
        """Return an amount: one of so many units, with an odd smallest unit now and then."""
        return self.money(Fraction(self.dice.one_of(units)))

    def rate(self) -> str:
        return self.dice.one_of(RATES)

    def tree(self, *kinds: str) -> str | None:
        """Return one of the trees of these kinds, or of all; None if there is none such."""
        names = [name for name, kind in self.trees.items() if not kinds or kind in kinds]
        return self.dice.one_of(names) if names else None

    def any_tree(self) -> str:
        return self.dice.one_of(["sponsor", "sponsor", "enroller", *self.trees])

    def volume(self, **wanted: bool) -> Volume:
        """Return a volume of which all this is so, or is not so; CV if there is none."""
        return self.dice.one_of(self.volumes_with(**wanted) or self.volumes[1:2])

    def volumes_with(self, **wanted: bool) -> list[Volume]:
        return [
            each
            for each in self.volumes
            if all(getattr(each, name) == is_so for name, is_so in wanted.items())
        ]

    def paid_on(self) -> str:
        """Return a sale volume to pay on, mostly CV."""
        names = [each.name for each in self.volumes_with(is_sale=True)]
        return self.dice.one_of(["CV"] * (1 + len(names) // 3) + names)


def points_text(points: Fraction) -> str:
    """
    >>> points_text(Fraction("12.50")), points_text(Fraction(7)), points_text(Fraction("-0.05"))
    ('12.50', '7', '-0.05')
    """
    hundredths = int(abs(points) * 100)
    sign = "-" if points < 0 else ""
    whole, rest = divmod(hundredths, 100)
    return f"{sign}{whole}.{rest:02}" if rest else f"{sign}{whole}"


def money_text(smallest: int, decimals: int) -> str:
    whole, rest = divmod(smallest, 10**decimals)
    return f"{whole}.{rest:0{decimals}}" if decimals else str(whole)
