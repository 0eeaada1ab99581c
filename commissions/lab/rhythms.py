"""Periods of the lab: which stretch a run is of, and how old what an earlier period left is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from commissions.lab.cells import microseconds, month_number

DAYS = {"daily": 1, "weekly": 7, "four-weekly": 28}
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
CADENCES = ("daily", "weekly", "four-weekly", "semi-monthly", "monthly", "quarterly", "yearly")
"""From the shortest to the longest."""
A_MONDAY = date(2026, 1, 5)
"""Examples count weeks and four weeks from here."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period: from its first moment to before `end`; both are midnights of a zone, mostly."""

    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """Return the local day that it begins in."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """Return the local day of its last moment."""
        return (self.end - timedelta(microseconds=1)).date()

    @property
    def bounds(self) -> tuple[int, int]:
        """Return start and end in microseconds."""
        return microseconds(self.start), microseconds(self.end)


@dataclass(frozen=True, slots=True)
class Clock:
    """When a run is: its period, and the stretch that its volumes are of.

    In the plan's own rhythm both are the same. In a shorter one `counted` is the longer period so
    far, and `cadence` is the shorter rhythm; in the plan's own it is empty.
    """

    zone: ZoneInfo
    period: Stretch
    counted: Stretch
    as_of: datetime
    own_cadence: str
    cadence: str = ""

    @property
    def is_own(self) -> bool:
        """Tell whether the run is of the plan's own rhythm."""
        return not self.cadence

    @property
    def rhythm(self) -> str:
        """Return the cadence of the run, whichever it is."""
        return self.cadence or self.own_cadence

    @property
    def last_day(self) -> int:
        """Return the period's last day as a number."""
        return self.period.last_day.toordinal()

    @property
    def last_month(self) -> int:
        """Return the month of the period's last day as a number."""
        return month_number(self.period.last_day)


def shifted(day: date, cadence: str, periods: int) -> date:
    """Return the first day of the period so many periods later.

    >>> shifted(date(2026, 1, 31), "monthly", 1), shifted(date(2026, 1, 5), "weekly", -1)
    (datetime.date(2026, 2, 28), datetime.date(2025, 12, 29))
    >>> shifted(date(2026, 1, 1), "semi-monthly", -1), shifted(date(2026, 1, 16), "semi-monthly", 1)
    (datetime.date(2025, 12, 16), datetime.date(2026, 2, 1))
    """
    if cadence in DAYS:
        return day + timedelta(days=DAYS[cadence] * periods)
    if cadence != "semi-monthly":
        return _months_later(day, MONTHS[cadence] * periods, day.day)
    half = day.day > 15
    months, second = divmod(half + periods, 2)
    first = day.day - 15 if half else day.day
    return _months_later(day, months, first + 15 * second)


def _months_later(day: date, months: int, wanted: int) -> date:
    year, month = divmod(month_number(day) + months, 12)
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


def age_of(label: date, start: date, cadence: str) -> int:
    """Return how many periods before the one that begins at `start` a day lies; 0: not before it.

    >>> age_of(date(2025, 11, 1), date(2026, 1, 1), "monthly")
    2
    >>> age_of(date(2025, 12, 20), date(2026, 1, 1), "monthly")
    1
    >>> age_of(date(2026, 1, 1), date(2026, 1, 1), "monthly")
    0
    """
    if label >= start:
        return 0
    if cadence in DAYS:
        return -((label - start).days // DAYS[cadence])
    months = month_number(start) - month_number(label)
    age = max(2 * months - 2 if cadence == "semi-monthly" else months // MONTHS[cadence] - 1, 1)
    while label < shifted(start, cadence, -age):
        age += 1
    return age


def longer_start(last_day: date, cadence: str, monday: date | None = None) -> date | None:
    """Return the first day of the longer period that a day lies in; None if nobody can tell.

    Weeks and four weeks can be told from `monday`, where one of them begins.

    >>> longer_start(date(2026, 5, 31), "quarterly"), longer_start(date(2026, 5, 31), "weekly")
    (datetime.date(2026, 4, 1), None)
    """
    if cadence == "semi-monthly":
        return last_day.replace(day=16 if last_day.day > 15 else 1)
    if cadence in MONTHS:
        months = (last_day.month - 1) % MONTHS[cadence]
        return _months_later(last_day, -months, 1)
    if monday is None:
        return None
    return last_day - timedelta(days=(last_day - monday).days % DAYS[cadence])
