"""The downline as an upline may see it: names by distance, volumes, never orders or contacts.

What is shown of whom is decided here, for every page that shows somebody below. A customer of
somebody else has no name and no row here, only a place in a count, unless people sit below them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from commissions.models import Run, Standing
from commissions.plan import Plan
from commissions.selectors import ranks, standings
from distributors.models import Member, MemberVersion, Role, Status
from distributors.searching import search_downline
from distributors.selectors import STEP_UP, VERSION_AT, versions_at
from office.names import shown
from office.selectors.volumes import team_volumes

PAGE: Final = 50
_STEPS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody on the way up, by as much of a name as may be shown."""

    member_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A member in somebody's downline: how deep, whose customer line, and the way up.

    `near` are those right above (nearest last), `far` those right below the viewer; `between` is
    how many are left out in the middle. `is_own_line`: only customers stand between.
    """

    member: Member
    level: int
    is_own_line: bool
    far: Sequence[Step] = ()
    between: int = 0
    near: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One member of the team.

    Volumes are those of `volumes.team_volumes`, in hundredths of a point; None for who has no
    standing.
    """

    code: str
    name: str
    role: str
    status: str
    joined_at: datetime
    level: int | None
    rank_name: str
    volumes: Sequence[int | None]
    is_active: bool
    distributors_below: int
    customers_below: int
    path: Sequence[Step] = ()
    is_deep: bool = False

    @property
    def is_customer(self) -> bool:
        """Tell whether the row is a customer's."""
        return self.role == Role.CUSTOMER

    @property
    def may_open(self) -> bool:
        """Tell whether there is anybody to list below; search results are a list, not a tree."""
        return self.level is not None and bool(self.distributors_below or self.customers_below)

    @property
    def is_usual(self) -> bool:
        """Tell whether the state of life needs no word."""
        return self.status == Status.ACTIVE

    @property
    def indent(self) -> int:
        """Return how far the row is moved in; deeper than that looks the same."""
        return min(self.level or 1, 8)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those directly below somebody, and where the next ones start."""

    place: Place
    rows: Sequence[Row]
    next_after: str
    distributors: int
    customers: int


def place_of(viewer: Member, member: Member, *, at: datetime) -> Place | None:
    """Return where a member sits below the viewer (level 0: oneself); None for anybody else.

    One query up from the member, and one for the names that are shown of a long way.
    """
    if member.pk == viewer.pk:
        return Place(viewer, level=0, is_own_line=True)
    above = _way_up(member, viewer, at=at)
    if not above or above[-1][0] != viewer.pk:
        return None
    between = above[:-1]
    far, near = between[::-1][:_STEPS_SHOWN], between[: max(0, len(between) - _STEPS_SHOWN)]
    near = near[:_STEPS_SHOWN]
    is_customer = versions_at(at).filter(member=member, role=Role.CUSTOMER).exists()
    own = is_customer and all(role == Role.CUSTOMER for _, role in between)
    if is_customer and not own and not versions_at(at).filter(sponsor=member).exists():
        return None
    names = _steps(far + near, frontline={far[0][0]} if far else set())
    return Place(
        member=member,
        level=len(above),
        is_own_line=own,
        far=[names[pk] for pk, _ in far],
        between=len(between) - len(far) - len(near),
        near=[names[pk] for pk, _ in reversed(near)],
    )


def _way_up(member: Member, top: Member, *, at: datetime) -> list[tuple[int, str]]:
    """Return id and role of everybody above a member up to `top`, the nearest first."""
    sql = f"""
        WITH RECURSIVE above (member_id, distance) AS (
            SELECT v.sponsor_id, 1 FROM distributors_memberversion v
             WHERE v.member_id = %(member)s AND v.sponsor_id IS NOT NULL AND {VERSION_AT}
            UNION ALL
            SELECT v.sponsor_id, u.distance + 1
              FROM above u {STEP_UP}
             WHERE u.member_id <> %(top)s AND v.sponsor_id IS NOT NULL
        )
        SELECT u.member_id, v.role
          FROM above u {STEP_UP} ORDER BY u.distance
    """  # noqa: S608  # put together from constants
    with connection.cursor() as cursor:
        cursor.execute(sql, {"member": member.pk, "top": top.pk, "at": at})
        return [(int(pk), str(role)) for pk, role in cursor.fetchall()]


def _steps(way: Sequence[tuple[int, str]], *, frontline: set[int]) -> dict[int, Step]:
    """Return the given members by id as steps of a way; customers beyond the frontline unnamed."""
    roles = dict(way)
    found = Member.objects.filter(pk__in=roles).values_list("pk", "code", "name")
    return {
        pk: Step(
            pk,
            code,
            ""
            if roles[pk] == Role.CUSTOMER and pk not in frontline
            else shown(name, is_own_frontline=pk in frontline),
        )
        for pk, code, name in found
    }


def page_below(place: Place, *, run: Run | None, at: datetime, after: Member | None = None) -> Page:
    """Return one page of those directly below a place: distributors first, in order of joining.

    Six queries, whatever the depth and however many there are.
    """
    sponsored = versions_at(at).filter(sponsor=place.member)
    versions = _seen(sponsored, place, at=at).select_related("member")
    versions = versions.order_by("-role", "member_id")
    last = sponsored.filter(member=after).first() if after else None
    if last is not None:
        versions = versions.filter(
            Q(role__lt=last.role) | Q(role=last.role, member_id__gt=last.member_id)
        )
    found = list(versions[: PAGE + 1])
    counts = sponsored.aggregate(
        distributors=Count("pk", filter=Q(role=Role.DISTRIBUTOR)),
        customers=Count("pk", filter=Q(role=Role.CUSTOMER)),
    )
    return Page(
        place=place,
        rows=_rows(found[:PAGE], place, run=run, at=at),
        next_after=found[PAGE - 1].member.code if len(found) > PAGE else "",
        **counts,
    )


def _seen(
    versions: QuerySet[MemberVersion], place: Place, *, at: datetime
) -> QuerySet[MemberVersion]:
    """Leave out other people's customers, unless somebody is below them."""
    if place.is_own_line:
        return versions
    below = versions_at(at).filter(sponsor=OuterRef("member"))
    return versions.filter(Q(role=Role.DISTRIBUTOR) | Exists(below))


