"""Every error has one shape, from wherever it comes."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.db import OperationalError
from redis.exceptions import ConnectionError as RedisGone

from mlm.cache import KeptRedisCache
from mlm.errors import InvariantBroken
from mlm.parsing import LARGEST_BODY
from orders.api import views
from tests.api.calling import Caller, order_of
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_a_problem_says_what_where_and_under_which_id(shop: Caller) -> None:
    answer = shop.get("/orders/or_00000000000000000000")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/api/problems#not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "You have no order with this code.",
        "instance": "/api/v1/orders/or_00000000000000000000",
        "code": "not_found",
        "request_id": answer.headers["X-Request-ID"],
    }


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/orders/", "/orders/%00", "/members/a%20b", "/members/" + "A" * 99, "/../v2"],
)
def test_an_unknown_address_is_a_problem_too(shop: Caller, path: str) -> None:
    answer = shop.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_there_is_refused_with_those_that_are(
    shop: Caller, method: str
) -> None:
    answer = shop.client.generic(method, "/api/v1/orders", headers=shop.headers())

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_only_json_is_answered(shop: Caller) -> None:
    answer = shop.client.get(
        "/api/v1/orders", headers={**shop.headers(), "Accept": "application/xml"}
    )

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ],
)
def test_only_json_is_read(shop: Caller, content_type: str) -> None:
    answer = shop.client.post(
        "/api/v1/orders",
        b"{}",
        content_type=content_type,
        headers={**shop.headers(), "Idempotency-Key": "k"},
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_refused(shop: Caller) -> None:
    answer = shop.post("/orders", " " * (LARGEST_BODY + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_just_within_the_bound_is_read(shop: Caller) -> None:
    assert shop.post("/orders", " " * LARGEST_BODY).json()["code"] == "malformed"


def test_a_compressed_body_is_no_json(shop: Caller) -> None:
    answer = shop.client.post(
        "/api/v1/orders",
        gzip.compress(b"{}"),
        content_type="application/json",
        headers={**shop.headers(), "Idempotency-Key": "k", "Content-Encoding": "gzip"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("error", [InvariantBroken("the books"), KeyError("secret detail")])
def test_what_nobody_foresaw_tells_an_id_and_nothing_else(
    shop: Caller, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(views, "take_order", _raising(error))

    answer = shop.post("/orders", order_of(cast.dora), once="k")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (500, "server_error")
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert "secret" not in answer.content.decode()
    monkeypatch.undo()
    assert shop.post("/orders", order_of(cast.dora), once="k").status_code == 201


def test_when_the_database_gives_up_the_caller_may_come_again(
    shop: Caller, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "take_order", _raising(OperationalError("deadlock detected")))

    answer = shop.post("/orders", order_of(cast.dora), once="k")

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"


def test_without_redis_requests_are_answered_uncounted(
    shop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptRedisCache, "count", _raising(RedisGone()))

    assert shop.get("/orders").status_code == 200


def _raising(error: Exception) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
