"""All distributors of a large team, in an order of one's own choosing, however many they are.

Those below somebody are one range of places in the run's network (`commissions.places`), and the
figures that lists are ordered by have indexes: so the first pages of a team of hundreds of
thousands are found at once. Who joined since the places were written is found by their versions.
Where somebody moved since, nothing is answered: nobody is shown below whom they left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Final

from django.db import ProgrammingError, transaction

from commissions.models import Run
from commissions.places import table_of_places
from distributors.models import Member, Role
from mlm.database import not_seen_by, query_rows

MOST_ROWS: Final = 10_000
"""So far one can turn the pages; beyond, filters are of more use."""
_NARROW: Final = 20_000
"""Up to so many in a range they are looked at one by one; beyond, in the order of the list."""
_MOST_COUNTED: Final = 2_000
_NO_SUCH_TABLE: Final = "42P01"

Found = tuple[int, int]
"""A member's id, and how many distributors' levels below the viewer."""


@dataclass(frozen=True, slots=True)
class FarTeam:
    """Some of a team's distributors, how many fit, and how many there are.

    `fitting` is None where more than two thousand do.
    """

    found: Sequence[Found]
    fitting: int | None
    all: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Conditions on `s` (standing) and `p` (place), and an order; with values by name."""

    conditions: Sequence[str]
    order: str
    values: Mapping[str, Any]


def far_team(
    viewer: Member, run: Run, asked: Asked, *, at: datetime, more_than: int, first: int, size: int
) -> FarTeam | None:
    """Return some of the distributors below a member; None where places cannot tell, or for few.

    Five queries, whatever the size. The order is by one column, then the newest member first.
    """
    table = table_of_places(run)
    if table is None:
        return None
    wanted = range(first, first + size)
    try:
        with transaction.atomic():
            return _found(viewer, run, table, asked, at=at, more_than=more_than, wanted=wanted)
    except ProgrammingError as error:
        if getattr(error.__cause__, "pgcode", "") != _NO_SUCH_TABLE:
            raise
        return None  # written anew twice since the run was read


def _found(
    viewer: Member, run: Run, table: str, asked: Asked, *,
    at: datetime, more_than: int, wanted: range,
) -> FarTeam | None:  # fmt: skip
    own_place = f"SELECT first, last, depth FROM {table} WHERE member_id = %(top)s"  # noqa: S608 - ours
    top = query_rows(own_place, top=viewer.pk)
    if not top or top[0][1] - top[0][0] <= more_than:
        return None
    newcomers = _newcomers(run, table, at=at) if run.status != Run.Status.POSTED else []
    if newcomers is None:
        return None
    ((own, last, depth),) = top
    below = [(member, level - depth) for member, place, level in newcomers if own <= place <= last]
    values = {
        **asked.values, "run": run.pk, "first": own, "last": last, "depth": depth,
        "newcomers": [member for member, _ in below], "newcomers_at": [level for _, level in below],
        "limit": wanted.stop,
    }  # fmt: skip
    placed = _of_range(table, last - own)
    fitting = _counted(placed, asked, values) if asked.conditions else last - own + len(below)
    rows = _page(placed, asked, values)
    new = _page(_NEWCOMERS, asked, values) if below else []
    together = merge(rows, new, key=lambda row: row[2:], reverse=True)
    found = [(member, level) for member, level, *_ in islice(together, wanted.start, wanted.stop)]
    return FarTeam(found, fitting, last - own + len(below))


@dataclass(frozen=True, slots=True)
class _Source:
    """Where members come from, and whether each one's standing is looked up by itself.

    Where they are few, PostgreSQL would read everybody's standings to join them.
    """

    members: str
    is_narrow: bool

    def joined(self, asked: Asked) -> str:
        """Return the part of a query from FROM to the end of its conditions."""
        standing = "commissions_standing s"
        mine = "s.run_id = %(run)s AND s.member_id = p.member_id"
        if self.is_narrow:
            standing = f"LATERAL (SELECT * FROM commissions_standing s WHERE {mine} OFFSET 0) s"  # noqa: S608 - ours
            mine = "TRUE"
        where = " AND ".join(["TRUE", *asked.conditions])
        return f"FROM {self.members} p JOIN {standing} ON {mine} WHERE {where}"


def _of_range(table: str, size: int) -> _Source:
    """Return the members of the viewer's range."""
    inside = f"FROM {table} WHERE first > %(first)s AND first <= %(last)s"
    return _Source(f"(SELECT member_id, depth - %(depth)s AS level {inside})", size <= _NARROW)


_NEWCOMERS: Final = _Source(
    "(SELECT * FROM unnest(%(newcomers)s::bigint[], %(newcomers_at)s::integer[])"
    " AS n (member_id, level))",
    is_narrow=True,
)


