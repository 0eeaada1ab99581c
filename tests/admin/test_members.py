"""Members on the company's side: history shown, changed through services only."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from distributors.models import BusinessEvent, LockedStretch, Member, MemberVersion, Status
from distributors.selectors import version_of
from distributors.services import change_sponsor, change_status
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.factories import NOON, Cast

WRONG = Path(__file__).resolve().parents[1] / "wrong/forms"
LATER = datetime(2026, 11, 20, 12, tzinfo=UTC)


def address(member: Member, deed: str = "") -> str:
    """Return the address of a member's page, or of a deed's."""
    if deed:
        return reverse("admin:distributors_member_deed", args=[member.pk, deed])
    return reverse("admin:distributors_member_change", args=[member.pk])


def test_the_page_shows_both_times_of_every_version_and_the_evidence(
    cast: Cast, sign_in: SignIn
) -> None:
    change_sponsor(cast.dora, cast.carl, effective_from=NOON, reason="asked", actor=None, at=LATER)

    page = words(sign_in("Support").get(address(cast.dora)))

    versions = MemberVersion.objects.filter(member=cast.dora)
    assert versions.exclude(retired_at=None).exists()
    for version in versions:
        assert version.get_role_display() in page
    assert page.count("Bob Brown") >= 2
    assert page.count("Carl Clark") >= 1
    assert "192.0.2.1" in page
    assert cast.dora.acceptances.get().document_digest in page


def test_a_move_goes_through_the_service_with_reason_and_actor(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("Genealogy")

    response = client.post(
        address(cast.dora, "move"),
        {
            "sponsor": cast.carl.code.lower(),
            "effective_from": "2026-11-10T12:00",
            "reason": "asked",
        },
        follow=True,
    )

    assert f"sits under {cast.carl}" in words(response)
    assert version_of(cast.dora, at=NOON).sponsor == cast.carl
    event = BusinessEvent.objects.get(kind="member.moved")
    assert (event.reason, event.actor_id) == ("asked", int(client.session["_auth_user_id"]))


def test_nobody_is_moved_under_themselves(cast: Cast, sign_in: SignIn) -> None:
    answers = {"sponsor": cast.dora.code, "effective_from": "2026-11-10T12:00", "reason": "x"}

    response = sign_in("Genealogy").post(address(cast.alice, "move"), answers)

    assert "nobody can be moved under themselves" in mistakes(response)[0]
    assert not BusinessEvent.objects.filter(kind="member.moved").exists()


def test_a_move_into_closed_books_is_refused_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    LockedStretch.objects.create(
        starts_at=datetime(2026, 11, 1, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, tzinfo=UTC),
        reason="test",
    )
    answers = {"sponsor": cast.carl.code, "effective_from": "2026-11-10T12:00", "reason": "x"}

    response = sign_in("Genealogy").post(address(cast.dora, "move"), answers)

    assert "books are closed" in mistakes(response)[0]


def test_a_loop_that_begins_later_is_refused_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    """Bob goes under Dora later, and Dora is above him only from then on."""
    change_sponsor(cast.dora, cast.carl, effective_from=NOON, reason="x", actor=None, at=NOON)
    change_sponsor(cast.bob, cast.dora, effective_from=LATER, reason="x", actor=None, at=NOON)
    answers = {"sponsor": cast.bob.code, "effective_from": "2026-11-12T12:00", "reason": "x"}

    response = sign_in("Genealogy").post(address(cast.dora, "move"), answers)

    assert response.status_code == 200
    assert "own downline" in mistakes(response)[0]
    assert version_of(cast.dora, at=LATER).sponsor == cast.carl


@pytest.mark.parametrize("case", sorted(WRONG.glob("move-*.json")), ids=lambda path: path.stem)
def test_a_move_that_cannot_be_is_refused_on_the_form(
    case: Path, cast: Cast, sign_in: SignIn
) -> None:
    wrong = json.loads(case.read_text(encoding="utf-8"))
    right = {"sponsor": cast.carl.code, "effective_from": "2026-11-10T12:00", "reason": "asked"}

    response = sign_in("Genealogy").post(address(cast.dora, "move"), right | wrong["typed"])

    assert response.status_code == 200
    assert wrong["says"] in " ".join(mistakes(response))
    assert version_of(cast.dora, at=NOON).sponsor == cast.bob


def test_states_are_changed_with_buttons(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("Genealogy")
    for deed, status, day in (
        ("suspend", Status.SUSPENDED, 10),
        ("reinstate", Status.REINSTATED, 11),
        ("terminate", Status.TERMINATED, 12),
    ):
        answers = {"effective_from": f"2026-11-{day}T12:00", "reason": "as agreed"}
        response = client.post(address(cast.bob, deed), answers, follow=True)

        assert f"is {status.label} from 2026-11-{day}" in words(response)
        assert version_of(cast.bob, at=datetime(2026, 11, day, 13, tzinfo=UTC)).status == status


def test_a_state_that_cannot_follow_is_refused_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    change_status(cast.bob, Status.TERMINATED, effective_from=NOON, reason="x", actor=None, at=NOON)
    answers = {"effective_from": "2026-11-20T12:00", "reason": "x"}

    response = sign_in("Genealogy").post(address(cast.bob, "suspend"), answers)

    assert "cannot become suspended" in mistakes(response)[0]


def test_nothing_happens_on_a_get(cast: Cast, sign_in: SignIn) -> None:
    before = list(MemberVersion.objects.order_by("pk").values_list())
    client = sign_in("Genealogy")

    for deed in ("move", "suspend", "reinstate", "terminate"):
        assert client.get(address(cast.bob, deed)).status_code == 200

    assert list(MemberVersion.objects.order_by("pk").values_list()) == before


def test_members_are_found_by_code_name_referral_code_and_address(cast: Cast, root: Client) -> None:
    cast.carl.referral_code = "CarlsCorner"
    cast.carl.save()
    for text, found in (
        (cast.alice.code[:5].lower(), cast.alice),
        ("ob bro", cast.bob),
        ("carlscorner", cast.carl),
        ("Dora.Diaz@example.com", cast.dora),
    ):
        listed = root.get(reverse("admin:distributors_member_changelist"), {"q": text})

        assert [row.code for row in listed.context["cl"].result_list] == [found.code]


def test_members_are_filtered_by_what_is_true_now(cast: Cast, root: Client) -> None:
    change_status(cast.bob, Status.SUSPENDED, effective_from=NOON, reason="x", actor=None, at=NOON)

    listed = root.get(reverse("admin:distributors_member_changelist"), {"status": "suspended"})

    assert [row.code for row in listed.context["cl"].result_list] == [cast.bob.code]
