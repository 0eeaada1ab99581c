"""Reads the lab's files: members.csv, sales.csv and state.csv, each with a header."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle.people import STATUSES, Member, Place
from tests.oracle.plan import Plan, TreeRules
from tests.oracle.sales import Sale
from tests.oracle.state import Row, row_of

NO_SALE = ("kit", "sales_aid", "fee")
OF_A_CUSTOMER = "customer_order"
NOT_FIGURES = ("id", "member", "at", "purpose", "order", "returns")
LEGS = {"left": 1, "right": 2}


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date or time in the company's time zone.

    >>> moment("2026-01-01T02:00:00+00:00", ZoneInfo("America/New_York"))
    datetime.datetime(2025, 12, 31, 21, 0)
    """
    read = datetime.fromisoformat(text)
    return read.astimezone(zone).replace(tzinfo=None) if read.tzinfo else read


def read_members(path: Path, plan: Plan, zone: ZoneInfo, as_of: datetime) -> dict[str, Member]:
    """Return who had joined before a moment, in the order of the file."""
    found = {}
    for row in rows_of(path):
        joined = moment(row["joined_at"], zone)
        if joined < as_of:
            found[row["id"]] = Member(
                id=row["id"],
                sponsor=row["sponsor"] or None,
                is_customer=row["role"] == "customer",
                policies=STATUSES[row.get("status") or "active"],
                joined=joined,
                enroller=row.get("enroller") or None,
                market=row.get("market") or None,
                holder=row.get("holder") or None,
                rank_by_hand=row.get("rank") or None,
                places={
                    name: read_place(row, rules)
                    for name, rules in plan.trees.items()
                    if row.get(f"{name}.parent")
                },
            )
    return found


def read_place(row: dict[str, str], rules: TreeRules) -> Place:
    """Return a place; a top is its own parent in the file, and has none here."""
    parent, leg = row[f"{rules.name}.parent"], row.get(f"{rules.name}.leg")
    if parent == row["id"]:
        return Place(None)
    return Place(parent, (LEGS.get(leg) or int(leg)) if leg else None)


def read_sales(path: Path, network: dict[str, Member], zone: ZoneInfo) -> list[Sale]:
    """Return the sales and returns, in the order of the file."""
    found = []
    for row in rows_of(path):
        if row.get("purpose") in NO_SALE:
            continue
        buyer = network.get(row["member"])
        purpose = row.get("purpose")
        found.append(
            Sale(
                id=row["id"],
                buyer=row["member"],
                at=moment(row["at"], zone),
                figures={
                    column: Fraction(figure or 0)
                    for column, figure in row.items()
                    if column not in NOT_FIGURES
                },
                is_customer_order=purpose == OF_A_CUSTOMER
                or (not purpose and buyer is not None and buyer.is_customer),
                order=row.get("order") or None,
                returns=row.get("returns") or None,
            )
        )
    return found


def read_state(paths: Sequence[Path]) -> list[Row]:
    return [
        row_of(row["member"], row["key"], row["value"]) for path in paths for row in rows_of(path)
    ]


def midnight(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment of a date or time; a date begins at midnight."""
    read = moment(text, zone)
    return read if "T" in text else datetime.combine(read.date(), time())