def _rows(
    versions: Sequence[MemberVersion], place: Place, *, run: Run | None, at: datetime
) -> list[Row]:
    known = _Known.about([version.member_id for version in versions], run=run, at=at)
    return [
        known.row(
            version,
            name=_name(version, is_own_frontline=place.level == 0, is_own=place.is_own_line),
            level=place.level + 1,
        )
        for version in versions
    ]


def _name(version: MemberVersion, *, is_own_frontline: bool, is_own: bool) -> str:
    if version.role == Role.CUSTOMER and not is_own:
        return ""
    return shown(version.member.name, is_own_frontline=is_own_frontline)


def rows_by_level(
    found: Sequence[tuple[MemberVersion, int, bool]], *, run: Run | None, at: datetime
) -> list[Row]:
    """Return rows of members below a viewer: of each the level, and whether it is an own customer.

    Two queries, however many members.
    """
    known = _Known.about([version.member_id for version, _, _ in found], run=run, at=at)
    return [
        known.row(
            version,
            name=_name(version, is_own_frontline=level == 1, is_own=is_own),
            level=level,
        )
        for version, level, is_own in found
    ]


def row_of(place: Place, *, run: Run | None, at: datetime) -> Row:
    """Return the row of the member at a place."""
    version = versions_at(at).select_related("member").get(member=place.member)
    known = _Known.about([place.member.pk], run=run, at=at)
    name = _name(version, is_own_frontline=place.level <= 1, is_own=place.is_own_line)
    return known.row(version, name=name, level=place.level)


