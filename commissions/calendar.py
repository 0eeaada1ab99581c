"""Which stretch of days belongs to which cadence. Whole days of the company's time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from commissions.models import PeriodType

# Four-week periods are counted from this Monday.
_FIRST_MONDAY: Final = date(2024, 1, 1)

Stretch = tuple[date, date, str]


def stretch_around(cadence: str, day: date) -> Stretch:
    """Return the first day, the day after the last, and the label of the period around a day.

    >>> stretch_around("monthly", date(2026, 12, 24))
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1), '2026-12')
    >>> stretch_around("weekly", date(2026, 11, 22))
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 23), '2026-W47')
    >>> stretch_around("semi_monthly", date(2026, 2, 16))
    (datetime.date(2026, 2, 16), datetime.date(2026, 3, 1), '2026-02-B')
    """
    return _STRETCHES[PeriodType.Cadence(cadence)](day)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the moment a day begins in a time zone."""
    return datetime.combine(day, time(), tzinfo=zone)


def _months(day: date, count: int) -> tuple[date, date]:
    """Return the stretch of `count` months, counted from January, around a day."""
    first = date(day.year, (day.month - 1) // count * count + 1, 1)
    months = first.month - 1 + count
    return first, date(first.year + months // 12, months % 12 + 1, 1)


def _daily(day: date) -> Stretch:
    return day, day + timedelta(days=1), day.isoformat()


def _weekly(day: date) -> Stretch:
    first = day - timedelta(days=day.weekday())
    year, week, _ = first.isocalendar()
    return first, first + timedelta(days=7), f"{year}-W{week:02}"


def _four_weekly(day: date) -> Stretch:
    first = day - timedelta(days=(day - _FIRST_MONDAY).days % 28)
    return first, first + timedelta(days=28), f"from {first.isoformat()}"


def _semi_monthly(day: date) -> Stretch:
    first, end = _months(day, 1)
    middle = first.replace(day=16)
    if day < middle:
        return first, middle, f"{first:%Y-%m}-A"
    return middle, end, f"{first:%Y-%m}-B"


def _monthly(day: date) -> Stretch:
    first, end = _months(day, 1)
    return first, end, f"{first:%Y-%m}"


def _quarterly(day: date) -> Stretch:
    first, end = _months(day, 3)
    return first, end, f"{first.year}-Q{(first.month + 2) // 3}"


def _yearly(day: date) -> Stretch:
    return date(day.year, 1, 1), date(day.year + 1, 1, 1), str(day.year)


_STRETCHES: Final[Mapping[PeriodType.Cadence, Callable[[date], Stretch]]] = {
    PeriodType.Cadence.DAILY: _daily,
    PeriodType.Cadence.WEEKLY: _weekly,
    PeriodType.Cadence.FOUR_WEEKLY: _four_weekly,
    PeriodType.Cadence.SEMI_MONTHLY: _semi_monthly,
    PeriodType.Cadence.MONTHLY: _monthly,
    PeriodType.Cadence.QUARTERLY: _quarterly,
    PeriodType.Cadence.YEARLY: _yearly,
}
