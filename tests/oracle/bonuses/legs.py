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
        """Return the lots, the oldest first; they are all above zero, or all below.

        What is below zero is taken off what is above, the oldest lots first.
        """
        lots = dict(sorted(self.carried.items()))
        lots[self.label] = lots.get(self.label, ZERO) + self.new
        above = sum((points for points in lots.values() if points > 0), ZERO)
        below = -sum((points for points in lots.values() if points < 0), ZERO)
        return off_the_oldest(lots, min(above, below), min(above, below))

    def take(self, points: Fraction) -> None:
        """Take points off, from the oldest lots first."""
        self.hold(off_the_oldest(self.lots(), points, ZERO))

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


def off_the_oldest(lots: Lots, from_above: Fraction, from_below: Fraction) -> Lots:
    """Return lots of which so much is taken off those above zero, and off those below."""
    left: Lots = {}
    for day, points in lots.items():
        if points > 0:
            taken = min(points, from_above)
            from_above -= taken
            left[day] = points - taken
        else:
            paid_back = min(-points, from_below)
            from_below -= paid_back
            left[day] = points + paid_back
    return {day: points for day, points in left.items() if points != 0}


Legs = tuple[Leg, Leg]


def stronger(legs: Legs) -> Leg:
    """Return the leg that has more; equal: the left."""
    left, right = legs
    return right if right.has > left.has else left


def weaker(legs: Legs) -> Leg:
    left, right = legs
    return right if stronger(legs) is left else left
