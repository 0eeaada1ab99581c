"""What a run on files writes: all of it, or nothing."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commissions.engine.digest import result_digest
from commissions.lab.basis import Basis, write_basis
from commissions.lab.figures import figure, per_cent, points
from commissions.lab.lines import LineTable
from commissions.lab.mistakes import LabError
from commissions.lab.outcome import Outcome
from commissions.lab.standings import standings_rows
from commissions.lab.state import COLUMNS as STATE
from commissions.lab.summary import summary_of

LINES = ("member", "bonus", "level", "evidence", "base", "rate", "amount", "reverses")
EARNINGS = ("member", "bonus", "level", "base", "rate", "amount")

Int64s = NDArray[np.int64]


def write_outcome(outcome: Outcome, out: Path) -> None:
    """Write the files of a run into a folder; they appear together, when all are written."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise LabError([f"--out: {error}"]) from error
    try:
        _write_all(outcome, temporary)
        temporary.chmod(0o755)
        if not out.exists():
            temporary.rename(out)
            return
        for path in temporary.iterdir():
            os.replace(path, out / path.name)
    except OSError as error:
        raise LabError([f"--out: {error}"]) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_all(outcome: Outcome, folder: Path) -> None:
    lines, decimals = outcome.lines, outcome.plan.exponent
    _write(folder / "lines.csv", LINES, line_rows(lines, decimals))
    _write(folder / "earnings.csv", EARNINGS, earning_rows(lines, decimals))
    header, rows = standings_rows(outcome.result, outcome.people)
    _write(folder / "standings.csv", header, rows)
    _write(folder / "state.csv", STATE, outcome.state)
    digest = result_digest(outcome.result)
    summary = json.dumps(summary_of(outcome, digest), indent=2, ensure_ascii=False)
    (folder / "summary.json").write_text(summary + "\n", encoding="utf-8")
    write_basis(basis_of(outcome, digest), folder)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def line_rows(lines: LineTable, decimals: int) -> Iterable[Sequence[object]]:
    """Return the rows of lines.csv."""
    return zip(
        (lines.members[number] for number in lines.member.tolist()),
        (lines.names[number] for number in lines.name.tolist()),
        lines.level.tolist(),
        lines.evidence,
        _bases(lines.base, lines.in_money, decimals),
        texts(lines.rate_ppm, per_cent),
        texts(lines.amount, lambda amount: figure(amount, decimals)),
        lines.reverses,
        strict=True,
    )


def earning_rows(lines: LineTable, decimals: int) -> Iterable[Sequence[object]]:
    """Return the rows of earnings.csv: sums of lines, reversals included, in their order."""
    if not len(lines):
        return []
    keys = np.array([lines.member, lines.name, lines.level, lines.rate_ppm])
    first = np.flatnonzero(np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0)))
    base, amount = (np.add.reduceat(column, first) for column in (lines.base, lines.amount))
    return zip(
        (lines.members[number] for number in lines.member[first].tolist()),
        (lines.names[number] for number in lines.name[first].tolist()),
        lines.level[first].tolist(),
        _bases(base, lines.in_money[first], decimals),
        texts(lines.rate_ppm[first], per_cent),
        texts(amount, lambda value: figure(value, decimals)),
        strict=True,
    )


def _bases(base: Int64s, in_money: NDArray[np.bool_], decimals: int) -> Sequence[str]:
    written = np.array(texts(base, points), object)
    written[in_money] = texts(base[in_money], lambda value: figure(value, decimals))
    found: list[str] = written.tolist()
    return found


def texts(values: Int64s, written: Callable[[int], str]) -> list[str]:
    """Return each value as a text; equal values are written once.

    >>> texts(np.array([5, 7, 5]), str)
    ['5', '7', '5']
    """
    distinct, place = np.unique(values, return_inverse=True)
    known = np.array([written(value) for value in distinct.tolist()], object)
    found: list[str] = known[place].tolist()
    return found


def basis_of(outcome: Outcome, digest: str) -> Basis:
    """Return what later runs need of a run."""
    period, late = outcome.clock.period, outcome.late
    ids = outcome.orders.ids
    return Basis(
        plan=outcome.given.text,
        start=period.first_day.isoformat(),
        last_day=period.last_day.isoformat(),
        result=digest,
        members=outcome.people.ids,
        sales=[ids[number] for number in outcome.snapshot.sale.tolist()],
        snapshot=outcome.snapshot,
        returned=late.returned,
        taken_back=late.taken_back,
        matched_back=late.matched_back,
    )
