"""The days of a run, and how old what an earlier period left is. No engine is loaded for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from commissions.calendar import stretch_around

_EPOCH: Final = date(2000, 1, 1)


def day_number(day: date) -> int:
    """Return a day as PostgreSQL's COPY has it: days since the start of 2000.

    >>> day_number(date(2000, 1, 2))
    1
    """
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day of such a number.

    >>> day_of(1)
    datetime.date(2000, 1, 2)
    """
    return _EPOCH + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Dates:
    """Which days a run is of; the cadences are the plan's words.

    In the plan's own rhythm `cadence` is empty and the two first days are the same; in a shorter
    one `own_first_day` is that of the longer period that the last day lies in.
    """

    first_day: date
    last_day: date
    own_first_day: date
    own_cadence: str
    cadence: str = ""

    @property
    def text(self) -> str:
        """Return the same as one text, for a digest."""
        days = (self.first_day, self.last_day, self.own_first_day)
        return " ".join([*(day.isoformat() for day in days), self.own_cadence, self.cadence])

    def counted(self, *, in_own: bool) -> Starts:
        """Return the periods before this one: of the plan's own rhythm, or of the run's."""
        if in_own or not self.cadence:
            return Starts(self.own_cadence, [self.own_first_day])
        return Starts(self.cadence, [self.first_day])


@dataclass(slots=True)
class Starts:
    """The first days of a period and of those before it, the newest first, as far as asked."""

    cadence: str
    found: list[date]

    def day(self, age: int) -> date:
        """Return the first day of the period so many periods before."""
        while len(self.found) <= age:
            before = self.found[-1] - timedelta(days=1)
            first, _, _ = stretch_around(self.cadence.replace("-", "_"), before)
            self.found.append(first)
        return self.found[age]

    def age(self, day: date) -> int:
        """Return how many periods before a day lies; what is not before counts as the last one."""
        age = 1
        while self.day(age) > day:
            age += 1
        return age
