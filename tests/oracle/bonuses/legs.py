"""The two legs of a binary: lots by the first day of the period that they are from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

ZERO = Fraction(0)
Lots = dict[date, Fraction]


@dataclass
class Leg:
    """What a leg has: carried lots, and the new volume of this period."""

    carried: Lots
    new: Fraction
    label: date

    @property
    def has(self) -> Fraction:
        return sum(self.carried.values(), ZERO) + self.new

    def lots(self) -> Lots:
        """Return the lots, the oldest first, when new volume has paid back what is below zero."""
        lots, new = dict(sorted(self.carried.items())), self.new
        for day, points in lots.items():
            if points < 0 and new > 0:
                paid_back = min(new, -points)
                lots[day] += paid_back
                new -= paid_back
        lots[self.label] = lots.get(self.label, ZERO) + new
        return {day: points for day, points in lots.items() if points != 0}

    def take(self, points: Fraction) -> None:
        """Take points off, from the oldest lots first."""
        lots = self.lots()
        for day, has in lots.items():
            taken = min(max(has, ZERO), points)
            lots[day] -= taken
            points -= taken
        self.hold(lots)

    def lose_all(self) -> None:
        self.hold({})

    def lose_beyond(self, most: Fraction) -> None:
        """Lose what is more than the most, from the newest lots."""
        lots, too_much = self.lots(), self.has - most
        for day in sorted(lots, reverse=True):
            lost = min(max(lots[day], ZERO), max(too_much, ZERO))
            lots[day] -= lost
            too_much -= lost
        self.hold(lots)

    def hold(self, lots: Mapping[date, Fraction]) -> None:
        self.new = lots.get(self.label, ZERO)
        self.carried = {day: points for day, points in lots.items() if day != self.label}


Legs = tuple[Leg, Leg]


def stronger(legs: Legs) -> Leg:
    """Return the leg that has more; equal: the left."""
    left, right = legs
    return right if right.has > left.has else left


def weaker(legs: Legs) -> Leg:
    left, right = legs
    return right if stronger(legs) is left else left
