"""The team as one flat list, with filters and in an order of one's own choosing.

The nearest few thousand are looked at, whatever the size of the team: for nearly everybody that is
all of it. In other orders than the nearest first, all distributors of a larger team are looked at
where they have places in the network (`far_team`). What was looked at, the page says. Who is shown,
and by which name, is as in `team`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from commissions.columns import VOLUMES, further_figures
from commissions.models import Run
from commissions.plan import Plan
from commissions.selectors import ranks
from distributors.models import Member, MemberVersion, Role
from distributors.selectors import VERSION_AT, versions_at
from mlm.database import query_rows
from office.selectors.far_team import MOST_ROWS, Asked, far_team
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

    `fitting` is how many of those fit, people whom one may not see not counted; None where they are
    too many to be counted. `is_far`: all distributors were looked at, and no customers.
    """

    rows: Sequence[Row]
    fitting: int | None
    looked_at: int
    deepest: int
    is_all: bool
    pages: int
    is_far: bool = False


def whole_team(viewer: Member, wanted: Wanted, *, run: Run | None, at: datetime) -> WholeTeam:
    """Return one page of those below a member that fit. Up to nine queries, whatever the size."""
    plan = ranks.plan_of(run) if run else None
    if run and wanted.order != "level" and wanted.role != Role.CUSTOMER:
        far = _far(viewer, wanted, run, plan, at=at)
        if far is not None:
            return far
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
    found = query_rows(sql, **values)
    fitting, looked_at, deepest = found[0][3:] if found else (0, *_looked_at(values))
    return WholeTeam(
        rows=_rows(found, run=run, at=at),
        fitting=fitting,
        looked_at=min(looked_at, NEAREST),
        deepest=deepest or 0,
        is_all=looked_at <= NEAREST,
        pages=max(1, -(-fitting // PAGE)),
    )


def _far(
    viewer: Member, wanted: Wanted, run: Run, plan: Plan | None, *, at: datetime
) -> WholeTeam | None:
    """Return one page of all distributors below, if they are more than are looked at otherwise."""
    asked = Asked(
        conditions=_far_conditions(wanted),
        order=_far_order(plan, wanted.order),
        values={"rank": wanted.rank, "levels": wanted.levels, "since": _since(wanted.days, at)},
    )
    first = min((max(wanted.page, 1) - 1) * PAGE, MOST_ROWS - PAGE)
    found = far_team(viewer, run, asked, at=at, more_than=NEAREST, first=first, size=PAGE)
    if found is None:
        return None
    versions = _versions([member for member, _ in found.found], at=at)
    seen = [
        (versions[member], _level_named(versions[member], level, viewer), False)
        for member, level in found.found
        if member in versions
    ]
    fitting = MOST_ROWS if found.fitting is None else min(found.fitting, MOST_ROWS)
    return WholeTeam(
        rows=rows_by_level(seen, run=run, at=at),
        fitting=found.fitting,
        looked_at=found.all,
        deepest=0,
        is_all=False,
        pages=max(1, -(-fitting // PAGE)),
        is_far=True,
    )


def _far_conditions(wanted: Wanted) -> list[str]:
    found = []
    if wanted.active in ("yes", "no"):
        found.append("s.is_active" if wanted.active == "yes" else "NOT s.is_active")
    if wanted.rank:
        found.append("s.paid_as >= %(rank)s")
    if wanted.levels:
        found.append("p.level <= %(levels)s")
    if wanted.days:
        found.append(
            "EXISTS (SELECT FROM distributors_member m"
            " WHERE m.id = s.member_id AND m.joined_at >= %(since)s)"
        )
    return found


def _far_order(plan: Plan | None, order: str) -> str:
    """Return the column of an order, the most first; the newest are those with the highest ids."""
    column = orders(plan).get(order, "").partition(" ")[0]
    return f"s.{column}" if column and column != "level" else "s.member_id"


def _level_named(version: MemberVersion, level: int, viewer: Member) -> int:
    """Return how far somebody is, for the name: only who hangs directly below is on level 1."""
    return 1 if version.sponsor_id == viewer.pk else max(level, 2)


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
    versions = _versions(list(level), at=at)
    return rows_by_level([(versions[pk], *level[pk]) for pk in level], run=run, at=at)


def _versions(members: Sequence[int], *, at: datetime) -> dict[int, MemberVersion]:
    """Return the version of each member that is in effect."""
    found = versions_at(at).filter(member__in=members).select_related("member")
    return {version.member_id: version for version in found}


def _since(days: int, at: datetime) -> datetime:
    return at - timedelta(days=days) if days else datetime.min.replace(tzinfo=at.tzinfo)


def _looked_at(values: Mapping[str, Any]) -> tuple[int, int]:
    sql = f"{_NEAR} SELECT count(*), max(level) FROM near"  # noqa: S608  # constants
    ((count, deepest),) = query_rows(sql, **values)
    return count, deepest


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
