"""Writes small files, runs the lab on them, and reads what it wrote."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from commissions.lab import LabError, LabRequest, run_lab

JANUARY = "2026-01-01..2026-02-01"
FEBRUARY = "2026-02-01..2026-03-01"
MARCH = "2026-03-01..2026-04-01"
MEMBERS = "id,sponsor,role,joined_at\n"
SALES = "id,member,at,purpose,amount,pv,cv\n"
RETURNS = "id,member,at,purpose,amount,pv,cv,returns\n"

PLAN = """
name     = "Plan"
currency = "USD"
cadence  = "monthly"
"""
"""The top of a plan; tests add to it."""


@dataclass(frozen=True)
class Written:
    """The folder that a run wrote."""

    folder: Path

    def rows(self, file: str) -> list[dict[str, str]]:
        """Return the rows of a CSV file by its header."""
        with (self.folder / f"{file}.csv").open(newline="", encoding="utf-8") as opened:
            return list(csv.DictReader(opened))

    def lines(self, *columns: str) -> list[tuple[str, ...]]:
        """Return columns of lines.csv; left out: whose, of what, on what and how much."""
        shown = columns or ("member", "bonus", "evidence", "amount")
        return [tuple(row[name] for name in shown) for row in self.rows("lines")]

    def standing(self, member: str) -> dict[str, str]:
        """Return a member's row of standings.csv."""
        (found,) = (row for row in self.rows("standings") if row["member"] == member)
        return found

    def state(self) -> dict[tuple[str, str], str]:
        """Return state.csv, by member and key."""
        return {(row["member"], row["key"]): row["value"] for row in self.rows("state")}

    @property
    def state_file(self) -> Path:
        """Return where the state is."""
        return self.folder / "state.csv"

    @property
    def summary(self) -> Any:
        """Return summary.json."""
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Lab:
    """A plan and its members in a folder, in which runs are made one after another."""

    folder: Path
    plan: str
    members: str

    def run(
        self, sales: str = SALES, period: str = JANUARY, *, name: str = "", **options: Any
    ) -> Written:
        """Run a period; `name` is its folder's, left out: the first day of the period."""
        name = name or period[:10]
        given = self.folder / f"{name}-files"
        given.mkdir()
        for file, text in (("plan.toml", self.plan), ("members.csv", self.members)):
            (given / file).write_text(dedent(text), encoding="utf-8")
        (given / "sales.csv").write_text(sales, encoding="utf-8")
        if "state" in options and isinstance(options["state"], str):
            (given / "state.csv").write_text("member,key,value\n" + options["state"])
            options["state"] = (given / "state.csv",)
        run_lab(
            LabRequest(
                plan=given / "plan.toml",
                members=given / "members.csv",
                sales=given / "sales.csv",
                period=period,
                out=self.folder / name,
                **options,
            )
        )
        return Written(self.folder / name)

    def problems(self, sales: str = SALES, period: str = JANUARY, **options: Any) -> list[str]:
        """Return what the lab refuses; `AssertionError` if it refuses nothing, or wrote a file."""
        try:
            self.run(sales, period, name="refused", **options)
        except LabError as error:
            assert not (self.folder / "refused").exists()
            return list(error.mistakes)
        raise AssertionError("nothing is refused")


def network(text: str) -> str:
    """Return members.csv of lines `name` or `name customer`; the indent says who sponsors whom."""
    rows, above = [MEMBERS], [("", -1)]
    for line in dedent(text).strip("\n").split("\n"):
        indent = len(line) - len(line.lstrip())
        name, _, role = line.strip().partition(" ")
        while above[-1][1] >= indent:
            above.pop()
        rows.append(f"{name},{above[-1][0]},{role or 'distributor'},2025-01-01\n")
        above.append((name, indent))
    return "".join(rows)
