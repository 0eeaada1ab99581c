"""What stored ranges would bring to flat lists of a whole downline: tried on temporary tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np
from django.db import connection, transaction

from commissions.engine.network import order_network
from mlm.copying import Rows, copy_in, copy_out

NETWORK: Final = """
    SELECT v.member_id, coalesce(v.sponsor_id, 0), (v.role = 'distributor')::int::bigint
      FROM distributors_memberversion v WHERE v.retired_at IS NULL AND v.effective_until IS NULL
     ORDER BY v.member_id
"""
COLUMNS: Final = [("member", "i8"), ("sponsor", "i8"), ("distributor", "i8")]
_RANGES: Final = [("member", "i8"), ("first", "i4"), ("last", "i4")]
_FIRST_PAGE: Final = """
    SELECT s.member_id FROM standing s JOIN place p ON p.member = s.member_id
     WHERE p.first > %s AND p.first <= %s ORDER BY s.gv DESC, s.member_id LIMIT 50
"""
_TIMES: Final = 5


@dataclass(frozen=True, slots=True)
class Ranges:
    """Seconds to make the table, its size in bytes, and milliseconds for the first page by GV.

    `pages` has: people below, without and with an index on the volume.
    """

    seconds: float
    size: int
    pages: Sequence[tuple[int, float, float]]


def read_network() -> tuple[Any, Rows]:
    """Return everybody's network in order, and the rows that it was made from."""
    with transaction.atomic(), connection.cursor() as cursor:
        rows = copy_out(cursor, NETWORK, np.dtype(COLUMNS))
    place = np.searchsorted(rows["member"], rows["sponsor"])
    sponsor = np.where(rows["sponsor"] == 0, -1, place).astype(np.int32)
    return order_network(rows["member"], sponsor), rows


def try_ranges(run_id: int, members: Sequence[int]) -> Ranges:
    """Make the table of ranges, and ask for the first page of each of these members' downlines."""
    with transaction.atomic(), connection.cursor() as cursor:
        started = perf_counter()
        network, _ = read_network()
        ranges = np.empty(len(network.member), dtype=_RANGES)
        ranges["member"], ranges["last"] = network.member, network.end - 1
        ranges["first"] = np.arange(len(ranges))
        cursor.execute("CREATE TEMP TABLE place (member bigint, first int, last int)")
        copy_in(cursor, "place", ranges)
        cursor.execute("ALTER TABLE place ADD PRIMARY KEY (member)")
        cursor.execute("CREATE INDEX ON place (first) INCLUDE (member)")
        seconds = perf_counter() - started
        cursor.execute("SELECT pg_total_relation_size('place')")
        (size,) = cursor.fetchone()
        cursor.execute(
            "CREATE TEMP TABLE standing AS SELECT member_id, gv FROM commissions_standing"
            " WHERE run_id = %s",
            [run_id],
        )
        cursor.execute("ALTER TABLE standing ADD PRIMARY KEY (member_id)")
        cursor.execute("ANALYZE place, standing")
        wanted = [network.row_of(member) for member in members]
        without = [_asked(cursor, row, int(network.end[row]) - 1) for row in wanted]
        cursor.execute("CREATE INDEX ON standing (gv DESC, member_id)")
        indexed = [_asked(cursor, row, int(network.end[row]) - 1) for row in wanted]
        cursor.execute("DROP TABLE place, standing")
    below = [int(network.end[row]) - 1 - row for row in wanted]
    return Ranges(seconds, size, list(zip(below, without, indexed, strict=True)))


def _asked(cursor: Any, first: int, last: int) -> float:
    """Return the milliseconds of the middle one of some tries."""
    took = []
    for _ in range(_TIMES):
        started = perf_counter()
        cursor.execute(_FIRST_PAGE, [first, last])
        cursor.fetchall()
        took.append(perf_counter() - started)
    return median(took) * 1000
