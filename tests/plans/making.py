"""Writes the large files of examples: rows in, members.csv and sales.csv out."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

JOINED = "2025-01-01"
BOUGHT = "2026-01-15"


def write_members(folder: Path, people: Iterable[tuple[str, str, str]]) -> None:
    """Write members: id, sponsor and role of each; all joined on one day, long ago."""
    rows = ((person, sponsor, role, JOINED) for person, sponsor, role in people)
    _write(folder / "members.csv", ("id", "sponsor", "role", "joined_at"), rows)


def write_sales(
    folder: Path, columns: tuple[str, ...], sales: Iterable[tuple[str, tuple[str, ...]]]
) -> None:
    """Write sales: the buyer of each and what is in the columns; all on one day of January."""
    rows = (
        (f"s{number}", buyer, BOUGHT, "", "", *figures)
        for number, (buyer, figures) in enumerate(sales, start=1)
    )
    _write(folder / "sales.csv", ("id", "member", "at", "purpose", "amount", *columns), rows)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
