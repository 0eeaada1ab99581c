"""The team as one flat list, with filters and in an order of one's own choosing.

The nearest few thousand are looked at, whatever the size of the team: for nearly everybody that is
all of it. For larger teams the page says so. Who is shown, and by which name, is as in `team`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from commissions.columns import VOLUMES, further_figures
from commissions.models import Run
from commissions.plan import Plan
from commissions.selectors import ranks
from distributors.models import Member, Role
from distributors.selectors import VERSION_AT, versions_at
from office.selectors.team import PAGE, Row, rows_by_level
from office.selectors.volumes import team_volumes

NEAREST: Final = 3_000
"""So many of a team are looked at: a walk over them takes some hundredths of a second."""
ROLES: Final[Mapping[str, str]] = {"": "TRUE", **{role: f"role = '{role}'" for role in Role.values}}
ACTIVE: Final[Mapping[str, str]] = {
    "": "TRUE",
    "yes": "is_active",
    "no": f"is_active IS NOT TRUE AND role = '{Role.DISTRIBUTOR}'",
}
SINCE_DAYS: Final[Mapping[str, int]] = {"": 0, "30": 30, "90": 90}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; anything that is no choice is as if it had not been said."""

    order: str = "level"
    role: str = ""
    active: str = ""
    rank: int = 0
    levels: int = 0
    days: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class WholeTeam:
    """One page of the list. `looked_at` members were, to level `deepest`; `is_all`: nobody is left.

    `fitting` is how many of those fit, people whom one may not see not counted.
    """

    rows: Sequence[Row]
    fitting: int
    looked_at: int
    deepest: int
    is_all: bool
    pages: int


def whole_team(viewer: Member, wanted: Wanted, *, run: Run | None, at: datetime) -> WholeTeam:
    """Return one page of those below a member that fit. Six queries, whatever the size."""
    plan = ranks.plan_of(run) if run else None
    first = (max(wanted.page, 1) - 1) * PAGE
    sql = f"""
        {_NEAR} SELECT member_id, level, own, count(*) OVER (),
                       (SELECT count(*) FROM near), (SELECT max(level) FROM near)
          FROM (SELECT n.*, s.* FROM near n JOIN distributors_member m ON m.id = n.member_id
                  LEFT JOIN LATERAL (
                       SELECT s.is_active, s.paid_as, s.pv, s.cv, s.gv, s.figures
                         FROM commissions_standing s
                        WHERE s.run_id = %(run)s AND s.member_id = n.member_id OFFSET 0) s ON TRUE
                 WHERE m.joined_at >= %(since)s) shown
         WHERE (role = '{Role.DISTRIBUTOR}' OR own) AND {ROLES.get(wanted.role, "TRUE")}
           AND {ACTIVE.get(wanted.active, "TRUE")} AND coalesce(paid_as, 0) >= %(rank)s
           AND (%(levels)s = 0 OR level <= %(levels)s)
         ORDER BY {orders(plan).get(wanted.order, "level")}, level, member_id
         LIMIT %(size)s OFFSET %(first)s
    """  # noqa: S608  # put together from constants and a plan's own places
    values = {
        "top": viewer.pk, "at": at, "limit": NEAREST + 1, "run": run.pk if run else 0,
        "rank": wanted.rank, "levels": wanted.levels, "size": PAGE, "first": first,
        "since": _since(wanted.days, at),
    }  # fmt: skip
    found = _ask(sql, values)
    fitting, looked_at, deepest = found[0][3:] if found else (0, *_looked_at(values))
    return WholeTeam(
        rows=_rows(found, run=run, at=at),
        fitting=fitting,
        looked_at=min(looked_at, NEAREST),
        deepest=deepest or 0,
        is_all=looked_at <= NEAREST,
        pages=max(1, -(-fitting // PAGE)),
    )


def orders(plan: Plan | None) -> dict[str, str]:
    """Return what the list can be ordered by: the word in the address, and the order in SQL."""
    found = {"level": "level", "newest": "member_id DESC"}
    if plan is None:
        return found
    further = further_figures(plan)
    for one in team_volumes(plan):
        is_apart = one.name in VOLUMES
        column = one.name.lower() if is_apart else f"figures[{further.index(one.place) + 1}]"
        found[f"volume-{one.place}"] = f"{column} DESC NULLS LAST"
    return found | ({"rank": "paid_as DESC NULLS LAST"} if plan.ranks else {})


def order_names(plan: Plan | None) -> list[tuple[str, str]]:
    """Return the same orders as people choose them."""
    names = {"level": _("Nearest first"), "newest": _("Newest first"), "rank": _("Rank")}
    volumes = {f"volume-{one.place}": one.name for one in team_volumes(plan)} if plan else {}
    return [(word, volumes.get(word) or str(names[word])) for word in orders(plan)]


def _rows(found: Sequence[tuple[Any, ...]], *, run: Run | None, at: datetime) -> list[Row]:
    level = {member_id: (depth, own) for member_id, depth, own, *_ in found}
    versions = {
        version.member_id: version
        for version in versions_at(at).filter(member__in=level).select_related("member")
    }
    return rows_by_level([(versions[pk], *level[pk]) for pk in level], run=run, at=at)


def _since(days: int, at: datetime) -> datetime:
    return at - timedelta(days=days) if days else datetime.min.replace(tzinfo=at.tzinfo)


def _looked_at(values: Mapping[str, Any]) -> tuple[int, int]:
    sql = f"{_NEAR} SELECT count(*), max(level) FROM near"  # noqa: S608  # constants
    ((count, deepest),) = _ask(sql, values)
    return count, deepest


def _ask(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


# The nearest below somebody, level by level; `own`: only the viewer's own customers between. The
# walk stops where it has enough, since nothing above it wants all of its rows.
_NEAR: Final = f"""
    WITH RECURSIVE below (member_id, level, role, own) AS (
        SELECT %(top)s::bigint, 0, '{Role.CUSTOMER}'::varchar, true
        UNION ALL
        SELECT v.member_id, b.level + 1, v.role,
               v.role = '{Role.CUSTOMER}' AND b.role = '{Role.CUSTOMER}' AND b.own
          FROM below b CROSS JOIN LATERAL (
               SELECT v.member_id, v.role FROM distributors_memberversion v
                WHERE v.sponsor_id = b.member_id AND {VERSION_AT} OFFSET 0) v
    ), near AS MATERIALIZED (SELECT * FROM below OFFSET 1 LIMIT %(limit)s)
"""  # noqa: S608  # put together from constants
