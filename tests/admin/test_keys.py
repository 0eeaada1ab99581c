"""API keys on the company's side: shown once, revoked, never edited; and users by e-mail."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey, User
from accounts.services import find_key
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.factories import make_storefront

ADD = "admin:accounts_apikey_add"


def new_key(**others: object) -> dict[str, object]:
    """Return what is typed for a new key."""
    return {
        "storefront": make_storefront().pk,
        "name": "till",
        "scopes": ["orders:write", "members:read"],
    } | others


def test_a_key_is_shown_once_and_works(root: Client) -> None:
    response = root.post(reverse(ADD), new_key())

    shown = re.search(r'value="(upl_live_[^"]+)"', response.content.decode())
    assert shown is not None
    assert "no-store" in response["Cache-Control"]
    found = find_key(shown[1], at=timezone.now())
    assert found is not None
    assert found.created_by == User.objects.get(email="root@example.com")
    secret = shown[1][-40:]
    for name, args in (("changelist", []), ("change", [found.pk]), ("history", [found.pk])):
        assert (
            secret
            not in root.get(reverse(f"admin:accounts_apikey_{name}", args=args)).content.decode()
        )
    assert found.secret_digest == keys.digest(shown[1])


def test_a_key_is_revoked_and_never_edited(root: Client) -> None:
    root.post(reverse(ADD), new_key())
    key = ApiKey.objects.get()
    change = reverse("admin:accounts_apikey_change", args=[key.pk])

    assert root.post(change, new_key(name="other")).status_code == 403
    page = root.post(reverse("admin:accounts_apikey_deed", args=[key.pk, "revoke"]), follow=True)

    assert "is revoked" in words(page)
    key.refresh_from_db()
    assert (key.name, key.revoked_at is None) == ("till", False)
    assert b"/do/revoke/" not in root.get(change).content


def test_a_key_without_scopes_or_for_a_closed_shop_is_refused(root: Client) -> None:
    shop = make_storefront("old")
    shop.is_active = False
    shop.save()

    assert mistakes(root.post(reverse(ADD), new_key(scopes=[]))) == ["This field is required."]
    assert "switched off" in mistakes(root.post(reverse(ADD), new_key(storefront=shop.pk)))[0]
    assert "Select a valid choice" in mistakes(root.post(reverse(ADD), new_key(scopes=["all"])))[0]
    assert not ApiKey.objects.exists()


def test_an_auditor_sees_keys_and_issues_none(sign_in: SignIn, root: Client) -> None:
    root.post(reverse(ADD), new_key())
    auditor = sign_in("Auditor")
    key = ApiKey.objects.get()

    assert auditor.post(reverse(ADD), new_key()).status_code == 403
    address = reverse("admin:accounts_apikey_deed", args=[key.pk, "revoke"])
    assert auditor.post(address).status_code == 403


def test_a_user_is_made_by_address_in_lower_case(root: Client) -> None:
    typed = {
        "email": "New.Person@Example.com",
        "usable_password": "true",
        "password1": "a long and good one",
        "password2": "a long and good one",
    }

    first = root.post(reverse("admin:accounts_user_add"), typed)
    second = root.post(
        reverse("admin:accounts_user_add"), typed | {"email": "NEW.person@example.com"}
    )

    assert first.status_code == 302
    assert "already exists" in mistakes(second)[0]
    assert User.objects.get(email="new.person@example.com").check_password("a long and good one")


def test_an_address_is_changed_to_lower_case_too(root: Client) -> None:
    other = User.objects.create_user("other@example.com")
    address = reverse("admin:accounts_user_change", args=[other.pk])

    response = root.post(address, {"email": "Other.Two@Example.com", "is_active": "on"})

    assert response.status_code == 302
    other.refresh_from_db()
    assert other.email == "other.two@example.com"