def search(viewer: Member, text: str, *, run: Run | None, at: datetime) -> list[Row]:
    """Return those in the downline whose name or code matches, with the way up to each.

    Other people's customers are not found, by name or otherwise. At most a page of them.
    """
    found = search_downline(viewer, text, at=at, at_most=PAGE)
    ids = [version.member_id for version in found]
    ways = _ways(ids, viewer, at=at)
    frontline = {way[-2][0] for way in ways.values() if len(way) > 1 and way[-1][0] == viewer.pk}
    steps = _steps([step for way in ways.values() for step in way], frontline=frontline)
    known = _Known.about(ids, run=run, at=at)
    rows = []
    for version in sorted(found, key=lambda version: version.role == Role.CUSTOMER):
        way = ways[version.member_id]
        reaches = bool(way) and way[-1][0] == viewer.pk
        between = way[:-1] if reaches else way
        own = reaches and all(role == Role.CUSTOMER for _, role in between)
        if version.role == Role.CUSTOMER and not own:
            continue
        rows.append(
            known.row(
                version,
                name=_name(version, is_own_frontline=reaches and not between, is_own=own),
                level=None,
                path=[steps[pk] for pk, _ in reversed(between)],
                is_deep=not reaches,
            )
        )
    return rows


def _ways(
    member_ids: Collection[int], viewer: Member, *, at: datetime
) -> dict[int, list[tuple[int, str]]]:
    """Return for each member id and role of the nearest above, up to the viewer. One query."""
    sql = f"""
        WITH RECURSIVE above (start, member_id, distance) AS (
            SELECT v.member_id, v.sponsor_id, 1 FROM distributors_memberversion v
             WHERE v.member_id = ANY(%(members)s) AND v.sponsor_id IS NOT NULL AND {VERSION_AT}
            UNION ALL
            SELECT u.start, v.sponsor_id, u.distance + 1
              FROM above u {STEP_UP}
             WHERE u.member_id <> %(viewer)s AND u.distance < %(steps)s
               AND v.sponsor_id IS NOT NULL
        )
        SELECT u.start, u.member_id, v.role
          FROM above u {STEP_UP} ORDER BY u.start, u.distance
    """  # noqa: S608  # put together from constants
    ways: dict[int, list[tuple[int, str]]] = {pk: [] for pk in member_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {"members": list(member_ids), "viewer": viewer.pk, "steps": _STEPS_SHOWN, "at": at},
        )
        for start, pk, role in cursor.fetchall():
            ways[start].append((int(pk), str(role)))
    return ways


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some members at once: standings, ranks, how many are below each."""

    found: dict[int, Standing]
    plan: Plan | None
    below: dict[int, tuple[int, int]]

    @classmethod
    def about(cls, member_ids: Collection[int], *, run: Run | None, at: datetime) -> _Known:
        counted = (
            versions_at(at)
            .filter(sponsor__in=member_ids)
            .values_list("sponsor")
            .annotate(
                distributors=Count("pk", filter=Q(role=Role.DISTRIBUTOR)),
                customers=Count("pk", filter=Q(role=Role.CUSTOMER)),
            )
        )
        return cls(
            standings.standings(run, member_ids) if run else {},
            ranks.plan_of(run) if run else None,
            {sponsor: (distributors, customers) for sponsor, distributors, customers in counted},
        )

    def row(
        self,
        version: MemberVersion,
        *,
        name: str,
        level: int | None,
        path: Sequence[Step] = (),
        is_deep: bool = False,
    ) -> Row:
        standing = self.found.get(version.member_id)
        distributors, customers = self.below.get(version.member_id, (0, 0))
        return Row(
            code=version.member.code,
            name=name,
            role=version.role,
            status=version.status,
            joined_at=version.member.joined_at,
            level=level,
            rank_name=self.plan.rank_name(standing.paid_as) if self.plan and standing else "",
            volumes=self._volumes(standing),
            is_active=bool(standing and standing.is_active),
            distributors_below=distributors,
            customers_below=customers,
            path=path,
            is_deep=is_deep,
        )

    def _volumes(self, standing: Standing | None) -> list[int | None]:
        if self.plan is None:
            return []
        columns = team_volumes(self.plan)
        if standing is None:
            return [None] * len(columns)
        figures = ranks.figures_of(self.plan, standing)
        return [figures[one.place] for one in columns]
