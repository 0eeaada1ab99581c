"""CSV files as rows that know where they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from commissions.lab.figures import scaled
from commissions.lab.mistakes import Notes
from commissions.plan.mistakes import closest


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by column, stripped; columns that the file does not have are empty."""

    file: str
    number: int
    values: dict[str, str]
    notes: Notes

    def text(self, column: str) -> str:
        """Return what stands in a column."""
        return self.values.get(column, "")

    def refuse(self, column: str, problem: str) -> None:
        """Note a mistake in a column."""
        self.notes.add(self.file, self.number, column, problem)

    def needed(self, column: str) -> str:
        """Return what stands in a column that may not be empty."""
        text = self.text(column)
        if not text:
            self.refuse(column, "this may not be empty")
        return text

    def word(self, column: str, words: Iterable[str], default: str) -> str:
        """Return one of a list of words."""
        text = self.text(column) or default
        known = list(words)
        if text not in known:
            near = closest(text, known)
            hint = f' Did you mean "{near}"?' if near else ""
            self.refuse(column, f'"{text}" is none of {", ".join(filter(None, known))}.{hint}')
            return default
        return text

    def figure(self, column: str, decimals: int) -> int:
        """Return a figure in its smallest units; empty is 0."""
        try:
            return scaled(self.text(column) or "0", decimals)
        except ValueError as error:
            self.refuse(column, str(error))
            return 0

    def moment(self, column: str, zone: ZoneInfo) -> datetime | None:
        """Return a date (its first moment) or a time."""
        try:
            return moment(self.needed(column), zone) if self.needed(column) else None
        except ValueError as error:
            self.refuse(column, str(error))
            return None


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date or a time in a zone; a time with an offset is that very moment.

    >>> moment("2026-01-31", ZoneInfo("UTC")).isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), zone)
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        wanted = "2026-01-31 or 2026-01-31T18:30:00"
        raise ValueError(f'"{text}" is no date or time; write it like {wanted}') from error
    return parsed.replace(tzinfo=zone) if parsed.tzinfo is None else parsed


def read_rows(
    path: Path, notes: Notes, needed: Iterable[str], optional: Iterable[str] = (), name: str = ""
) -> list[Row]:
    """Return a file's rows; what is wrong with the file itself is noted under its name."""
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        notes.add(name, 0, "", f"cannot be read: {what}")
        return []
    lines = list(_cells(name, text, notes))
    if not lines:
        notes.add(name, 1, "", f"the header is missing: {', '.join(needed)}")
        return []
    _, header = lines[0]
    _check_header(name, header, notes, list(needed), list(optional))
    return [
        Row(name, number, dict(zip(header, cells, strict=False)), notes)
        for number, cells in lines[1:]
        if any(cells) and _fits(name, number, header, cells, notes)
    ]


def _cells(file: str, text: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the row it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        notes.add(file, number, "", f"this row is not CSV: {error}")


def _check_header(
    file: str, header: list[str], notes: Notes, needed: list[str], optional: list[str]
) -> None:
    for name in needed:
        if name not in header:
            notes.add(file, 1, name, "this column is missing")
    for place, name in enumerate(header):
        if name in header[:place]:
            notes.add(file, 1, name, "this column stands twice")
        elif name.endswith((".parent", ".leg")):
            notes.add(file, 1, name, "placement trees are not supported yet")
        elif name not in needed and name not in optional:
            near = closest(name, [*needed, *optional])
            hint = f' Did you mean "{near}"?' if near else ""
            notes.add(file, 1, name or f"{place + 1}", f"there is no such column.{hint}")


def _fits(file: str, number: int, header: list[str], cells: list[str], notes: Notes) -> bool:
    if len(cells) != len(header):
        notes.add(file, number, "", f"{len(cells)} values for {len(header)} columns")
        return False
    return True
