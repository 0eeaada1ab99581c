"""Asks the lab: writes a quarter's files, runs each month, and reads what was written."""

import csv
import json
from fractions import Fraction
from pathlib import Path

from commissions.lab.run import LabRequest, run_lab
from tests.oracle.model import Line, Standing
from tests.oracle.money import per_cent
from tests.oracle.months import JOINED, PERIODS, TIME_ZONE, Quarter
from tests.oracle.period import Earnings


def write_files(quarter: Quarter, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "plan.toml").write_text(quarter.plan_text)
    members: list[list[object]] = [["id", "sponsor", "role", "joined_at", "status", "rank"]]
    for id, member in quarter.network.items():
        role = "customer" if member.is_customer else "distributor"
        joined, status = JOINED[quarter.joined[id]], quarter.status[id]
        members.append([id, member.sponsor, role, joined, status, member.rank_by_hand])
    write_table(folder / "members.csv", members)
    sales: list[list[object]] = [["id", "member", "at", "purpose", "amount", "pv", "cv", "returns"]]
    for row in quarter.rows:
        sale = row.sale
        figures = [decimal(sale.pv), decimal(sale.cv), sale.returns]
        sales.append([sale.id, sale.buyer, row.at, row.purpose, None, *figures])
    write_table(folder / "sales.csv", sales)


def write_table(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def decimal(points: Fraction) -> str:
    """
    >>> decimal(Fraction(-1205, 100))
    '-12.05'
    """
    hundredths = abs(int(points * 100))
    sign = "-" if points < 0 else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02}"


class Month:
    """What the lab wrote about one month."""

    def __init__(self, folder: Path, decimals: int) -> None:
        self.folder, self.units = folder, 10**decimals
        table = read_table(folder / "lines.csv")
        self.lines = [self._line(row) for row in table]
        self.reverses = [row["reverses"] for row in table]

    def _line(self, row: dict[str, str]) -> Line:
        return Line(
            earner=row["member"],
            bonus=row["bonus"],
            level=int(row["level"]),
            sale=row["sale"],
            base=Fraction(row["base"]),
            rate=per_cent(row["rate"]),
            amount=self._amount(row["amount"]),
        )

    def _amount(self, text: str) -> int:
        amount = Fraction(text) * self.units
        assert amount.denominator == 1, text
        return int(amount)

    def earnings(self) -> Earnings:
        return {
            (row["member"], row["bonus"], int(row["level"]), per_cent(row["rate"])): (
                Fraction(row["base"]),
                self._amount(row["amount"]),
            )
            for row in read_table(self.folder / "earnings.csv")
        }

    def total(self) -> int:
        summary = json.loads((self.folder / "summary.json").read_text())
        return self._amount(summary["totals"]["earned"])

    def standings(self) -> dict[str, Standing]:
        return {
            row["member"]: Standing(
                volumes={name: Fraction(row[name]) for name in ("PV", "CV", "GV")},
                customers=counts(row),
                is_active={"yes": True, "no": False}[row["active"]],
                qualified_as=row["rank"] or None,
                paid_as=row["paid_as"] or None,
            )
            for row in read_table(self.folder / "standings.csv")
        }


def counts(row: dict[str, str]) -> dict[tuple[str, Fraction], int]:
    """Return the columns such as `customers with PV >= 40`."""
    found = {}
    for column, count in row.items():
        if column.startswith("customers with "):
            volume, points = column.removeprefix("customers with ").split(" >= ")
            found[volume, Fraction(points)] = int(count)
    return found


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def ask_the_lab(quarter: Quarter, folder: Path, decimals: int) -> list[Month]:
    """Run the months one after the other, each with those before as prior runs."""
    write_files(quarter, folder)
    done: list[Path] = []
    for number, period in enumerate(PERIODS):
        out = folder / f"month-{number}"
        run_lab(
            LabRequest(
                plan=folder / "plan.toml",
                members=folder / "members.csv",
                sales=folder / "sales.csv",
                period=period,
                out=out,
                prior=tuple(done),
                time_zone=TIME_ZONE,
            )
        )
        done.append(out)
    return [Month(out, decimals) for out in done]
