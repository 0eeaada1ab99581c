"""Periods, the first days by which they are called, and how long ago somebody joined."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAYS = {"daily": 1, "weekly": 7, "four-weekly": 28}
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
A_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True)
class Period:
    """A stretch of a rhythm: the first day is in it, `end` is not."""

    start: date
    end: date
    cadence: str

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def has(self, moment: datetime) -> bool:
        return self.start <= moment.date() < self.end

    def start_of_earlier(self, number: int) -> date:
        """Return the first day of the period so many before this one.

        >>> Period(date(2026, 3, 1), date(2026, 4, 1), "monthly").start_of_earlier(3)
        datetime.date(2025, 12, 1)
        """
        day = self.start
        for _ in range(number):
            day = start_before(day, self.cadence)
        return day

    def age_of(self, label: date) -> int:
        """Return how old a lot is that is from an earlier period; the one before: 1.

        >>> Period(date(2026, 3, 1), date(2026, 4, 1), "monthly").age_of(date(2026, 1, 1))
        2
        """
        age, day = 0, self.start
        while day > label:
            age, day = age + 1, start_before(day, self.cadence)
        return age


def period_of(text: str, cadence: str) -> Period:
    """
    >>> period_of("2026-01-01..2026-02-01", "monthly").last_day
    datetime.date(2026, 1, 31)
    """
    start, end = text.split("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end), cadence)


def first_period(cadence: str) -> Period:
    """Return the stretch from 2026-01-01 on; weekly and four-weekly ones begin on a Monday."""
    start = A_MONDAY if cadence in ("weekly", "four-weekly") else date(2026, 1, 1)
    return Period(start, start_after(start, cadence), cadence)


def start_after(day: date, cadence: str) -> date:
    """
    >>> start_after(date(2026, 1, 16), "semi-monthly")
    datetime.date(2026, 2, 1)
    """
    if cadence in DAYS:
        return day + timedelta(days=DAYS[cadence])
    if cadence == "semi-monthly":
        return day.replace(day=16) if day.day < 16 else months_on(day, 1).replace(day=1)
    return months_on(day, MONTHS[cadence])


def start_before(day: date, cadence: str) -> date:
    """
    >>> start_before(date(2026, 1, 1), "semi-monthly")
    datetime.date(2025, 12, 16)
    """
    if cadence in DAYS:
        return day - timedelta(days=DAYS[cadence])
    if cadence == "semi-monthly":
        return day.replace(day=1) if day.day >= 16 else months_on(day, -1).replace(day=16)
    return months_on(day, -MONTHS[cadence])


def months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return day.replace(year=count // 12, month=count % 12 + 1)


def start_of_longer(cadence: str, day: date) -> date:
    """Return the first day of the longer period in which a day lies.

    >>> start_of_longer("quarterly", date(2026, 5, 31))
    datetime.date(2026, 4, 1)
    """
    if cadence in DAYS:
        return day - timedelta(days=(day - A_MONDAY).days % DAYS[cadence])
    if cadence == "semi-monthly":
        return day.replace(day=16 if day.day >= 16 else 1)
    return day.replace(month=day.month - (day.month - 1) % MONTHS[cadence], day=1)


def since(joined: date, day: date, unit: str) -> int:
    """Return the days or calendar months from joining to a day; 0 on the day, in the month, itself.

    >>> since(date(2026, 1, 31), date(2026, 2, 1), "months")
    1
    >>> since(date(2026, 1, 31), date(2026, 2, 1), "days")
    1
    """
    if unit == "days":
        return (day - joined).days
    return (day.year - joined.year) * 12 + day.month - joined.month
