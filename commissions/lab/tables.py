"""CSV files as columns of texts; each cell knows where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commissions.lab.mistakes import Notes
from commissions.plan.mistakes import cannot_be_read, closest

OTHER_SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What spreadsheets of some languages put between columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A file's rows, column by column, stripped; a column that is not there is empty all along.

    `numbers` has the row of the file in which each begins: the header's is 1. What does not come
    from a file (an example of a plan) has the numbers of the lines that it was read from.
    """

    file: str
    numbers: Sequence[int]
    columns: dict[str, list[str]]
    notes: Notes

    def __len__(self) -> int:
        return len(self.numbers)

    def texts(self, column: str) -> list[str]:
        """Return what stands in a column."""
        return self.columns.get(column) or [""] * len(self.numbers)

    def refuse(self, at: int, column: str, problem: str) -> None:
        """Note a mistake in a column of the row at a place (from 0)."""
        self.notes.add(self.file, self.numbers[at], column, problem)


def read_table(
    path: Path,
    notes: Notes,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    also: Callable[[str], bool] = lambda _: False,
    name: str = "",
) -> Table:
    """Return a file as a table; what is wrong with the file itself is noted under its name.

    `also` tells of a column that is neither needed nor optional whether it may be there.
    """
    name = name or path.name
    numbers, records = _records(name, _text(path, name, notes), notes)
    if not records:
        if not notes.of(name):
            notes.add(name, 1, "", f"the header is missing: {', '.join(needed)}")
        return Table(name, [], {}, notes)
    header = [cell.strip() for cell in records[0]]
    if separator := _other_separator(header, needed):
        notes.add(name, 1, "", f"columns are parted by {separator}. Part them by commas.")
        return Table(name, [], {}, notes)
    _check_header(name, header, notes, needed, [*needed, *optional], also)
    numbers, records = numbers[1:], records[1:]
    width = len(header)
    if any(len(cells) != width or not cells[0].strip() for cells in records):
        kept = list(_whole_rows(name, width, zip(numbers, records, strict=True), notes))
        numbers, records = [number for number, _ in kept], [cells for _, cells in kept]
    columns = zip(*records, strict=True) if records else ([] for _ in header)
    return Table(
        name,
        numbers,
        {
            column: [cell.strip() for cell in cells]
            for column, cells in zip(header, columns, strict=True)
        },
        notes,
    )


def _text(path: Path, name: str, notes: Notes) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        notes.add(name, 0, "", cannot_be_read(error))
        return ""


def _records(file: str, text: str, notes: Notes) -> tuple[Sequence[int], list[list[str]]]:
    """Return all records, and the row in which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error:
        records = []
    if records and reader.line_num == len(records):
        return range(1, len(records) + 1), records
    kept = list(_one_by_one(file, text, notes))
    return [number for number, _ in kept], [cells for _, cells in kept]


def _one_by_one(file: str, text: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the row it begins in, up to one that is no CSV, which is noted."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        notes.add(file, number, "", f"this row is not CSV: {error}")


def _other_separator(header: list[str], needed: Sequence[str]) -> str:
    """Return what parts the columns of a file that was not saved with commas, or nothing."""
    if len(header) != 1:
        return ""
    found = (sign for sign in OTHER_SEPARATORS if set(needed) <= _cells(header[0], sign))
    return OTHER_SEPARATORS.get(next(found, ""), "")


def _cells(line: str, separator: str) -> set[str]:
    return {cell.strip() for cell in line.split(separator)}


def _check_header(
    file: str,
    header: list[str],
    notes: Notes,
    needed: Sequence[str],
    known: list[str],
    also: Callable[[str], bool],
) -> None:
    for name in needed:
        if name not in header:
            notes.add(file, 1, name, "this column is missing")
    for place, name in enumerate(header):
        if name in header[:place]:
            notes.add(file, 1, name, "this column stands twice")
        elif name not in known and not also(name):
            near = closest(name, known)
            hint = f' Did you mean "{near}"?' if near else ""
            notes.add(file, 1, name or f"{place + 1}", f"there is no such column.{hint}")


def _whole_rows(
    file: str, width: int, records: Iterable[tuple[int, list[str]]], notes: Notes
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have a value for each column; empty rows are left out."""
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) == width:
            yield number, cells
        else:
            notes.add(file, number, "", f"{len(cells)} values for {width} columns")
