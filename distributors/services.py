"""What happens to members: they are enrolled, become distributors, move, pause, end and return.

Nothing here overwrites what was true: `amend` retires versions and records others in their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from distributors import books
from distributors.enrolling import let_join, member_numbers, newcomer, sponsors
from distributors.errors import (
    AgreementNotCurrent,
    AlreadyDistributor,
    EmailTaken,
    InOwnDownline,
    NotAllowedInThisState,
)
from distributors.models import (
    AgreementAcceptance,
    AgreementVersion,
    BusinessEvent,
    Change,
    Login,
    Market,
    Member,
    MemberVersion,
    Party,
    Role,
    Status,
    StatusPolicy,
)
from distributors.selectors import is_in_downline, version_of, versions_at

# Which state may follow which
NEXT_STATES: Mapping[Status, frozenset[Status]] = {
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.REINSTATED}),
    Status.TERMINATED: frozenset(
        {Status.APPLICANT, Status.ACTIVE, Status.REINSTATED, Status.SUSPENDED, Status.LAPSED}
    ),
    Status.REINSTATED: frozenset({Status.SUSPENDED, Status.TERMINATED, Status.LAPSED}),
}


@transaction.atomic
def enrol_customer(
    *,
    name: str,
    email: str,
    sponsor: Member,
    market: Market,
    at: datetime,
    enroller: Member | None = None,
    phone: str = "",
) -> Member:
    """Return a new customer under a sponsor; the sponsor is the enroller unless told otherwise.

    Refused when the sponsor's state of life does not let it enrol others at that time.
    """
    books.hold_open()
    sponsors([sponsor]).refuse_who_may_not_enrol(sponsor, at=at)
    joining = newcomer(
        next(member_numbers(1)),
        name=name,
        email=email,
        sponsor=sponsor,
        market=market,
        at=at,
        enroller=enroller,
        phone=phone,
    )
    let_join([joining])
    return joining.member


@transaction.atomic
def give_login(party: Party, *, email: str, password: str | None) -> User:
    """Return a new user who signs in for a party. Refused when the address is taken."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise EmailTaken("Somebody signs in with this address already.", email=email)
    user = User.objects.create_user(email, password, name=party.name)
    Login.objects.create(user=user, party=party)
    return user


def publish_agreement(
    *, label: str, title: str, body: str, effective_from: datetime
) -> AgreementVersion:
    """Return a new wording of the distributor agreement, with the digest of its text."""
    return AgreementVersion.objects.create(
        label=label,
        title=title,
        body=body,
        digest=hashlib.sha256(body.encode()).hexdigest(),
        effective_from=effective_from,
    )


def current_agreement(*, at: datetime) -> AgreementVersion:
    """Return the wording in force at a moment."""
    found = AgreementVersion.objects.filter(effective_from__lte=at)
    return found.latest("effective_from", "pk")


@transaction.atomic
def accept_agreement(
    member: Member,
    *,
    party: Party,
    agreement: AgreementVersion,
    at: datetime,
    ip_address: str | None,
    user_agent: str = "",
) -> MemberVersion:
    """Make a customer a distributor in place, free and without a purchase; return what is true now.

    Same member, same position, same history: earlier orders stay sales of whoever was credited.
    Refused for another wording than the current one, and for whoever is a distributor already.
    """
    books.hold_open()
    Member.objects.select_for_update().get(pk=member.pk)
    if agreement.pk != current_agreement(at=at).pk:
        raise AgreementNotCurrent("A newer wording is in force: read and accept that one.")
    version = _version_or_refuse(member, at=at)
    if version.role == Role.DISTRIBUTOR:
        raise AlreadyDistributor(f"{member.code} is a distributor already.", member=member.code)
    if not StatusPolicy.objects.get(pk=version.status).may_sign_in:
        raise NotAllowedInThisState(f"{member.code} is {version.status}.", member=member.code)
    AgreementAcceptance.objects.create(
        member=member,
        party=party,
        agreement=agreement,
        document_digest=agreement.digest,
        accepted_at=at,
        ip_address=ip_address,
        user_agent=user_agent[:400],
    )
    _amend(member, effective_from=at, role=Role.DISTRIBUTOR, status=Status.ACTIVE)
    _event("member.became_distributor", member, actor=None, reason="", at=at)
    return version_of(member, at=at)