def _page(source: _Source, asked: Asked, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows up to the page's end: member, level, and what they are ordered by."""
    return query_rows(
        f"SELECT s.member_id, p.level, {asked.order}, s.member_id {source.joined(asked)}"
        f" ORDER BY {asked.order} DESC, s.member_id DESC LIMIT %(limit)s",
        **values,
    )


def _counted(source: _Source, asked: Asked, values: Mapping[str, Any]) -> int | None:
    """Return how many fit; None where they are too many to be counted."""
    both = " UNION ALL ".join(
        f"SELECT 1 {part.joined(asked)}"
        for part in ([source, _NEWCOMERS] if values["newcomers"] else [source])
    )
    counted = f"SELECT count(*) FROM (SELECT FROM ({both}) fitting LIMIT %(most)s) counted"  # noqa: S608 - ours
    ((count,),) = query_rows(counted, **values, most=_MOST_COUNTED + 1)
    return None if count > _MOST_COUNTED else int(count)


def _newcomers(run: Run, table: str, *, at: datetime) -> list[tuple[int, int, int]] | None:
    """Return distributors without a place, whose place they hang below, and their depth.

    None where the places are not those of this moment: somebody who matters has another sponsor
    since, or will have one before the period ends, whose end the places are of.
    """
    since = _SINCE.format(table=table)
    rows = query_rows(since, seen=run.places_snapshot, at=at, end=run.period.ends_at)
    if any(moved for *_, moved in rows):
        return None
    return [(member, place, depth) for member, place, depth, _ in rows]


_HAS_SOMEBODY: Final = (
    "EXISTS (SELECT FROM distributors_memberversion c"
    " WHERE c.sponsor_id = n.member_id AND c.retired_at IS NULL)"
)
# A customer with nobody below is in nobody's range
_MATTERS: Final = f"(n.role = '{Role.DISTRIBUTOR}' OR {_HAS_SOMEBODY})"

# Versions that were written or retired since. Whoever is new hangs below somebody with a place,
# maybe with other newcomers and with customers between; distributors between are counted.
_SINCE: Final = f"""
    WITH RECURSIVE since AS MATERIALIZED (
        SELECT member_id, sponsor_id, role, retired_at, effective_from
          FROM distributors_memberversion
         WHERE {not_seen_by("%(seen)s")}
           AND effective_from < %(end)s
    ), newest AS (
        SELECT DISTINCT ON (member_id) member_id, sponsor_id, role FROM since
         WHERE retired_at IS NULL ORDER BY member_id, effective_from DESC
    ), up (member_id, above, steps) AS (
        SELECT n.member_id, n.sponsor_id, 1 FROM newest n
         WHERE n.role = '{Role.DISTRIBUTOR}'
           AND NOT EXISTS (SELECT FROM {{table}} p WHERE p.member_id = n.member_id)
        UNION ALL
        SELECT u.member_id, v.sponsor_id, u.steps + (v.role = '{Role.DISTRIBUTOR}')::int
          FROM up u CROSS JOIN LATERAL (
               SELECT v.sponsor_id, v.role FROM distributors_memberversion v
                WHERE v.member_id = u.above AND v.retired_at IS NULL
                  AND v.effective_from < %(end)s
                ORDER BY v.effective_from DESC LIMIT 1) v
         WHERE NOT EXISTS (SELECT FROM {{table}} p WHERE p.member_id = u.above)
    )
    SELECT u.member_id, p.first, p.depth + u.steps, false
      FROM up u JOIN {{table}} p ON p.member_id = u.above
    UNION ALL
    SELECT 0, 0, 0, true WHERE EXISTS (
        SELECT FROM since o JOIN distributors_memberversion n
            ON n.member_id = o.member_id AND n.retired_at IS NULL AND n.effective_from < %(end)s
         WHERE o.retired_at IS NOT NULL AND o.sponsor_id IS DISTINCT FROM n.sponsor_id
           AND ({_HAS_SOMEBODY} OR EXISTS (
               SELECT FROM {{table}} p WHERE p.member_id = n.member_id)))
    UNION ALL
    SELECT 0, 0, 0, true WHERE EXISTS (
        SELECT FROM distributors_memberversion o JOIN distributors_memberversion n
            ON n.member_id = o.member_id AND n.retired_at IS NULL
           AND n.effective_from = o.effective_until
         WHERE o.retired_at IS NULL AND o.effective_until > %(at)s AND o.effective_until < %(end)s
           AND o.sponsor_id IS DISTINCT FROM n.sponsor_id AND {_MATTERS})
"""  # noqa: S608  # put together from constants
