"""What a run on files writes: all of it, or nothing."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from commissions.engine import ENGINE_VERSION, Plan, RunResult, Snapshot
from commissions.engine.digest import result_digest, snapshot_digest
from commissions.engine.plan import PersonalVolume
from commissions.lab.figures import figure, per_cent, points
from commissions.lab.mistakes import LabError
from commissions.lab.orders import Orders
from commissions.lab.people import People
from commissions.lab.prior import COLUMNS, LabLine


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run on files: what it was worked out from and what came out."""

    plan: Plan
    people: People
    orders: Orders
    snapshot: Snapshot
    result: RunResult
    lines: list[LabLine]
    start: datetime
    end: datetime
    as_of: datetime

    def ordered_lines(self) -> list[LabLine]:
        """Return the lines by member, bonus, level and sale, as these stand in the files."""
        member = {id_: place for place, id_ in enumerate(self.people.by_id)}
        names = [*(bonus.name for bonus in self.plan.bonuses), *(line.bonus for line in self.lines)]
        bonus = {name: place for place, name in enumerate(dict.fromkeys(names))}
        sale = {id_: place for place, id_ in enumerate(self.orders.by_id)}
        return sorted(
            self.lines, key=lambda x: (member[x.member], bonus[x.bonus], x.level, sale[x.sale])
        )


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
    lines = outcome.ordered_lines()
    decimals = outcome.plan.exponent
    _write(folder / "lines.csv", COLUMNS, (_line_row(line, decimals) for line in lines))
    _write(
        folder / "earnings.csv",
        ("member", "bonus", "level", "base", "rate", "amount"),
        _earnings(lines, decimals),
    )
    header = [
        "member", *outcome.result.standings.names,
        *(count.phrase for count in outcome.plan.counts), "active", "rank", "paid_as",
    ]  # fmt: skip
    _write(folder / "standings.csv", header, _standings(outcome))
    _write(folder / "state.csv", ("member", "key", "value"), ())
    summary = json.dumps(summary_of(outcome, lines), indent=2, ensure_ascii=False)
    (folder / "summary.json").write_text(summary + "\n", encoding="utf-8")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _line_row(line: LabLine, decimals: int) -> tuple[object, ...]:
    return (
        line.member, line.bonus, line.level, line.sale, points(line.base),
        per_cent(line.rate_ppm), figure(line.amount, decimals), line.reverses,
    )  # fmt: skip


def _earnings(lines: list[LabLine], decimals: int) -> list[tuple[object, ...]]:
    """Return the sums of lines, reversals included, in the order of the lines."""
    sums: dict[tuple[str, str, int, int], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        total = sums[line.member, line.bonus, line.level, line.rate_ppm]
        total[0] += line.base
        total[1] += line.amount
    return [
        (member, bonus, level, points(base), per_cent(rate), figure(amount, decimals))
        for (member, bonus, level, rate), (base, amount) in sums.items()
    ]


def _standings(outcome: Outcome) -> list[tuple[object, ...]]:
    plan, result, standings = outcome.plan, outcome.result, outcome.result.standings
    rows: list[tuple[object, ...]] = []
    for person, row in zip(outcome.people.row, result.network.row.tolist(), strict=True):
        rows.append(
            (
                person,
                *(points(int(volume)) for volume in standings.volumes[:, row]),
                *(int(count) for count in standings.counts[:, row]),
                "yes" if standings.active[row] else "no",
                plan.rank_name(int(standings.rank[row])),
                plan.rank_name(int(standings.paid_as[row])),
            )
        )
    return rows


def summary_of(outcome: Outcome, lines: list[LabLine]) -> dict[str, Any]:
    """Return the totals of a run; amounts are text, so that no reader makes floats of them."""
    plan, snapshot = outcome.plan, outcome.snapshot
    paid = sum(line.amount for line in lines if not line.reverses)
    taken_back = sum(line.amount for line in lines if line.reverses)
    cv = int(snapshot.cv.sum())
    return {
        "plan": {
            "name": plan.name,
            "currency": plan.currency,
            "cadence": plan.cadence,
            "rounding": plan.rounding.name,
            "digest": plan.text_digest,
        },
        "period": {"start": outcome.start.isoformat(), "end": outcome.end.isoformat()},
        "as_of": outcome.as_of.isoformat(),
        "members": {
            "distributors": len(outcome.people.row),
            "customers": len(outcome.people.by_id) - len(outcome.people.row),
        },
        "sales": {"sales": len(snapshot.sale), "late_returns": len(outcome.orders.late)},
        "totals": {
            "pv": points(int(snapshot.pv.sum())),
            "cv": points(cv),
            "paid": figure(paid, plan.exponent),
            "taken_back": figure(taken_back, plan.exponent),
            "earned": figure(paid + taken_back, plan.exponent),
            "earners": len({line.member for line in lines}),
            "lines": len(lines),
        },
        "payout_ratio": _ratio(paid * plan.point_den * 100, cv * plan.point_num),
        "bonuses": _bonuses(plan, lines),
        "digests": {
            "input": snapshot_digest(snapshot, outcome.result.network),
            "result": result_digest(outcome.result),
        },
        "engine": ENGINE_VERSION,
    }


def _ratio(paid: int, worth: int) -> str | None:
    """Return what is paid of what the period's points are worth, in per cent, cut at 4 decimals."""
    return per_cent(paid * 1_000_000 // worth) if worth > 0 else None


def _bonuses(plan: Plan, lines: list[LabLine]) -> list[dict[str, str]]:
    rows = []
    for rule in plan.bonuses:
        volume = cast(PersonalVolume, plan.volumes[rule.pays_on])
        amount = sum(line.amount for line in lines if line.bonus == rule.name)
        rows.append(
            {
                "name": rule.name,
                "column": volume.column.name.lower(),
                "amount": figure(amount, plan.exponent),
            }
        )
    return rows
