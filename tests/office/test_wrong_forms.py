"""Every wrong input of tests/wrong/forms that is meant for the pages, and what the page says."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client

from accounts.models import User
from distributors.models import AgreementAcceptance, Member
from tests.office.world import PASSWORD, World, client_of

pytestmark = pytest.mark.django_db

WRONG: Final = Path(__file__).resolve().parents[1] / "wrong/forms"
RIGHT: Final[dict[str, dict[str, str]]] = {
    "join": {
        "name": "Nina Newman",
        "email": "nina@example.com",
        "password": "tea before coffee",
        "market": "US",
    },
    "sign-in": {"username": "alice@example.com", "password": PASSWORD},
    "password": {
        "old_password": PASSWORD,
        "new_password1": "quite another phrase",
        "new_password2": "quite another phrase",
    },
    "agreement": {"agreement": "2026-01", "accepts": "on"},
}


def cases(form: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted(WRONG.glob(f"{form}-*.json"))]


def send(client: Client, form: str, address: str, path: Path) -> str:
    """Send the right input with what the case spoils; return what the page says."""
    case = json.loads(path.read_text(encoding="utf-8"))
    response = client.post(address, RIGHT[form] | case["typed"])
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert case["says"] in page
    return page


@pytest.mark.parametrize("path", cases("join"))
def test_joining(path: Path, world: World) -> None:
    before = Member.objects.count()

    page = send(Client(), "join", f"/r/{world.cast.bob.referral_code}/", path)

    assert Member.objects.count() == before
    assert 'aria-invalid="true"' in page
    assert "tea before coffee" not in page


@pytest.mark.parametrize("path", cases("sign-in"))
def test_signing_in(path: Path, world: World) -> None:
    client = Client()

    page = send(client, "sign-in", "/sign-in/", path)

    assert PASSWORD not in page
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", cases("password"))
def test_changing_the_password(path: Path, world: World) -> None:
    send(client_of(world.cast.alice), "password", "/account/password/", path)

    assert User.objects.get(email="alice@example.com").check_password(PASSWORD)


@pytest.mark.parametrize("path", cases("agreement"))
def test_accepting_the_agreement(path: Path, world: World) -> None:
    page = send(client_of(world.cleo), "agreement", "/agreement/", path)

    assert "You need not buy anything." in page
    assert not AgreementAcceptance.objects.filter(member=world.cleo).exists()
