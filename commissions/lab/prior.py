"""Late returns: what earlier runs paid on a sale, and what they took back of it already."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commissions.engine import reverse_lines
from commissions.engine.money import Rounding
from commissions.lab.mistakes import Notes
from commissions.lab.orders import Sale
from commissions.lab.tables import Row, read_rows
from commissions.plan.exact import rate_ppm

COLUMNS = ("member", "bonus", "level", "sale", "base", "rate", "amount", "reverses")
Key = tuple[str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class LabLine:
    """A line as the lab writes it: names of the files, figures in smallest units."""

    member: str
    bonus: str
    level: int
    sale: str
    base: int
    rate_ppm: int
    amount: int
    reverses: str = ""

    @property
    def key(self) -> Key:
        """Return what a posted line and its reversals have in common."""
        return (self.reverses or self.sale, self.member, self.bonus, self.level, self.rate_ppm)


@dataclass(slots=True)
class Prior:
    """What earlier runs left: lines by the sale they were paid on."""

    paid: dict[str, list[LabLine]] = field(default_factory=lambda: defaultdict(list))
    column: dict[Key, str] = field(default_factory=dict)
    rounding: dict[Key, Rounding] = field(default_factory=dict)
    returned: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    undone: dict[Key, int] = field(default_factory=lambda: defaultdict(int))


def read_prior(folders: tuple[Path, ...], currency: str, decimals: int, notes: Notes) -> Prior:
    """Return what the runs in these folders paid and took back."""
    prior = Prior()
    for folder in folders:
        summary = _summary(folder, currency, notes)
        if summary is None:
            continue
        columns = {bonus["name"]: bonus["column"] for bonus in summary["bonuses"]}
        rounding = Rounding[summary["plan"]["rounding"]]
        for row in read_rows(folder / "lines.csv", notes, COLUMNS, name=f"{folder.name}/lines.csv"):
            line = _line(row, decimals)
            if line is None:
                continue
            if line.reverses:
                prior.returned[line.key] -= line.base
                prior.undone[line.key] += line.amount
            elif line.key in prior.column:
                row.refuse("sale", f'"{line.sale}" is paid in another prior run already')
            else:
                prior.paid[line.sale].append(line)
                prior.column[line.key] = columns.get(line.bonus, "cv")
                prior.rounding[line.key] = rounding
    return prior


def _summary(folder: Path, currency: str, notes: Notes) -> dict[str, Any] | None:
    path = folder / "summary.json"
    try:
        summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if summary["plan"]["currency"] == currency and summary["bonuses"] is not None:
            return summary
        problem = f"that run is in {summary['plan']['currency']}, not in {currency}"
    except (OSError, ValueError, KeyError, TypeError):
        problem = "cannot be read as the summary of a run"
    notes.add(f"{folder.name}/{path.name}", 0, "", problem)
    return None


def _line(row: Row, decimals: int) -> LabLine | None:
    before = len(row.notes.found)
    base, amount = row.figure("base", 2), row.figure("amount", decimals)
    level, rate = row.figure("level", 0), 0
    try:
        rate = rate_ppm(row.text("rate"))
    except ValueError as error:
        row.refuse("rate", str(error))
    if len(row.notes.found) > before:
        return None
    return LabLine(
        row.text("member"), row.text("bonus"), level, row.text("sale"), base, rate, amount,
        row.text("reverses"),
    )  # fmt: skip


def take_back(
    late: list[Sale], prior: Prior, known: dict[str, Sale], notes: Notes
) -> list[LabLine]:
    """Return the lines that late returns reverse, and remember them for the next return."""
    lines = []
    for sale in late:
        if sale.returns not in prior.paid and sale.returns not in known:
            sale.row.refuse("returns", f'neither sales.csv nor a prior run has "{sale.returns}"')
        for paid in prior.paid.get(sale.returns, []):
            line = _reversal(sale, paid, prior)
            if line.base or line.amount:
                lines.append(line)
    return lines


def _reversal(sale: Sale, paid: LabLine, prior: Prior) -> LabLine:
    key = paid.key
    before = prior.returned[key]
    now = min(before - (sale.pv if prior.column[key] == "pv" else sale.cv), max(paid.base, before))
    amount = int(
        reverse_lines(
            [paid.base],
            [paid.amount],
            returned=[now],
            reversed_already=[prior.undone[key]],
            rounding=prior.rounding[key],
        )[0]
    )
    prior.returned[key] = now
    prior.undone[key] += amount
    return LabLine(
        paid.member, paid.bonus, paid.level, sale.id, before - now, paid.rate_ppm, amount,
        sale.returns,
    )  # fmt: skip