@transaction.atomic
def change_status(
    member: Member,
    status: Status,
    *,
    effective_from: datetime,
    reason: str,
    actor: User | None,
    at: datetime,
) -> MemberVersion:
    """Suspend, terminate or reinstate a member from a time on; return what is true then.

    The network keeps its shape: nobody is moved. Refused where one state cannot follow the other,
    before a change of state that is recorded already, and inside a stretch whose books are closed.
    """
    books.hold_open()
    Member.objects.select_for_update().get(pk=member.pk)
    books.refuse_closed(effective_from)
    before = _version_or_refuse(member, at=effective_from)
    if Status(before.status) not in NEXT_STATES.get(status, frozenset()):
        raise NotAllowedInThisState(
            f"{member.code} is {before.status} and cannot become {status}.",
            member=member.code,
            status=before.status,
        )
    later = _recorded_later(member, effective_from).exclude(status=before.status).first()
    if later is not None:
        raise NotAllowedInThisState(
            f"{member.code} is recorded as {later.status} from {later.effective_from:%Y-%m-%d} on,"
            " which this would undo: choose that time or a later one.",
            member=member.code,
            status=later.status,
        )
    _amend(member, effective_from=effective_from, status=status)
    _event(f"member.{status}", member, actor=actor, reason=reason, at=at, was=before.status)
    return version_of(member, at=effective_from)


@transaction.atomic
def change_sponsor(
    member: Member,
    sponsor: Member,
    *,
    effective_from: datetime,
    reason: str,
    actor: User | None,
    at: datetime,
) -> MemberVersion:
    """Move a member with its downline under another sponsor; return what is true then.

    Refused into its own downline (the database says so too, for all times at once), under a sponsor
    who may not enrol anybody at that time, before a move that is recorded already, and inside a
    stretch whose books are closed.
    """
    books.hold_open()
    Member.objects.select_for_update().get(pk=member.pk)
    books.refuse_closed(effective_from)
    if sponsor.pk == member.pk or is_in_downline(sponsor, of=member, at=effective_from):
        raise InOwnDownline(
            f"{sponsor.code} sits below {member.code}: nobody can be moved under themselves.",
            member=member.code,
            sponsor=sponsor.code,
        )
    sponsors([sponsor]).refuse_who_may_not_enrol(sponsor, at=effective_from)
    before = _version_or_refuse(member, at=effective_from)
    later = _recorded_later(member, effective_from).exclude(sponsor=before.sponsor).first()
    if later is not None:
        raise NotAllowedInThisState(
            f"{member.code} is recorded to move on {later.effective_from:%Y-%m-%d}, which this"
            " would undo: choose that time or a later one.",
            member=member.code,
        )
    was = before.sponsor.code if before.sponsor else None
    try:
        with transaction.atomic():
            _amend(member, effective_from=effective_from, sponsor=sponsor)
    except IntegrityError as error:
        if "own downline" not in str(error):
            raise
        raise InOwnDownline(
            f"{member.code} would sit in its own downline at a later time, by a move that is"
            " recorded for then.",
            member=member.code,
            sponsor=sponsor.code,
        ) from error
    _event("member.moved", member, actor=actor, reason=reason, at=at, was=was, now=sponsor.code)
    return version_of(member, at=effective_from)


def _version_or_refuse(member: Member, *, at: datetime) -> MemberVersion:
    """Return what is true of a member at a moment, and refuse a moment before it joined."""
    version = versions_at(at).filter(member=member).first()
    if version is None:
        raise NotAllowedInThisState(
            f"{member.code} joined on {member.joined_at:%Y-%m-%d}: choose a later time.",
            member=member.code,
        )
    return version


def _recorded_later(member: Member, moment: datetime) -> QuerySet[MemberVersion]:
    """Return what is recorded to become true of a member after a moment, the first first."""
    believed = MemberVersion.objects.filter(member=member, retired_at=None)
    return believed.filter(effective_from__gt=moment).order_by("effective_from")


def _amend(member: Member, *, effective_from: datetime, **changes: object) -> None:
    """Change what is true of a member from a time on; what was true before it stays true."""
    recorded_at = books.recording_time()
    believed = MemberVersion.objects.filter(member=member, retired_at=None)
    touched = [
        version
        for version in believed.order_by("effective_from")
        if version.effective_until is None or version.effective_until > effective_from
    ]
    believed.filter(pk__in=[version.pk for version in touched]).update(retired_at=recorded_at)
    replacements = []
    for version in touched:
        if version.effective_from < effective_from:
            replacements.append(
                _copy(version, recorded_at=recorded_at, effective_until=effective_from)
            )
        start = max(version.effective_from, effective_from)
        replacements.append(
            _copy(version, recorded_at=recorded_at, effective_from=start, **changes)
        )
    MemberVersion.objects.bulk_create(replacements)
    books.note_change(Change.Kind.NETWORK, effective_at=effective_from)


def _copy(version: MemberVersion, **changes: object) -> MemberVersion:
    values: dict[str, object] = {
        "member": version.member,
        "role": version.role,
        "status": version.status,
        "enroller": version.enroller,
        "sponsor": version.sponsor,
        "effective_from": version.effective_from,
        "effective_until": version.effective_until,
    }
    return MemberVersion(**(values | changes))


def _event(
    kind: str, member: Member, *, actor: User | None, reason: str, at: datetime, **detail: object
) -> None:
    BusinessEvent.objects.create(
        kind=kind, member=member, actor=actor, reason=reason, detail=detail, happened_at=at
    )
