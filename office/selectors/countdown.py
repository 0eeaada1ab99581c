"""How long a period still runs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from commissions.models import Period


@dataclass(frozen=True, slots=True)
class Countdown:
    """A period as its banner shows it; `elapsed` is how many of `minutes` are over."""

    period: Period
    left: str
    minutes: int
    elapsed: int

    @property
    def is_over(self) -> bool:
        """Tell whether the period has ended."""
        return self.elapsed >= self.minutes


def countdown(period: Period, *, at: datetime) -> Countdown:
    """Return how far a period has come by `at`."""
    whole = period.ends_at - period.starts_at
    elapsed = min(max(at - period.starts_at, timedelta()), whole)
    minute = timedelta(minutes=1)
    return Countdown(period, in_words(period.ends_at - at), whole // minute, elapsed // minute)


def in_words(left: timedelta) -> str:
    """Return a stretch of time with the two units that matter; nothing for one that is over.

    >>> in_words(timedelta(days=6, hours=3, minutes=20)), in_words(timedelta(hours=3, minutes=20))
    ('6 d 3 h', '3 h 20 min')
    >>> in_words(timedelta(minutes=5, seconds=59)), in_words(timedelta(seconds=20))
    ('5 min', 'less than a minute')
    >>> in_words(timedelta(seconds=-1))
    ''
    """
    minutes = left // timedelta(minutes=1)
    if left <= timedelta():
        return ""
    if minutes >= 24 * 60:
        return f"{minutes // 1440} d {minutes % 1440 // 60} h"
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else "less than a minute"
