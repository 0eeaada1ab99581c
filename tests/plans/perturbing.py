"""Other figures for a published case: sales are changed by chance, the same chance every time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.plans.folders import Case, Row, read_rows

HUNDREDTH = Fraction(1, 100)
GRIDS = (HUNDREDTH, Fraction(1, 10), Fraction(1, 2), Fraction(1))
FACTORS = ((101, 160), (70, 140), (0, 300))
"""Per cent, least and most, in turn: what was reached stays so; nearly all is reached; anything."""


def perturbed_sales(case: Case, columns: tuple[str, ...], seed: int, into: Path) -> dict[str, Path]:
    """Write each run's sales with other figures in `columns`; return the files by run.

    A sale changes by the same chance wherever it stands, and what comes back of it likewise, so
    that never more comes back than was sold. The seed also says how far figures may go.
    """
    changed: dict[Path, Path] = {}
    for run in case.runs:
        if run.sales not in changed:
            changed[run.sales] = into / f"sales-{len(changed)}.csv"
            _write(changed[run.sales], list(_changed(read_rows(run.sales), columns, seed)))
    return {run.name: changed[run.sales] for run in case.runs}


def _changed(rows: list[Row], columns: tuple[str, ...], seed: int) -> Iterator[Row]:
    for row in rows:
        sale = row.get("returns") or row["id"]
        figures = {
            column: _figure(
                row[column],
                Random(f"{seed} {sale} {column}"),  # noqa: S311 - no secret
                FACTORS[seed % len(FACTORS)],
            )
            for column in columns
            if row[column]
        }
        yield {**row, **figures}


def _figure(text: str, dice: Random, factors: tuple[int, int]) -> str:
    """Return another figure, cut toward zero to a grid that makes halves of the smallest unit.

    >>> _figure("100", Random(1), (0, 300)), _figure("-25.50", Random(1), (0, 300))
    ('68.00', '-17.34')
    """
    factor = Fraction(dice.randint(*factors), 100)
    grid = dice.choice(GRIDS)
    hundredths = int(int(Fraction(text) * factor / grid) * grid / HUNDREDTH)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
