"""The network of a period: members effective at its end, and their places."""

from __future__ import annotations

import numpy as np
from django.conf import settings
from django.db.backends.utils import CursorWrapper

from commissions.books import (
    COUNTS_AS_LEG,
    EARNS,
    KEEPS_CUSTOMERS,
    KEEPS_VOLUME,
    NETWORK,
    OCCUPIES_LEVEL,
    PLACES,
    by_id,
    dtype_of,
)
from commissions.engine import Plan
from commissions.reading.asking import Asked
from commissions.reading.extent import Extent, quoted
from mlm.copying import Rows, copy_out


def read_members(
    cursor: CursorWrapper,
    extent: Extent,
    asked: Asked,
    plan: Plan,
    *,
    only: list[int] | None = None,
) -> Rows:
    """Read the members effective at the period's end, customers as well, by id; or `only` some."""
    policy = (
        f"p.earns::int * {EARNS} + p.occupies_level::int * {OCCUPIES_LEVEL}"
        f" + p.counts_as_leg::int * {COUNTS_AS_LEG} + p.keeps_volume::int * {KEEPS_VOLUME}"
        f" + (p.customers = 'stay')::int * {KEEPS_CUSTOMERS}"
    )
    fields, columns, tables = _more_of_members(cursor, extent, asked, plan)
    selected = [
        "v.member_id",
        "COALESCE(v.sponsor_id, 0)",
        "v.role = 'distributor'",
        f"({policy})::smallint",
        *columns,
    ]
    some = "" if only is None else quoted(cursor, " AND v.member_id = ANY(%s)", [only])
    rows = copy_out(
        cursor,
        # Only constants of this file and values quoted by the driver are put together here
        f"SELECT {', '.join(selected)} FROM distributors_memberversion v"
        " JOIN distributors_statuspolicy p ON p.status = v.status"
        f" {' '.join(tables)} WHERE {_true_then(cursor, extent)}{some}",
        dtype_of(*NETWORK, *fields),
    )
    return by_id(rows, "member_id")


def in_the_network(members: Rows, asked: Asked) -> Rows:
    """Return the distributors, and customers with a line.

    Customers matter only where somebody sits below them. Asked in SQL, PostgreSQL looks below each
    customer on its own, which takes hours where it reads the whole table each time.
    """
    kept = members["is_distributor"] | np.isin(members["member_id"], members["sponsor_id"])
    if asked.enroller:
        kept |= np.isin(members["member_id"], members["enroller_id"])
    return members[kept]


def _more_of_members(
    cursor: CursorWrapper, extent: Extent, asked: Asked, plan: Plan
) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Return fields, columns and joins of what else a plan asks about members."""
    found: list[tuple[str, str, str]] = []
    tables = []
    if asked.enroller:
        found.append(("enroller_id", "i8", "COALESCE(v.enroller_id, v.sponsor_id, 0)"))
    if asked.joined:
        local = quoted(cursor, "(m.joined_at AT TIME ZONE %s)::date", [settings.TIME_ZONE])
        found += [("joined_at", "i8", "m.joined_at"), ("joined_day", "i4", local)]
    if asked.market:
        markets = quoted(
            cursor, "COALESCE(array_position(%s::text[], m.market_id), 0)", [list(plan.markets)]
        )
        found.append(("market", "i4", markets))
    if asked.joined or asked.market:
        tables.append("JOIN distributors_member m ON m.id = v.member_id")
    if asked.holder:
        found.append(("holder_id", "i8", "COALESCE(h.party_id, -v.member_id)"))
        tables.append(_holders(cursor, extent))
    fields = [(name, kind) for name, kind, _ in found]
    return fields, [column for _, _, column in found], tables


def _true_then(cursor: CursorWrapper, extent: Extent) -> str:
    """Return the condition on versions: effective at the period's end, as known at its lock."""
    return quoted(
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


def _holders(cursor: CursorWrapper, extent: Extent) -> str:
    """Return the join with who holds a member at the period's end; at most one does at a time."""
    known = "" if extent.known_at is None else " AND h.recorded_at <= %(known)s"
    return quoted(
        cursor,
        "LEFT JOIN distributors_holding h ON h.member_id = v.member_id AND h.capacity = 'holder'"
        " AND h.effective_from < %(end)s"
        f" AND (h.effective_until IS NULL OR h.effective_until >= %(end)s){known}",
        {"end": extent.ends_at, "known": extent.known_at},
    )


def read_places(cursor: CursorWrapper, extent: Extent, plan: Plan) -> Rows:
    """Return the places in placement trees: none, as companies have no such trees yet."""
    del cursor, extent, plan
    return np.empty(0, dtype=PLACES)
