"""The sales of a period: paid on or counted, net of returns, and what came back late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from django.conf import settings
from django.db.backends.utils import CursorWrapper

from commissions.books import SALES, by_id, dtype_of
from commissions.engine import Plan
from commissions.errors import SaleInAnotherCurrency
from commissions.reading.asking import Asked
from commissions.reading.extent import Extent, quoted
from commissions.reading.late import Late
from mlm.copying import Rows, copy_out

BEYOND_SALES: Final = 1 << 60
"""Added to the number of what came back late: in a shorter rhythm it may be a return, too."""


@dataclass(frozen=True, slots=True)
class Which:
    """Some of the sales: those whose column has one of these numbers."""

    column: str
    numbers: list[int]


def read_sales(
    cursor: CursorWrapper, extent: Extent, asked: Asked, plan: Plan, which: Which | None = None
) -> Rows:
    """Read the sales that are paid on or counted, and their returns, by id; or some of them."""
    stretch = quoted(
        cursor,
        "s.commission_at >= %s AND s.commission_at < %s",
        [extent.sales_from, extent.ends_at],
    ) + extent.recorded_as("s.id")
    if which is not None:
        stretch += quoted(cursor, f" AND {which.column} = ANY(%s)", [which.numbers])
    if asked.amount:
        _refuse_another_currency(cursor, stretch, plan)
    rows = _sales_where(cursor, stretch, extent, asked, plan, alone=which is not None)
    return by_id(rows, "sale_id")


def with_late(
    cursor: CursorWrapper, sales: Rows, extent: Extent, asked: Asked, plan: Plan, late: Late
) -> Rows:
    """Return the sales, and where late returns change volumes or legs what came back late."""
    if not (asked.legs or asked.volumes):
        return sales
    ids = late.owned["return_id"].tolist()
    back = sales[:0]
    if ids:
        some = f"s.id IN ({', '.join(map(str, ids))})"
        back = _sales_where(cursor, some, extent, asked, plan, alone=True)
    return by_id(_together(sales, back, late), "sale_id")


def _sales_where(
    cursor: CursorWrapper, where: str, extent: Extent, asked: Asked, plan: Plan, *,
    alone: bool,
) -> Rows:  # fmt: skip
    """Read sales; `alone`: they are not all of their stretch."""
    fields, columns, tables = _more_of_sales(cursor, extent, asked, plan, alone=alone)
    selected = [
        "s.id, s.credited_id",
        "CASE WHEN s.buyer_role = 'distributor' THEN 0 ELSE s.buyer_id END",
        "s.pv, s.cv, COALESCE(s.returns_id, 0)",
        *columns,
    ]
    query = f"SELECT {', '.join(selected)} FROM orders_saleline s {tables} WHERE {where}"
    return copy_out(cursor, query, dtype_of(*SALES, *fields))


def _more_of_sales(
    cursor: CursorWrapper, extent: Extent, asked: Asked, plan: Plan, *, alone: bool
) -> tuple[list[tuple[str, str]], list[str], str]:
    """Return fields, columns and joins of what else a plan asks about sales."""
    found: list[tuple[str, str, str]] = []
    tables = ""
    if asked.amount:
        found.append(("amount", "i8", f"s.net_minor * {10 ** (2 - plan.exponent)}"))
    if asked.ages:
        day = "({} AT TIME ZONE %s)::date"
        for name, moment in (("day", "s.commission_at"), ("joined_day", "b.joined_at")):
            column = quoted(cursor, day.format(moment), [settings.TIME_ZONE])
            found.append((name, "i4", column))
        tables = "JOIN distributors_member b ON b.id = s.buyer_id"
    if asked.first:
        found.append(("first", "?", _first(cursor, extent, alone=alone)))
    if extent.is_short:
        for name, start in (("pays", extent.starts_at), ("counts", extent.counted_from)):
            found.append((name, "?", quoted(cursor, "s.commission_at >= %s", [start])))
    return [(name, kind) for name, kind, _ in found], [column for *_, column in found], tables


def _first(cursor: CursorWrapper, extent: Extent, *, alone: bool) -> str:
    """Return the column that tells a buyer's first order: the earliest, then by number.

    Earlier ones are looked for only for the first order of the stretch, not for each.
    """
    bought = (
        "SELECT FROM orders_saleline e WHERE e.buyer_id = s.buyer_id AND e.returns_id IS NULL"
        + extent.recorded_as("e.id")
    )
    if alone:
        earlier = "(e.commission_at, e.order_id) < (s.commission_at, s.order_id)"
        return f"NOT EXISTS ({bought} AND {earlier})"
    before = quoted(cursor, "e.commission_at < %s", [extent.sales_from])
    return (
        "CASE WHEN rank() OVER (PARTITION BY s.buyer_id ORDER BY s.commission_at, s.order_id) = 1"
        f" THEN NOT EXISTS ({bought} AND {before}) ELSE false END"
    )


def _refuse_another_currency(cursor: CursorWrapper, sales: str, plan: Plan) -> None:
    cursor.execute(
        "SELECT s.id, s.currency FROM orders_saleline s"
        f" WHERE {sales} AND s.currency <> %s LIMIT 1",
        [plan.currency],
    )
    if other := cursor.fetchone():
        raise SaleInAnotherCurrency(
            f"The plan pays on money paid in {plan.currency}, and sale {other[0]} was paid in"
            f" {other[1]}.",
            sale=other[0],
        )


def _together(rows: Rows, back: Rows, late: Late) -> Rows:
    """Return the sales and what came back late, which is its owner's in the run that paid."""
    names = rows.dtype.names or ()
    fields = [(name, rows.dtype[name]) for name in names]
    found = np.zeros(len(rows) + len(back), dtype=[*fields, ("late", "?")])
    for name in names:
        found[name] = np.concatenate([rows[name], back[name]])
    came_late = found[len(rows) :]
    came_late["late"] = True
    came_late["sale_id"] += BEYOND_SALES
    came_late["returns_id"] = 0
    owned = late.owned[np.searchsorted(late.owned["return_id"], back["sale_id"])]
    came_late["credited_id"] = owned["owner_id"]
    if "pays" in names:
        came_late["pays"], came_late["counts"] = owned["pays"], owned["counts"]
    return found
