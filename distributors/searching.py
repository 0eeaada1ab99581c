"""Members by a part of their name or the beginning of their code, as quick with a million of them.

A part of three letters or more is looked up in an index of all triples of letters; less finds
nothing there, so that one or two letters are the beginning of a word in the name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from distributors.models import Member, MemberVersion
from distributors.selectors import VERSION_AT, in_downline, versions_at

CANDIDATES_MAX: Final = 600
"""So many of the whole network are looked at one by one: whether they sit below somebody."""
WALKED_MAX: Final = 3_000
"""So many of a downline are walked through, the nearest first, for a text that fits many."""
_TRIPLE: Final = 3


def matching(text: str, *, member: str = "") -> Q:
    """Return the condition of a name with the text in it, or a code that starts with it.

    `member` is the way to the member, as `member__`. Each part is served by an index.
    """
    of_code = Q(**{f"{member}code__startswith": text.upper()})
    if len(text) >= _TRIPLE:
        return of_code | Q(**{f"{member}name__icontains": text})
    begins = Q(**{f"{member}name__istartswith": text})
    return of_code | begins | Q(**{f"{member}name__icontains": f" {text}"})


def search_downline(
    top: Member, text: str, *, at: datetime, at_most: int = 50
) -> list[MemberVersion]:
    """Return members below `top` whose name or code matches: distributors first, each by name.

    At most `at_most`. Who fits is found by index and checked upwards all at once, whatever the size
    of the downline. Where more fit than can be checked, the nearest of the downline are looked at
    as well. Three queries, at most five.
    """
    text = text.strip()
    if not text:
        return []
    fits = Member.objects.filter(matching(text)).values_list("pk", flat=True)
    candidates = list(fits[: CANDIDATES_MAX + 1])
    found: set[int] = set()
    is_common = len(candidates) > CANDIDATES_MAX
    if is_common:
        found = set(fits.filter(pk__in=nearest_below(top, at=at)))
    if len(found) < at_most:
        found |= in_downline(candidates, of=top, at=at)
    return list(_in_order(found, at=at)[:at_most])


def nearest_below(top: Member, *, at: datetime, at_most: int = WALKED_MAX) -> list[int]:
    """Return so many members below somebody, level by level; all of them if there are no more.

    One query, which stops where it has enough.
    """
    sql = f"""
        WITH RECURSIVE below (member_id) AS (
            SELECT %(top)s::bigint
            UNION ALL
            SELECT v.member_id FROM below b CROSS JOIN LATERAL (
                SELECT v.member_id FROM distributors_memberversion v
                 WHERE v.sponsor_id = b.member_id AND {VERSION_AT} OFFSET 0) v
        )
        SELECT member_id FROM below OFFSET 1 LIMIT %(limit)s
    """  # noqa: S608  # put together from constants
    with connection.cursor() as cursor:
        cursor.execute(sql, {"top": top.pk, "at": at, "limit": at_most})
        return [int(pk) for (pk,) in cursor.fetchall()]


def _in_order(member_ids: set[int], *, at: datetime) -> QuerySet[MemberVersion]:
    found = versions_at(at).filter(member__in=member_ids).select_related("member")
    return found.order_by("-role", "member__name", "member_id")
