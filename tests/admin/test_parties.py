"""Parties are corrected, holdings recorded and ended, never rewritten."""

from django.urls import reverse

from distributors.models import AgreementVersion, Holding, Party
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes
from tests.factories import Cast


def change(holding: Holding) -> str:
    """Return the address of a holding's page."""
    return reverse("admin:distributors_holding_change", args=[holding.pk])


def test_a_holding_is_ended_and_nothing_else_of_it_changes(cast: Cast, sign_in: SignIn) -> None:
    holding = cast.bob.holdings.get()
    answers = {
        "member": cast.carl.pk,
        "party": cast.carl.holdings.get().party_id,
        "capacity": "payee",
        "effective_from": "2026-05-05T00:00",
        "effective_until": "2026-12-01T00:00",
    }
    before = (holding.member_id, holding.party_id, holding.capacity, holding.effective_from)

    sign_in("Genealogy").post(change(holding), answers)

    holding.refresh_from_db()
    after = (holding.member_id, holding.party_id, holding.capacity, holding.effective_from)
    assert after == before
    assert holding.effective_until is not None


def test_a_business_changes_hands(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("Genealogy")
    heir = Party.objects.create(name="Hal Heir")
    answers = {
        "member": cast.bob.pk,
        "party": heir.pk,
        "capacity": "holder",
        "effective_from": "2026-12-01T00:00",
    }
    add = reverse("admin:distributors_holding_add")

    too_early = client.post(add, answers)
    client.post(change(cast.bob.holdings.get()), {"effective_until": "2026-12-01T00:00"})
    client.post(add, answers)
    reopened = client.post(
        change(cast.bob.holdings.order_by("pk")[0]), {"effective_until": "2027-01-01T00:00"}
    )

    assert "Bob Brown holds" in mistakes(too_early)[0]
    assert "Hal Heir holds" in mistakes(reopened)[0]
    assert [holding.party.name for holding in cast.bob.holdings.order_by("pk")] == [
        "Bob Brown",
        "Hal Heir",
    ]


def test_an_unknown_member_or_party_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answers = {
        "member": "999999999999999999999",
        "party": "x",
        "capacity": "king",
        "effective_from": "2026-12-01T00:00",
    }

    response = sign_in("Genealogy").post(reverse("admin:distributors_holding_add"), answers)

    assert len(mistakes(response)) == 3


def test_a_wording_is_published_with_its_digest_and_never_changed(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(superuser=True)
    answers = {
        "label": "2027-01",
        "title": "Agreement",
        "body": "Words.",
        "effective_from": "2027-01-01T00:00",
    }

    client.post(reverse("admin:distributors_agreementversion_add"), answers)

    made = AgreementVersion.objects.get(label="2027-01")
    assert len(made.digest) == 64
    address = reverse("admin:distributors_agreementversion_change", args=[made.pk])
    assert client.post(address, answers | {"body": "Other words."}).status_code == 403
    assert client.get(address).status_code == 200
