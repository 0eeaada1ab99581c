"""Customers join, many at once: a person, a place in the network, and who holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from distributors import books
from distributors.codes import random_code
from distributors.errors import SponsorCannotEnrol
from distributors.models import Change, Holding, Market, Member, MemberVersion, Party, Role, Status
from distributors.versions import Versions, states_that_may_enrol
from mlm.inserting import columns_of, insert_all

_TRIES: Final = 10
_MEMBER_FIELDS: Final = (
    "id", "code", "referral_code", "name", "market_id", "joined_at", "is_house",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A customer about to join: the member has its id already, but there is no row of it yet."""

    member: Member
    email: str
    phone: str
    sponsor: Member
    enroller: Member

    @property
    def joins_at(self) -> datetime:
        """Return the moment from which on the customer is a member."""
        return self.member.joined_at


def newcomer(
    pk: int,
    *,
    name: str,
    email: str,
    sponsor: Member,
    market: Market,
    at: datetime,
    enroller: Member | None = None,
    phone: str = "",
) -> Newcomer:
    """Return a customer about to join; the sponsor is the enroller unless told otherwise."""
    member = Member(pk=pk, name=name, market=market, joined_at=at, created_at=at)
    return Newcomer(member, email.strip().lower(), phone, sponsor, enroller or sponsor)


def member_numbers(count: int) -> Iterator[int]:
    """Return ids for members about to join, rising; those that nobody takes stay unused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('distributors_member', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return iter(sorted(number for (number,) in cursor.fetchall()))


class Sponsors:
    """Who may enrol others, and when. Two queries, however many there are to ask about."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._states = states_that_may_enrol()

    def refuse_who_may_not_enrol(self, sponsor: Member, *, at: datetime) -> None:
        """Refuse a sponsor whose state of life does not let it enrol others at that time."""
        version = self._versions.at(sponsor.pk, at)
        if version is None or version.status not in self._states:
            raise SponsorCannotEnrol(
                f"{sponsor.code} cannot enrol anybody at this time.", sponsor=sponsor.code
            )


def sponsors(members: Iterable[Member]) -> Sponsors:
    """Return what tells of these members whether they may enrol others."""
    return Sponsors(Versions(member.pk for member in members))


@transaction.atomic
def let_join(newcomers: Sequence[Newcomer]) -> None:
    """Make customers of newcomers whose sponsors were asked; each member gets its code.

    The same few statements, however many they are; there is at least one.
    """
    books.hold_open()
    members = [one.member for one in newcomers]
    joins_at = [one.joins_at for one in newcomers]
    parties = insert_all(
        Party,
        {
            "kind": [Party.Kind.PERSON] * len(newcomers),
            "name": [one.member.name for one in newcomers],
            "email": [one.email for one in newcomers],
            "phone": [one.phone for one in newcomers],
        },
        returning=["id"],
    )
    _write_members(members)
    ids = [member.pk for member in members]
    insert_all(
        Holding,
        {
            "member_id": ids,
            "party_id": [party_id for (party_id,) in parties],
            "capacity": [Holding.Capacity.HOLDER] * len(ids),
            "effective_from": joins_at,
        },
    )
    insert_all(
        MemberVersion,
        {
            "member_id": ids,
            "role": [Role.CUSTOMER] * len(ids),
            "status": [Status.ACTIVE] * len(ids),
            "sponsor_id": [one.sponsor.pk for one in newcomers],
            "enroller_id": [one.enroller.pk for one in newcomers],
            "effective_from": joins_at,
        },
    )
    books.note_change(Change.Kind.NETWORK, effective_at=min(one.joins_at for one in newcomers))


def _write_members(members: Sequence[Member]) -> None:
    """Write members with new codes; those whose code is taken by chance get another one."""
    left = list(members)
    for _ in range(_TRIES):
        for member in left:
            member.code = random_code()
            member.referral_code = member.code.lower()
        written = insert_all(
            Member,
            columns_of(left, _MEMBER_FIELDS),
            returning=["id"],
            skip_taken=True,
        )
        there = {pk for (pk,) in written}
        left = [member for member in left if member.pk not in there]
        if not left:
            return
    raise RuntimeError("ten codes in a row were taken: there are not enough codes left")
