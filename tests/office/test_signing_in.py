"""In and out: for every role, without telling strangers anything."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from distributors.models import Status
from distributors.services import change_status
from office.attempts import SIGN_IN
from tests.office.world import PASSWORD, World, client_of, login_of

pytestmark = pytest.mark.django_db


def try_to_sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> int:
    typed = {"username": email, "password": password, **more}
    return int(client.post("/sign-in/", typed).status_code)


def test_each_role_comes_in_and_lands_where_it_belongs(world: World) -> None:
    User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    login_of(world.cast.alice), login_of(world.cleo)

    for email, sees in (
        ("alice@example.com", "Why this amount"),
        ("cleo@example.com", "Your orders"),
    ):
        client = Client()
        assert try_to_sign_in(client, email) == 302
        assert sees in client.get("/").content.decode()
    staff = Client()
    assert try_to_sign_in(staff, "staff@example.com") == 302
    assert staff.get("/").headers["Location"] == "/admin/"


def test_the_address_may_be_typed_in_any_case(world: World) -> None:
    login_of(world.cast.alice)

    assert try_to_sign_in(Client(), " Alice@Example.COM ") == 302


def test_a_wrong_password_and_an_unknown_address_read_the_same(world: World) -> None:
    login_of(world.cast.alice)
    inactive = User.objects.create_user("gone@example.com", PASSWORD, is_active=False)

    pages = [
        Client()
        .post("/sign-in/", {"username": email, "password": password})
        .content.decode()
        .replace(email, "somebody")
        for email, password in (
            ("alice@example.com", "wrong"),
            ("nobody@example.com", "wrong"),
            (inactive.email, PASSWORD),
        )
    ]

    bare = {page[page.index('role="alert"') : page.index("<form")] for page in pages}
    assert len(bare) == 1
    assert "do not belong together" in bare.pop()


def test_after_five_tries_there_is_a_pause_whether_or_not_the_address_exists(world: World) -> None:
    login_of(world.cast.alice)
    for email in ("alice@example.com", "nobody@example.com"):
        client = Client()
        answers = [try_to_sign_in(client, email, "wrong") for _ in range(SIGN_IN.at_most + 1)]

        assert answers == [422] * SIGN_IN.at_most + [429]
        assert try_to_sign_in(client, email.upper()) == 429

    assert try_to_sign_in(Client(REMOTE_ADDR="192.0.2.77"), "alice@example.com") == 302


def test_the_pause_is_explained(world: World) -> None:
    for _ in range(SIGN_IN.at_most):
        SIGN_IN.count("a@example.com", "127.0.0.1")

    response = Client().post("/sign-in/", {"username": "a@example.com", "password": "x"})

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert "Too many tries" in response.content.decode()


def test_coming_in_forgets_the_tries_before(world: World) -> None:
    login_of(world.cast.alice)
    for _ in range(SIGN_IN.at_most - 1):
        try_to_sign_in(Client(), "alice@example.com", "wrong")
    assert try_to_sign_in(Client(), "alice@example.com") == 302

    assert try_to_sign_in(Client(), "alice@example.com", "wrong") == 422


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/team/", "/team/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_people_are_sent_on_to_pages_of_this_site_only(
    wanted: str, lands: str, world: World
) -> None:
    login_of(world.cast.alice)

    typed = {"username": "alice@example.com", "password": PASSWORD, "next": wanted}
    response = Client().post("/sign-in/", typed)

    assert response.headers["Location"] == lands


def test_a_terminated_member_is_refused_with_a_page_that_says_so(world: World) -> None:
    login_of(world.cast.carl)
    now = timezone.now()
    change_status(
        world.cast.carl, Status.TERMINATED, effective_from=now, reason="left", actor=None, at=now
    )
    client = Client()

    response = client.post("/sign-in/", {"username": "carl@example.com", "password": PASSWORD})

    assert response.status_code == 403
    assert "This place is closed" in response.content.decode()
    assert client.get("/").status_code == 302


def test_a_suspended_member_comes_in_and_reads_that_pay_is_held(world: World) -> None:
    login_of(world.cast.carl)
    now = timezone.now()
    change_status(
        world.cast.carl, Status.SUSPENDED, effective_from=now, reason="asked", actor=None, at=now
    )
    client = Client()
    assert try_to_sign_in(client, "carl@example.com") == 302

    for address in ("/", "/earnings/", "/team/"):
        page = client.get(address).content.decode()
        assert "Your place is suspended" in page
        assert "pay is held back" in page


def test_signing_out_takes_a_post(world: World) -> None:
    client = client_of(world.cast.alice)

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_a_changed_password_signs_other_devices_out(world: World) -> None:
    here, elsewhere = client_of(world.cast.alice), client_of(world.cast.alice)
    typed = {
        "old_password": PASSWORD,
        "new_password1": "quite another phrase",
        "new_password2": "quite another phrase",
    }

    assert here.post("/account/password/", typed).status_code == 302

    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert try_to_sign_in(Client(), "alice@example.com") == 422
    assert try_to_sign_in(Client(), "alice@example.com", "quite another phrase") == 302


def test_forms_without_their_token_are_refused_with_a_page_that_helps(world: World) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/sign-in/", {"username": "a@example.com", "password": "x"})

    assert response.status_code == 403
    assert "open for too long" in response.content.decode()
