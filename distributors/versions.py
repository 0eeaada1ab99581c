"""What is true of many members at many moments, read at once and asked without further queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from distributors.models import Member, Role, Status, StatusPolicy
from mlm.loading import rows_of


class Version(NamedTuple):
    """A stretch of a member's life: what the member is, and under whom."""

    role: str
    status: str
    sponsor_id: int | None
    effective_from: datetime
    effective_until: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Return whether this is true at the moment."""
        return self.effective_from <= moment and (
            self.effective_until is None or self.effective_until > moment
        )


def new_customer(sponsor_id: int, *, at: datetime) -> Version:
    """Return what is true of a customer who joins at a moment."""
    return Version(Role.CUSTOMER, Status.ACTIVE, sponsor_id, at, None)


class Versions:
    """What is known now of some members, at any moment. One query, however many members."""

    def __init__(self, member_ids: Iterable[int]) -> None:
        self._found: dict[int, list[Version]] = defaultdict(list)
        wanted = set(member_ids)
        if not wanted:
            return
        for member_id, *values in rows_of(_KNOWN, [list(wanted)]):
            self._found[member_id].append(Version(*values))

    def at(self, member_id: int, moment: datetime) -> Version | None:
        """Return what is true of a member at a moment; None before the member joined."""
        for version in self._found.get(member_id, ()):
            if version.covers(moment):
                return version
        return None


_KNOWN: Final = """
SELECT member_id, role, status, sponsor_id, effective_from, effective_until
  FROM distributors_memberversion WHERE member_id = ANY(%s) AND retired_at IS NULL
"""


def states_that_may_enrol() -> frozenset[str]:
    """Return the states of life in which a member may enrol others."""
    return frozenset(StatusPolicy.objects.filter(may_enrol=True).values_list("status", flat=True))


_TRUE_THEN: Final = """SELECT v.member_id, v.sponsor_id,
       v.role = 'distributor' AND v.status NOT IN
           (SELECT p.status FROM distributors_statuspolicy p WHERE p.customers = 'upline') AS sells
  FROM distributors_memberversion v
 WHERE v.retired_at IS NULL AND v.effective_from <= {there}.at
   AND (v.effective_until IS NULL OR v.effective_until > {there}.at)"""
# OFFSET 0 keeps the planner from turning look-ups into one scan of everybody
_SELLERS: Final = f"""
WITH RECURSIVE above AS (
    SELECT asked.number, asked.at, v.*
      FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS asked (start, at, number)
     CROSS JOIN LATERAL
           ({_TRUE_THEN.format(there="asked")} AND v.member_id = asked.start OFFSET 0) v
    UNION ALL
    SELECT u.number, u.at, v.*
      FROM above u CROSS JOIN LATERAL
           ({_TRUE_THEN.format(there="u")} AND v.member_id = u.sponsor_id OFFSET 0) v
     WHERE NOT u.sells
)
SELECT u.number, m.id, m.code
  FROM above u CROSS JOIN LATERAL
       (SELECT id, code FROM distributors_member WHERE id = u.member_id OFFSET 0) m
 WHERE u.sells
"""  # noqa: S608  (put together from this file's own text)


def sellers(places: Collection[tuple[int, datetime]]) -> dict[tuple[int, datetime], Member]:
    """Return who is credited with the sales of customers at each place and moment.

    That is the nearest distributor at the place or above it, passing over those whose state of life
    hands their customers on upwards. Places with nobody are left out. Members have their id and
    code; all else of them would be read when it is asked for. One query, which walks no further up
    than it has to.
    """
    asked: Sequence[tuple[int, datetime]] = list(dict.fromkeys(places))
    if not asked:
        return {}
    starts, moments = zip(*asked, strict=True)
    found = rows_of(_SELLERS, [list(starts), list(moments)])
    members = {
        pk: Member.from_db(DEFAULT_DB_ALIAS, ["id", "code"], (pk, code)) for _, pk, code in found
    }
    return {asked[number - 1]: members[pk] for number, pk, _ in found}
