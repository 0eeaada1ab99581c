"""Customers who come by way of a storefront: found again by e-mail, else about to join."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from distributors.models import Market, Member
from mlm.database import LockClass
from mlm.loading import joined

#: New addresses are held by one of so many locks: a batch never takes more than this.
ADDRESS_LOCKS: Final = 256


def members_by_referral_code(codes: Collection[str]) -> dict[str, Member]:
    """Return whose links carry the codes, by code in lower case; case is no matter."""
    if not codes:
        return {}
    wanted = [code.lower() for code in codes]
    found = members_where("lower(a.referral_code) = ANY(%s)", [wanted])
    return {member.referral_code.lower(): member for member in found}


def members_by_code(codes: Collection[str]) -> dict[str, Member]:
    """Return the members with these codes, by code, with their markets."""
    if not codes:
        return {}
    return {member.code: member for member in members_where("a.code = ANY(%s)", [list(codes)])}


def house_account() -> Member | None:
    """Return the company's own place, with its market; None where there is none yet."""
    return next(iter(members_where("a.is_house", [])), None)


def members_where(condition: str, parameters: Sequence[Any]) -> list[Member]:
    """Return the members (`a`) that a condition is true of, with their markets."""
    source = f"distributors_member a {_MARKET} WHERE {condition}"
    found = []
    for member, market, _ in joined(Member, Market, source, parameters):
        member.market = market
        found.append(member)
    return found


_MARKET: Final = "JOIN distributors_market b ON b.code = a.market_id"
_HELD_BY: Final = f"""distributors_party p
 JOIN distributors_holding h ON h.party_id = p.id AND h.capacity = 'holder'
 JOIN distributors_member a ON a.id = h.member_id {_MARKET}
WHERE p.email = ANY(%s) ORDER BY a.id"""


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
        for member, market, (address, until) in joined(
            Member, Market, _HELD_BY, [list(wanted)], extra="p.email, h.effective_until"
        ):
            member.market = market
            self._held[address].append(_Held(member, until))

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
