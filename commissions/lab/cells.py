"""Columns of a table as what they mean: words, figures, moments; what is wrong is noted.

A column mostly holds few different texts, so each text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from commissions.lab.figures import scaled
from commissions.lab.tables import Table
from commissions.plan.mistakes import closest

Value = TypeVar("Value")

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments as numbers: microseconds, local days and local months; each from a day of its own."""

    at: NDArray[np.int64]
    day: NDArray[np.int32]
    month: NDArray[np.int32]

    def of(self, places: NDArray[np.int64] | list[int]) -> Moments:
        """Return the moments at certain places."""
        at = np.asarray(places, np.int64)
        return Moments(self.at[at], self.day[at], self.month[at])


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date or a time in a zone; a time with an offset is that very moment.

    >>> moment("2026-01-31", ZoneInfo("UTC")).isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    wrong = f'"{text}" is no date or time; write it like 2026-01-31 or 2026-01-31T18:30:00'
    if not (DAY.fullmatch(text) or MOMENT.fullmatch(text)):
        raise ValueError(wrong)
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), zone)
        parsed = datetime.fromisoformat(text)
        found = parsed.replace(tzinfo=zone) if parsed.tzinfo is None else parsed.astimezone(zone)
        found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(wrong) from error
    return found


def microseconds(at: datetime) -> int:
    """Return a moment as a number.

    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (at - EPOCH) // MICROSECOND


def month_number(day: date) -> int:
    """Return a calendar month as a number: consecutive months have consecutive ones."""
    return day.year * 12 + day.month - 1


def needed(table: Table, column: str) -> list[str]:
    """Return a column of which no cell may be empty; one that is missing was refused as a whole."""
    texts = table.texts(column)
    if column in table.columns and not all(texts):
        for at, text in enumerate(texts):
            if not text:
                table.refuse(at, column, "this may not be empty")
    return texts


def words(table: Table, column: str, known: Iterable[str], default: str = "") -> list[str]:
    """Return a column of words from a list; empty is the default."""
    good = list(known)

    def read(text: str) -> str:
        if not text or text in good:
            return text or default
        if not any(good):
            raise ValueError(f'"{text}" cannot stand here: the plan has none')
        near = closest(text, good)
        hint = f' Did you mean "{near}"?' if near else ""
        raise ValueError(f'"{text}" is none of {", ".join(filter(None, good))}.{hint}')

    return _each(table, column, read, default)


def figures(table: Table, column: str, decimals: int) -> NDArray[np.int64]:
    """Return a column of figures in their smallest units; empty is 0."""
    read = _each(table, column, lambda text: scaled(text or "0", decimals), 0)
    return np.array(read, np.int64)


def moments(table: Table, column: str, zone: ZoneInfo) -> Moments:
    """Return a column of dates (their first moments) or times, none of which may be empty."""

    def read(text: str) -> tuple[int, int, int]:
        if not text and column in table.columns:
            raise ValueError("this may not be empty")
        if not text:
            return 0, 0, 0
        at = moment(text, zone)
        return microseconds(at), at.toordinal(), month_number(at)

    read_cells = np.array(_each(table, column, read, (0, 0, 0)), np.int64).reshape(-1, 3)
    at, day, month = read_cells.T
    return Moments(np.ascontiguousarray(at), day.astype(np.int32), month.astype(np.int32))


def _each(table: Table, column: str, read: Callable[[str], Value], default: Value) -> list[Value]:
    """Return every cell as `read` reads it; a `ValueError` is a mistake, and the default stands."""
    texts = table.texts(column)
    found: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for text in set(texts):
        try:
            found[text] = read(text)
        except ValueError as error:
            found[text], wrong[text] = default, str(error)
    if wrong:
        for at, text in enumerate(texts):
            if text in wrong:
                table.refuse(at, column, wrong[text])
    return [found[text] for text in texts]
