"""Through a link to a customer, and on to a distributor: free, with the evidence kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from distributors.models import (
    AgreementAcceptance,
    AgreementVersion,
    Member,
    MemberVersion,
    Party,
    Role,
    Status,
)
from distributors.services import change_status, publish_agreement
from office.attempts import JOIN_FROM_ONE_PLACE
from orders.models import Order
from tests.factories import make_customer, make_house
from tests.office.world import World, client_of

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "  Nina   Newman ",
    "email": "Nina@Example.com",
    "password": "tea before coffee",
    "market": "US",
}


def test_a_visitor_becomes_a_customer_of_whoever_shared_the_link(world: World) -> None:
    client = Client()
    address = f"/r/{world.cast.bob.referral_code}/"

    page = client.get(address).content.decode()
    response = client.post(address, TYPED, follow=True)

    assert "Bob Brown invites you" in page
    assert "independent distributor</strong> and earns commission" in page
    assert "Your orders" in response.content.decode()
    version = MemberVersion.objects.get(member__name="Nina Newman")
    assert (version.role, version.sponsor, version.enroller) == (
        Role.CUSTOMER,
        world.cast.bob,
        world.cast.bob,
    )
    assert User.objects.get(email="nina@example.com").check_password(TYPED["password"])


def test_a_link_works_in_any_case(world: World) -> None:
    assert Client().get(f"/r/{world.cast.bob.referral_code.upper()}/").status_code == 200


def test_a_customers_link_names_the_seller_who_earns(world: World) -> None:
    page = Client().get(f"/r/{world.finn.referral_code}/").content.decode()

    assert "Finn Friend invites you" in page
    assert "Your seller is <strong>Bob Brown, an independent distributor" in page


@pytest.mark.parametrize("code", ["nobody", "x" * 500, "%00", "%F0%9F%8D%B5"])
def test_an_unknown_link_offers_the_company_itself(code: str, world: World) -> None:
    response = Client().get(f"/r/{code}/")

    assert response.status_code == 404
    page = response.content.decode()
    assert "We do not know this link" in page
    assert 'href="/join/"' in page


def test_without_a_link_the_company_is_the_sponsor(world: World) -> None:
    response = Client().post("/join/", TYPED)

    assert response.status_code == 302
    assert MemberVersion.objects.get(member__name="Nina Newman").sponsor == make_house()


def test_without_a_house_account_a_link_is_needed(db: None) -> None:
    response = Client().get("/join/")

    assert response.status_code == 404
    assert "A link is needed" in response.content.decode()


def test_who_may_not_enrol_has_no_link_that_works(world: World) -> None:
    now = timezone.now()
    change_status(
        world.cast.bob, Status.SUSPENDED, effective_from=now, reason="asked", actor=None, at=now
    )

    response = Client().get(f"/r/{world.cast.bob.referral_code}/")

    assert response.status_code == 404
    assert "Bob" not in response.content.decode()
    assert "suspended" not in response.content.decode()


def test_a_taken_address_leaves_nothing_half_done(world: World) -> None:
    User.objects.create_user("nina@example.com", "x")
    before = (Member.objects.count(), Party.objects.count())

    response = Client().post(f"/r/{world.cast.bob.referral_code}/", TYPED)

    assert response.status_code == 422
    assert "Sign in with it instead" in response.content.decode()
    assert (Member.objects.count(), Party.objects.count()) == before


def test_who_is_signed_in_cannot_join_again(world: World) -> None:
    client = client_of(world.cleo)
    before = Member.objects.count()

    response = client.post(f"/r/{world.cast.bob.referral_code}/", TYPED)

    assert "there is nothing to join" in " ".join(response.content.decode().split())
    assert Member.objects.count() == before


def test_joining_many_times_from_one_place_is_paused(world: World) -> None:
    for _ in range(JOIN_FROM_ONE_PLACE.at_most):
        JOIN_FROM_ONE_PLACE.count("127.0.0.1")

    assert Client().post("/join/", TYPED).status_code == 429


def test_a_customer_accepts_the_agreement_and_stays_the_same_member(world: World) -> None:
    client = client_of(world.cleo)
    bought = Order.objects.filter(buyer=world.cleo).count()
    page = client.get("/agreement/").content.decode()

    response = client.post(
        "/agreement/", {"agreement": "2026-01", "accepts": "on"}, headers={"User-Agent": "Own/1.0"}
    )

    assert "You need not buy anything." in page
    assert "It is free." in page
    assert response.status_code == 302
    kept = AgreementAcceptance.objects.get(member=world.cleo)
    assert kept.ip_address == "127.0.0.1"
    assert kept.user_agent == "Own/1.0"
    assert kept.document_digest == AgreementVersion.objects.get().digest
    assert "Why this amount" in client.get("/").content.decode()
    assert Order.objects.filter(buyer=world.cleo).count() == bought


def test_a_wording_that_is_no_longer_in_force_is_shown_anew(world: World) -> None:
    client = client_of(world.cleo)
    publish_agreement(
        label="2026-11", title="Agreement", body="A new wording.", effective_from=timezone.now()
    )

    response = client.post("/agreement/", {"agreement": "2026-01", "accepts": "on"})

    assert response.status_code == 409
    page = response.content.decode()
    assert "A newer wording is in force" in page
    assert "A new wording." in page
    assert 'value="2026-11"' in page
    assert not AgreementAcceptance.objects.filter(member=world.cleo).exists()


def test_without_an_agreement_there_is_nothing_to_accept(db: None) -> None:
    make_house()
    client = client_of(make_customer("Cleo Customer"))

    response = client.get("/agreement/")

    assert response.status_code == 404
    assert "has not published its agreement yet" in response.content.decode()


def test_the_link_page_has_link_and_picture(world: World) -> None:
    client = client_of(world.cast.alice)

    page = client.get("/link/").content.decode()
    picture = client.get("/link/qr.svg")

    assert f"http://testserver/r/{world.cast.alice.referral_code}/" in page
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert b"style" not in picture.content


def test_the_link_is_of_the_public_address_where_there_is_one(
    world: World, settings: object
) -> None:
    settings.PUBLIC_URL = "https://shop.example"  # type: ignore[attr-defined]  # pytest-django's

    page = client_of(world.cast.alice).get("/link/").content.decode()

    assert f"https://shop.example/r/{world.cast.alice.referral_code}/" in page
