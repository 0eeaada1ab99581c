"""The network as it is, or was, at a moment. No query per level: chains may be as long as it.

`at` is the moment asked about; what is known now counts. Uplines and downlines leave oneself out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from distributors.models import Member, MemberVersion, Role
from distributors.versions import sellers

# The versions true at a moment, as known now
VERSION_AT = """v.retired_at IS NULL AND v.effective_from <= %(at)s
    AND (v.effective_until IS NULL OR v.effective_until > %(at)s)"""

# The one version of `u.member_id` at that moment. OFFSET 0 keeps the planner from turning a walk
# of one look-up a step into one scan of everybody a step, as it does where statistics are old.
STEP_UP = f"""CROSS JOIN LATERAL (
    SELECT v.sponsor_id, v.role, v.status FROM distributors_memberversion v
     WHERE v.member_id = u.member_id AND {VERSION_AT} OFFSET 0) v"""


@dataclass(frozen=True, slots=True)
class UplineMember:
    """Somebody above: how many steps up, and what they were at that moment."""

    member_id: int
    distance: int
    role: str
    status: str


def versions_at(at: datetime, *, known_at: datetime | None = None) -> QuerySet[MemberVersion]:
    """Return each member's version true at `at`, as known now or as it was known at `known_at`."""
    true_then = Q(effective_from__lte=at) & (Q(effective_until=None) | Q(effective_until__gt=at))
    if known_at is None:
        known = Q(retired_at=None)
    else:
        known = Q(recorded_at__lte=known_at) & (Q(retired_at=None) | Q(retired_at__gt=known_at))
    return MemberVersion.objects.filter(true_then & known)


def version_of(member: Member, *, at: datetime) -> MemberVersion:
    """Return what is true of a member at a moment; `DoesNotExist` before it joined."""
    return versions_at(at).get(member=member)


def upline(member: Member, *, at: datetime) -> list[UplineMember]:
    """Return everybody above a member, the nearest first. One query, any depth."""
    sql = f"""
        WITH RECURSIVE above AS (
            SELECT v.sponsor_id AS member_id, 1 AS distance
              FROM distributors_memberversion v
             WHERE v.member_id = %(member)s AND v.sponsor_id IS NOT NULL AND {VERSION_AT}
            UNION ALL
            SELECT v.sponsor_id, u.distance + 1
              FROM above u {STEP_UP}
             WHERE v.sponsor_id IS NOT NULL
        )
        SELECT u.member_id, u.distance, v.role, v.status
          FROM above u {STEP_UP} ORDER BY u.distance
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"member": member.pk, "at": at})
        return [UplineMember(*row) for row in cursor.fetchall()]


def credited_distributor(member: Member, *, at: datetime) -> Member:
    """Return the distributor whose sale an order of this member is.

    A distributor's own order is the distributor's. A customer's order is the nearest
    distributor's above, passing over those whose state of life hands their customers on upwards.
    Without any, it is the house account's.
    """
    if version_of(member, at=at).role == Role.DISTRIBUTOR:
        return member
    seller = sellers([(member.pk, at)]).get((member.pk, at))
    wanted = Q(is_house=True) if seller is None else Q(pk=seller.pk)
    return Member.objects.get(wanted)


def is_in_downline(member: Member, *, of: Member, at: datetime) -> bool:
    """Tell whether a member sits anywhere below another at that moment."""
    return bool(in_downline([member.pk], of=of, at=at))


def in_downline(member_ids: list[int], *, of: Member, at: datetime) -> set[int]:
    """Return those of the given members who sit anywhere below `of`. One query for all.

    Each link above them is read once, however many of them hang on it.
    """
    sql = f"""
        WITH RECURSIVE above (below_id, member_id) AS (
            SELECT v.member_id, v.sponsor_id FROM distributors_memberversion v
             WHERE v.member_id = ANY(%(members)s) AND v.sponsor_id IS NOT NULL AND {VERSION_AT}
            UNION
            SELECT u.member_id, v.sponsor_id
              FROM above u {STEP_UP}
             WHERE u.member_id <> %(top)s AND v.sponsor_id IS NOT NULL
        )
        SELECT below_id, member_id FROM above
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"members": member_ids, "top": of.pk, "at": at})
        sponsor: dict[int, int] = dict(cursor.fetchall())
    is_below = {of.pk: True}
    for member_id in sponsor:
        way = []
        above: int | None = member_id
        while above is not None and above not in is_below:
            way.append(above)
            above = sponsor.get(above)
        is_below |= dict.fromkeys(way, above is not None and is_below[above])
    return {pk for pk in member_ids if pk != of.pk and is_below.get(pk, False)}


def frontline(sponsor: Member, *, at: datetime) -> QuerySet[MemberVersion]:
    """Return the versions of those directly below a member, in the order they joined."""
    found = versions_at(at).filter(sponsor=sponsor).select_related("member")
    return found.order_by("member_id")
