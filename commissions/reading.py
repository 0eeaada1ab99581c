"""The database's side of a snapshot: what a period's figures are made of, as columns.

Everything is read in one transaction and by binary COPY. Rows are in the order of their ids, so
that the same books always give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.backends.utils import CursorWrapper

from commissions.late_returns import LATE_RETURNS, posted_lines_of
from commissions.models import Period
from commissions.services.periods import previous_period
from mlm.copying import Rows, copy_out

NETWORK: Final = np.dtype(
    [("member_id", "i8"), ("sponsor_id", "i8"), ("is_distributor", "?"), ("policy", "i2")]
)
SALES: Final = np.dtype(
    [
        ("sale_id", "i8"),
        ("credited_id", "i8"),
        ("customer_id", "i8"),
        ("pv", "i8"),
        ("cv", "i8"),
        ("returns_id", "i8"),
    ]
)

# What a policy lets a member do, as bits of one number
EARNS: Final = 1
OCCUPIES_LEVEL: Final = 2
COUNTS_AS_LEG: Final = 4
KEEPS_VOLUME: Final = 8
KEEPS_CUSTOMERS: Final = 16


@dataclass(frozen=True, slots=True)
class Extent:
    """Which rows belong to a period's figures: its stretch, and what was known at its lock."""

    starts_at: datetime
    ends_at: datetime
    known_at: datetime | None
    last_sale_id: int | None
    first_late_id: int | None


@dataclass(frozen=True, slots=True)
class Books:
    """What was read: network, sales and what late returns undo, and up to which row."""

    network: Rows
    sales: Rows
    late_lines: Rows
    last_sale_id: int
    last_version_id: int
    visible: str


def extent_of(period: Period) -> Extent:
    """Return which rows belong to a period.

    A locked one sees what was recorded by its lock. A return is late for the period before as soon
    as that is locked, and then belongs to this one, up to its own lock: each return to exactly one.
    """
    earlier = previous_period(period)
    return Extent(
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        known_at=period.locked_at,
        last_sale_id=period.locked_sale_id,
        first_late_id=earlier.locked_sale_id if earlier else None,
    )


def read_books(extent: Extent, *, period_type: str) -> Books:
    """Read all that a period's figures are made of. Be in a REPEATABLE READ transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE((SELECT max(id) FROM orders_saleline), 0),"
            " COALESCE((SELECT max(id) FROM distributors_memberversion), 0),"
            " pg_current_snapshot()::text"
        )
        last_sale, last_version, visible = cursor.fetchone()
        return Books(
            network=_read_network(cursor, extent),
            sales=_read_sales(cursor, extent),
            late_lines=posted_lines_of(_read_late_returns(cursor, extent, period_type)),
            last_sale_id=last_sale if extent.last_sale_id is None else extent.last_sale_id,
            last_version_id=last_version,
            visible=visible,
        )


def _read_network(cursor: CursorWrapper, extent: Extent) -> Rows:
    """Read the members effective at the period's end: distributors, and customers with a line.

    Customers matter here only where somebody sits below them. Everybody is read, and the others
    are left out here: asked in SQL, PostgreSQL looks below each customer on its own, which takes
    hours where it reads the whole table each time.
    """
    true_then = _quoted(
        cursor,
        "v.effective_from < %(end)s AND"
        " (v.effective_until IS NULL OR v.effective_until >= %(end)s) AND "
        + (
            "v.retired_at IS NULL"
            if extent.known_at is None
            else "v.recorded_at <= %(known)s AND (v.retired_at IS NULL OR v.retired_at > %(known)s)"
        ),
        {"end": extent.ends_at, "known": extent.known_at},
    )
    policy = (
        f"p.earns::int * {EARNS} + p.occupies_level::int * {OCCUPIES_LEVEL}"
        f" + p.counts_as_leg::int * {COUNTS_AS_LEG} + p.keeps_volume::int * {KEEPS_VOLUME}"
        f" + (p.customers = 'stay')::int * {KEEPS_CUSTOMERS}"
    )
    rows = copy_out(
        cursor,
        # Only constants of this file and values quoted by the driver are put together here
        "SELECT v.member_id, COALESCE(v.sponsor_id, 0), v.role = 'distributor',"
        f" ({policy})::smallint"
        " FROM distributors_memberversion v"
        " JOIN distributors_statuspolicy p ON p.status = v.status"
        f" WHERE {true_then}",
        NETWORK,
    )
    rows = _by_id(rows, "member_id")
    return rows[rows["is_distributor"] | np.isin(rows["member_id"], rows["sponsor_id"])]


def _read_sales(cursor: CursorWrapper, extent: Extent) -> Rows:
    recorded = "" if extent.last_sale_id is None else f" AND id <= {extent.last_sale_id:d}"
    stretch = _quoted(
        cursor,
        "commission_at >= %(start)s AND commission_at < %(end)s",
        {"start": extent.starts_at, "end": extent.ends_at},
    )
    rows = copy_out(
        cursor,
        "SELECT id, credited_id, CASE WHEN buyer_role = 'distributor' THEN 0 ELSE buyer_id END,"
        " pv, cv, COALESCE(returns_id, 0)"
        f" FROM orders_saleline WHERE {stretch}{recorded}",
        SALES,
    )
    return _by_id(rows, "sale_id")


def _read_late_returns(cursor: CursorWrapper, extent: Extent, period_type: str) -> Rows:
    """Read the sales of locked earlier periods of which something came back for this period.

    A row says how much of the sale has come back since its own lock, this period's returns and
    those that runs in between took back already together.
    """
    if extent.first_late_id is None:
        return np.empty(0, dtype=LATE_RETURNS)
    known = "" if extent.last_sale_id is None else f" AND s.id <= {extent.last_sale_id:d}"
    condition = _quoted(
        cursor,
        "s.commission_at < %(start)s AND p.type_id = %(type)s AND s.id > p.locked_sale_id",
        {"start": extent.starts_at, "type": period_type},
    )
    rows = copy_out(
        cursor,
        "SELECT s.returns_id, max(s.id), p.id, -sum(s.pv)::bigint, -sum(s.cv)::bigint"
        " FROM orders_saleline s JOIN commissions_period p"
        " ON s.commission_at >= p.starts_at AND s.commission_at < p.ends_at"
        f" WHERE s.returns_id IN (SELECT s.returns_id FROM orders_saleline s WHERE s.id >"
        f" {extent.first_late_id:d} AND s.returns_id IS NOT NULL{known}) AND {condition}{known}"
        f" GROUP BY s.returns_id, p.id HAVING max(s.id) > {extent.first_late_id:d}",
        LATE_RETURNS,
    )
    return _by_id(rows, "sale_id")


def _by_id(rows: Rows, column: str) -> Rows:
    ids: npt.NDArray[np.int64] = rows[column]
    if (ids[1:] > ids[:-1]).all():
        return rows
    return rows[np.argsort(ids, kind="stable")]


def _quoted(cursor: CursorWrapper, sql: str, values: dict[str, object]) -> str:
    """Return SQL with its values put in by the driver: COPY takes no parameters."""
    return str(cursor.mogrify(sql, values).decode())
