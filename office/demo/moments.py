"""Reading a moment from a command line."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime

from django.utils import timezone


def moment(text: str) -> datetime:
    """Return the moment written in ISO form; without an offset it is in the company's time zone.

    >>> moment("2026-11-23T12:00:00+00:00").hour
    12
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment: write 2026-11-23T12:00") from None
    if found.tzinfo is None:
        return timezone.make_aware(found)
    return found
