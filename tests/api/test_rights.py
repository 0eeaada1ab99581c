"""Who may call what: no key, a wrong one, one without the scope, and other storefronts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.api.permissions import HasScope
from accounts.api.views import StorefrontApi
from accounts.errors import StorefrontClosed, UnknownScope
from accounts.keys import digest
from accounts.models import ApiKey
from accounts.services import find_key, issue_key, note_use, revoke_key
from orders.models import Order
from tests.api.calling import Caller, call_as, just_now, order_of, written
from tests.factories import Cast, make_customer, make_storefront

NOTHING_HERE = "or_00000000000000000000"
ADDRESSES = [
    ("GET", "/orders", "orders:read"),
    ("POST", "/orders", "orders:write"),
    ("POST", "/orders/bulk", "orders:write"),
    ("GET", f"/orders/{NOTHING_HERE}", "orders:read"),
    ("POST", f"/orders/{NOTHING_HERE}/pay", "orders:write"),
    ("POST", f"/orders/{NOTHING_HERE}/returns", "returns:write"),
    ("GET", "/members/HOUSE", "members:read"),
    ("GET", "/members/HOUSE/standing", "standings:read"),
    ("GET", "/members/HOUSE/missed", "standings:read"),
    ("POST", "/members/HOUSE/missed", "standings:read"),
    ("GET", "/products?market=US", "products:read"),
]


def _send(caller: Caller, method: str, path: str) -> Any:
    return caller.get(path) if method == "GET" else caller.post(path, {})


def test_every_view_for_storefronts_is_in_the_list_and_names_its_scopes() -> None:
    listed = {(method, scope) for method, _, scope in ADDRESSES}
    classes: list[Any] = [
        getattr(pattern.callback, "cls", object)
        for pattern in _patterns(get_resolver().url_patterns)
    ]
    views = [view for view in classes if issubclass(view, StorefrontApi)]

    declared = {(method, str(scope)) for view in views for method, scope in view.scopes.items()}
    assert declared == listed
    assert len(views) == len({path.partition("?")[0] for _, path, _ in ADDRESSES})
    assert all(view.permission_classes == [HasScope] for view in views)


def _patterns(found: Any) -> Any:
    for pattern in found:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


@pytest.mark.parametrize(("method", "path", "scope"), ADDRESSES)
@pytest.mark.django_db
def test_without_a_key_nothing_is_answered(method: str, path: str, scope: str) -> None:
    answer = Client().generic(method, f"/api/v1{path}", "{}", "application/json")

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path", "scope"), ADDRESSES)
def test_a_key_without_the_scope_is_told_which_one_it_lacks(
    cast: Cast, method: str, path: str, scope: str
) -> None:
    others = [each for each in ApiKey.Scope.values if each != scope]

    answer = _send(call_as(make_storefront(), *others), method, path)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (403, "scope_missing")
    assert problem["extra"] == {"scope": scope}
    assert scope in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "path", "scope"), ADDRESSES)
def test_a_key_with_just_the_scope_gets_past_the_door(
    cast: Cast, method: str, path: str, scope: str
) -> None:
    answer = _send(call_as(make_storefront(), scope), method, path)

    assert answer.status_code not in (401, 403)


@pytest.mark.parametrize("spoil", ["cut", "mistyped", "revoked", "expired", "closed", "swapped"])
def test_a_key_that_is_not_right_any_more_is_refused(cast: Cast, spoil: str) -> None:
    storefront = make_storefront()
    key, full = issue_key(storefront, "k", ApiKey.Scope.values, None)
    _, other = issue_key(storefront, "k2", ApiKey.Scope.values, None)
    if spoil == "cut":
        full = full[:-1]
    elif spoil == "mistyped":
        full = full[:-8] + ("A" if full[-8] != "A" else "B") + full[-7:]
    elif spoil == "revoked":
        revoke_key(key, at=timezone.now())
    elif spoil == "expired":
        ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "closed":
        storefront.is_active = False
        storefront.save()
    else:
        ApiKey.objects.filter(pk=key.pk).update(secret_digest=digest(other))

    answer = Caller(full).get("/orders")

    assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")


def test_a_key_is_shown_once_and_kept_only_as_a_digest(db: None) -> None:
    key, full = issue_key(make_storefront(), "k", ["orders:read"], None)

    assert full.startswith(f"upl_live_{key.identifier}_")
    assert full not in str(ApiKey.objects.filter(pk=key.pk).values())
    assert key.secret_digest == digest(full)
    assert len(full.rpartition("_")[2]) == 49
    assert find_key(full, at=timezone.now()) == key


@pytest.mark.parametrize("scopes", [[], ["orders:write", "payouts:write"]])
def test_a_key_without_scopes_or_with_unknown_ones_is_not_made(db: None, scopes: list[str]) -> None:
    with pytest.raises(UnknownScope):
        issue_key(make_storefront(), "k", scopes, None)


def test_a_closed_storefront_gets_no_key(db: None) -> None:
    storefront = make_storefront()
    storefront.is_active = False

    with pytest.raises(StorefrontClosed):
        issue_key(storefront, "k", ["orders:read"], None)


def test_use_is_noted_at_most_once_a_minute(db: None, django_assert_num_queries: Any) -> None:
    key, _ = issue_key(make_storefront(), "k", ["orders:read"], None)
    at = timezone.now()

    note_use(key, at=at)
    with django_assert_num_queries(0):
        note_use(key, at=at + timedelta(seconds=59))
    note_use(key, at=at + timedelta(seconds=61))

    key.refresh_from_db()
    assert key.last_used_at == at + timedelta(seconds=61)


def test_a_storefront_sees_and_touches_only_its_own_orders(shop: Caller, cast: Cast) -> None:
    moment = written(just_now())
    code = shop.post("/orders", order_of(cast.dora, paid_at=moment)).json()["code"]
    stranger = call_as(make_storefront("other"))
    back = {"external_id": "R", "returned_at": moment, "lines": [{"line": 1, "quantity": 1}]}

    answers = [
        stranger.get(f"/orders/{code}"),
        stranger.post(f"/orders/{code}/pay", {"paid_at": moment}),
        stranger.post(f"/orders/{code}/returns", back),
    ]

    missing = stranger.get(f"/orders/{NOTHING_HERE}").json()["detail"]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {answer.json()["detail"] for answer in answers} == {missing}
    assert stranger.get("/orders").json() == {"orders": [], "next_cursor": None}


def test_two_storefronts_may_use_one_number_for_two_orders(shop: Caller, cast: Cast) -> None:
    other = call_as(make_storefront("other"))
    ann = make_customer("Ann Ames", sponsor=cast.dora)

    first = shop.post("/orders", order_of(cast.dora), once="same")
    second = other.post("/orders", order_of(ann), once="same")

    assert (first.status_code, second.status_code) == (201, 201)
    assert Order.objects.count() == 2


def test_more_requests_than_allowed_are_told_when_to_come_again(
    shop: Caller, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2

    answers = [shop.get("/orders") for _ in range(3)]

    assert [answer.status_code for answer in answers][:2] == [200, 200]
    if answers[2].status_code == 200:  # a new minute began in between
        answers[2] = [shop.get("/orders") for _ in range(3)][-1]
    assert (answers[2].status_code, answers[2].json()["code"]) == (429, "throttled")
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert call_as(make_storefront("other")).get("/orders").status_code == 200
