"""People join as customers and become distributors in place, free of charge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from distributors import services
from distributors.errors import (
    AgreementNotCurrent,
    AlreadyDistributor,
    EmailTaken,
    SponsorCannotEnrol,
)
from distributors.models import Change, Holding, MemberVersion, Role, Status
from distributors.selectors import version_of, versions_at
from tests.factories import (
    JOINED,
    NOON,
    make_agreement,
    make_customer,
    make_distributor,
    make_house,
    party_of,
)

pytestmark = pytest.mark.django_db


def test_a_customer_joins_under_a_sponsor_who_is_also_the_enroller() -> None:
    alice = make_distributor("Alice Adams")

    ann = make_customer("Ann Ames", sponsor=alice)

    version = version_of(ann, at=JOINED)
    assert (version.role, version.status) == (Role.CUSTOMER, Status.ACTIVE)
    assert version.sponsor == version.enroller == alice
    assert Holding.objects.get(member=ann).party.email == "ann.ames@example.com"


def test_joining_leaves_a_change_for_the_figures() -> None:
    make_house()
    Change.objects.all().delete()

    make_customer("Ann Ames", at=NOON)

    assert [change.effective_at for change in Change.objects.all()] == [NOON]


def test_a_customer_becomes_a_distributor_in_place_with_the_evidence_kept() -> None:
    ann = make_customer("Ann Ames")
    agreement = make_agreement()

    services.accept_agreement(
        ann,
        party=party_of(ann),
        agreement=agreement,
        at=NOON,
        ip_address="192.0.2.7",
        user_agent="Phone",
    )

    assert version_of(ann, at=NOON - timedelta(seconds=1)).role == Role.CUSTOMER
    assert version_of(ann, at=NOON).role == Role.DISTRIBUTOR
    acceptance = ann.acceptances.get()
    assert acceptance.document_digest == agreement.digest
    assert (acceptance.accepted_at, acceptance.ip_address) == (NOON, "192.0.2.7")


def test_the_agreement_is_refused_when_it_is_signed_twice() -> None:
    alice = make_distributor("Alice Adams")

    with pytest.raises(AlreadyDistributor):
        services.accept_agreement(
            alice,
            party=party_of(alice),
            agreement=make_agreement(),
            at=NOON,
            ip_address=None,
        )


def test_an_old_wording_is_refused() -> None:
    ann = make_customer("Ann Ames")
    old = make_agreement()
    services.publish_agreement(
        label="2026-06", title="Agreement", body="New words.", effective_from=JOINED
    )

    with pytest.raises(AgreementNotCurrent):
        services.accept_agreement(ann, party=party_of(ann), agreement=old, at=NOON, ip_address=None)


def test_enrolling_is_refused_under_a_sponsor_who_is_suspended() -> None:
    alice = make_distributor("Alice Adams")
    services.change_status(
        alice, Status.SUSPENDED, effective_from=NOON, reason="Claims", actor=None, at=NOON
    )

    with pytest.raises(SponsorCannotEnrol):
        make_customer("Ann Ames", sponsor=alice, at=NOON + timedelta(days=1))


def test_enrolling_is_refused_under_a_sponsor_who_joined_later() -> None:
    alice = make_distributor("Alice Adams", at=NOON)

    with pytest.raises(SponsorCannotEnrol):
        make_customer("Ann Ames", sponsor=alice, at=NOON - timedelta(days=1))


def test_an_address_signs_in_for_one_party_only() -> None:
    ann = make_customer("Ann Ames")
    services.give_login(party_of(ann), email="ann@example.com", password=None)

    with pytest.raises(EmailTaken):
        services.give_login(party_of(ann), email="ANN@example.com ", password=None)


def test_history_is_kept_when_something_changes() -> None:
    alice = make_distributor("Alice Adams")
    before = MemberVersion.objects.filter(member=alice).count()

    services.change_status(
        alice, Status.SUSPENDED, effective_from=NOON, reason="Claims", actor=None, at=NOON
    )

    assert MemberVersion.objects.filter(member=alice).count() == before + 2
    assert version_of(alice, at=NOON).status == Status.SUSPENDED
    assert version_of(alice, at=NOON - timedelta(days=1)).status == Status.ACTIVE


def test_what_was_known_earlier_can_be_asked_for() -> None:
    alice = make_distributor("Alice Adams")
    known_before = MemberVersion.objects.latest("recorded_at").recorded_at
    services.change_status(
        alice, Status.SUSPENDED, effective_from=NOON, reason="Claims", actor=None, at=NOON
    )

    then = versions_at(NOON, known_at=known_before).get(member=alice)
    now = versions_at(NOON).get(member=alice)

    assert (then.status, now.status) == (Status.ACTIVE, Status.SUSPENDED)
