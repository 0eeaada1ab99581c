"""What happens to single people and orders of the demo: all of it through the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import QuerySet

from accounts.models import User
from commissions.models import Period
from distributors.models import (
    AgreementAcceptance,
    AgreementVersion,
    Holding,
    Member,
    MemberVersion,
    Role,
    Status,
)
from distributors.services import accept_agreement, change_sponsor, change_status
from mlm.copying import Rows, moment_of
from office.demo.columns import DAY, Flags, Ints
from office.demo.habits import Stretch
from office.demo.people import Population
from orders.models import Order
from orders.returning import PiecesBack, return_goods

RETURNED_PER_MILLE: Final = 25
LATE_RETURNS: Final = 6
MONTH_OF_THE_MOVE: Final = 1
_DAYS_UNTIL_RETURN: Final = (4, 13)
_REASONS: Final = (
    "Arrived damaged",
    "Ground too fine for the pot",
    "Ordered the wrong roast",
    "Did not like the taste",
    "Came too late",
)
_BROWSER: Final = "Mozilla/5.0 (demo)"


def accept_agreements(members: Rows, is_distributor: Flags) -> None:
    """Write that each of the distributors accepted the agreement when they joined."""
    agreement = AgreementVersion.objects.latest("effective_from")
    AgreementAcceptance.objects.bulk_create(
        AgreementAcceptance(
            member_id=int(row["member_id"]),
            party_id=int(row["party_id"]),
            agreement=agreement,
            document_digest=agreement.digest,
            accepted_at=moment_of(int(row["joined_at"])),
            ip_address=_address(int(row["member_id"])),
            user_agent=_BROWSER,
        )
        for row in members[is_distributor]
    )


def _address(number: int) -> str:
    """Return an address of the blocks that are set aside for documentation."""
    return f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number // 3 % 254 + 1}"


def month_of_incidents(people: Population, first_id: int, month: Stretch, *, actor: User) -> None:
    """Let customers become distributors; terminate, suspend and move whom the story says."""
    for row in _within(people.upgraded_at, month):
        _upgrade(Member.objects.get(pk=first_id + row), moment_of(int(people.upgraded_at[row])))
    for moments, status, reason in (
        (people.terminated_at, Status.TERMINATED, "Income claims, repeated after a warning."),
        (people.suspended_at, Status.SUSPENDED, "Stock on resale sites; being looked into."),
    ):
        for row in _within(moments, month):
            at = moment_of(int(moments[row]))
            member = Member.objects.get(pk=first_id + row)
            change_status(member, status, effective_from=at, reason=reason, actor=actor, at=at)
    if month.number == MONTH_OF_THE_MOVE:
        _move_one(moment_of(month.starts_at + 9 * DAY), actor=actor)


def _within(moments: Ints, month: Stretch) -> list[int]:
    """Return the rows whose moment lies in the month so far, the earliest first."""
    rows = np.flatnonzero((moments >= month.starts_at) & (moments < month.until))
    return [int(row) for row in rows[np.argsort(moments[rows], kind="stable")]]


def _upgrade(member: Member, at: datetime) -> None:
    party = Holding.objects.get(member=member, effective_until=None).party
    accept_agreement(
        member,
        party=party,
        agreement=AgreementVersion.objects.latest("effective_from"),
        at=at,
        ip_address=_address(member.pk),
        user_agent=_BROWSER,
    )


def _move_one(at: datetime, *, actor: User) -> None:
    """Move the first distributor who sits below somebody else than the enroller to the enroller."""
    placed_elsewhere = MemberVersion.objects.filter(
        retired_at=None, effective_until=None, role=Role.DISTRIBUTOR, status=Status.ACTIVE
    ).exclude(enroller_id=None)
    for version in placed_elsewhere.select_related("member", "enroller").order_by("member_id"):
        if version.enroller is not None and version.sponsor_id != version.enroller_id:
            change_sponsor(
                version.member,
                version.enroller,
                effective_from=at,
                reason="Placed by mistake; enroller, sponsor and member agree.",
                actor=actor,
                at=at,
            )
            return


def returns_in_time(random: np.random.Generator, period: Period, *, until: datetime) -> None:
    """Take some orders of the period back before its books are closed."""
    for order in _returnable(period):
        if random.integers(0, 1000) >= RETURNED_PER_MILLE or order.paid_at is None:
            continue
        returned_at = order.paid_at + timedelta(days=int(random.integers(*_DAYS_UNTIL_RETURN)))
        if returned_at < until:
            _take_back(random, order, returned_at)


def late_returns(
    random: np.random.Generator, period: Period, *, after: datetime, until: datetime
) -> None:
    """Take a few orders of a closed period back, of those paid towards its end."""
    returned_at = after
    orders = list(_returnable(period).filter(returns=None))[-120:]
    for place in sorted(random.choice(len(orders), min(LATE_RETURNS, len(orders)), replace=False)):
        returned_at += timedelta(hours=int(random.integers(5, 40)))
        if returned_at < until:
            _take_back(random, orders[place], returned_at)


def _returnable(period: Period) -> QuerySet[Order]:
    return Order.objects.filter(
        commission_at__gte=period.starts_at, commission_at__lt=period.ends_at
    ).order_by("pk")


def _take_back(random: np.random.Generator, order: Order, returned_at: datetime) -> None:
    """Take one line back in part, or the whole order."""
    pieces = [PiecesBack(line.position, line.quantity) for line in order.lines.order_by("position")]
    if random.integers(0, 2):
        first = pieces[0]
        pieces = [PiecesBack(first.position, int(random.integers(1, first.quantity + 1)))]
    return_goods(
        order,
        external_id=f"R{order.pk}",
        pieces=pieces,
        reason=_REASONS[int(random.integers(0, len(_REASONS)))],
        returned_at=returned_at,
    )
