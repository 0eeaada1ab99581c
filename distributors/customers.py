"""Customers who come by way of a storefront: found again by e-mail, else about to join."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.functions import Lower

from distributors.models import Holding, Member
from mlm.database import LockClass

#: New addresses are held by one of so many locks: a batch never takes more than this.
ADDRESS_LOCKS: Final = 256


def members_by_referral_code(codes: Collection[str]) -> dict[str, Member]:
    """Return whose links carry the codes, by code in lower case; case is no matter."""
    if not codes:
        return {}
    found = Member.objects.alias(lower=Lower("referral_code")).select_related("market")
    wanted = {code.lower() for code in codes}
    return {member.referral_code.lower(): member for member in found.filter(lower__in=wanted)}


class _Held(NamedTuple):
    member: Member
    until: datetime | None


class AddressBook:
    """Which members the holders of e-mail addresses hold. One query, however many addresses."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._held: dict[str, list[_Held]] = defaultdict(list)
        self.look_up(addresses)

    def look_up(self, addresses: Iterable[str]) -> None:
        """Read what is known of the addresses now."""
        wanted = {plain(address) for address in addresses}
        if not wanted:
            return
        for address in wanted:
            self._held.pop(address, None)
        found = Member.objects.filter(
            holdings__party__email__in=wanted, holdings__capacity=Holding.Capacity.HOLDER
        ).select_related("market")
        for member in found.order_by("pk").annotate(
            address=F("holdings__party__email"), until=F("holdings__effective_until")
        ):
            self._held[member.address].append(_Held(member, member.until))

    def member_of(self, address: str, *, at: datetime) -> Member | None:
        """Return the oldest member held at a moment, or from later on, by who has the address."""
        for held in self._held.get(plain(address), ()):
            if held.until is None or held.until > at:
                return held.member
        return None


def plain(address: str) -> str:
    """Return an address as it is kept.

    >>> plain(" Ann@Example.com")
    'ann@example.com'
    """
    return address.strip().lower()


def hold(addresses: Iterable[str]) -> None:
    """Let nobody else make customers of the same addresses until this transaction ends.

    Look them up again afterwards. Locks are taken in one order, so that two batches wait for each
    other in turn and never both.
    """
    numbers = sorted({_lock_number(plain(address)) for address in addresses})
    if not numbers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, number)"
            " FROM unnest(%s::int[]) WITH ORDINALITY AS each (number, place) ORDER BY place",
            [LockClass.CUSTOMERS, numbers],
        )


def _lock_number(address: str) -> int:
    return hashlib.sha256(address.encode()).digest()[0] % ADDRESS_LOCKS
