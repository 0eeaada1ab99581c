"""Customers who come by way of a storefront: found again by e-mail, else enrolled."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from distributors.models import Holding, Market, Member
from distributors.services import enrol_customer
from mlm.database import LockClass


def member_by_referral_code(referral_code: str) -> Member | None:
    """Return whose links carry the code, in whatever case it was written."""
    found = Member.objects.alias(lower=Lower("referral_code"))
    return found.select_related("market").filter(lower=referral_code.lower()).first()


@transaction.atomic
def find_or_enrol_customer(
    *, name: str, email: str, sponsor: Member, market: Market | None, at: datetime
) -> Member:
    """Return the member that the address belongs to; without one, a new customer of the sponsor.

    Whoever is known stays where they are: a link of somebody else's moves nobody. Two requests
    with one new address make one customer. A new customer joins in the sponsor's market unless
    another one is given.
    """
    email = email.strip().lower()
    _hold(email)
    if known := _member_of(email, at=at):
        return known
    return enrol_customer(
        name=name, email=email, sponsor=sponsor, market=market or sponsor.market, at=at
    )


def _member_of(email: str, *, at: datetime) -> Member | None:
    """Return the oldest member held now, or from later on, by a party with the address."""
    held = Q(effective_until=None) | Q(effective_until__gt=at)
    holding = (
        Holding.objects.filter(held, party__email=email, capacity=Holding.Capacity.HOLDER)
        .select_related("member__market")
        .order_by("member_id")
        .first()
    )
    return holding.member if holding else None


def _hold(email: str) -> None:
    """Let no other request look for the same address until this transaction ends."""
    number = int.from_bytes(hashlib.sha256(email.encode()).digest()[:4], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LockClass.CUSTOMERS, number])
