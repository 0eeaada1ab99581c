"""Whose figures are looked at while orders come in: quiet distributors, and who sits far above."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from typing import Final

import numpy as np
import psycopg2

from bench.live.company import Place
from bench.live.lags import path
from bench.live.watching import Sample
from mlm.copying import copy_out

_NOW: Final = "retired_at IS NULL AND effective_until IS NULL"
_SPONSORS: Final = (
    f"SELECT member_id, coalesce(sponsor_id, 0) FROM distributors_memberversion WHERE {_NOW}"
)
_QUIET: Final = (
    "SELECT m.id, m.code FROM distributors_memberversion v"
    f" JOIN distributors_member m ON m.id = v.member_id WHERE {_NOW}"
    " AND v.role = 'distributor' AND m.market_id = 'US' AND NOT EXISTS"
    " (SELECT 1 FROM distributors_memberversion c WHERE c.sponsor_id = v.member_id)"
    " ORDER BY m.id % 7919, m.id"
)


def sponsors_of(place: Place) -> dict[int, int]:
    """Return everybody's sponsor, 0 for who has none."""
    with closing(psycopg2.connect(place.database_url)) as connection, connection.cursor() as cursor:
        rows = copy_out(cursor, _SPONSORS, np.dtype([("member", "i8"), ("sponsor", "i8")]))
    return dict(zip(rows["member"].tolist(), rows["sponsor"].tolist(), strict=True))


def chosen(
    place: Place, count: int, *, buyers: Collection[int], sponsors: Mapping[int, int]
) -> list[tuple[Sample, str]]:
    """Return so many distributors with the farthest upline below the company's own place.

    They have nobody below them and are not among the buyers, so that only orders of their own
    raise their PV. With each comes the code it buys by; fewer are returned where there are no more.
    """
    others = set(buyers)
    found: list[tuple[Sample, str]] = []
    for member, code in place.ask(_QUIET):
        if len(found) == count:
            break
        above = list(path(sponsors[member], sponsors))
        if member not in others and len(above) > 1:
            found.append((Sample(member, above[-2]), code))
    return found
