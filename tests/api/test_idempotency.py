"""One request, one effect: repeated, altered, in a hurry, and a hundred at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections

from accounts.api.idempotency import lock_number
from accounts.models import ApiKey, IdempotencyRecord
from distributors.models import Member
from mlm.database import LockClass
from mlm.parsing import StrictJsonParser
from orders.models import Order, SaleLine
from tests.api.calling import Caller, just_now, order_of, written
from tests.factories import Cast, make_product


def test_a_repeated_request_gets_the_answer_letter_by_letter(shop: Caller, cast: Cast) -> None:
    body = order_of(cast.dora)
    first = shop.post("/orders", body, once="k")
    shop.post(f"/orders/{first.json()['code']}/pay", {"paid_at": written(just_now())})

    again = shop.post("/orders", dict(reversed(body.items())), once="k")

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Order.objects.count() == 1


def test_mistakes_in_a_body_come_again_as_problems(shop: Caller, cast: Cast) -> None:
    body = order_of(cast.dora, lines=[])
    first = shop.post("/orders", body, once="k")

    again = shop.post("/orders", body, once="k")

    assert (first.status_code, again.status_code) == (400, 400)
    assert again.content == first.content
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotent-Replayed"] == "true"


def test_another_body_or_path_under_the_same_key_is_refused(shop: Caller, cast: Cast) -> None:
    code = shop.post("/orders", order_of(cast.dora), once="k").json()["code"]

    answers = [
        shop.post("/orders", order_of(cast.dora, external_id="1002"), once="k"),
        shop.post(f"/orders/{code}/pay", order_of(cast.dora), once="k"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (422, "idempotency_key_reused")
    ] * 2


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_missing"),
        ("k" * 256, "idempotency_key_wrong"),
        ("two words", "idempotency_key_wrong"),
        ("\x00", "idempotency_key_wrong"),
        ("schl\u00fcssel", "idempotency_key_wrong"),
    ],
)
def test_a_missing_or_wrong_key_is_refused(
    shop: Caller, cast: Cast, key: str | None, code: str
) -> None:
    header = {} if key is None else {"Idempotency-Key": key}

    answer = shop.client.post(
        "/api/v1/orders",
        order_of(cast.dora),
        content_type="application/json",
        headers={**shop.headers(), **header},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Order.objects.count() == 0


def test_a_key_of_255_characters_is_taken(shop: Caller, cast: Cast) -> None:
    assert shop.post("/orders", order_of(cast.dora), once="k" * 255).status_code == 201


def test_what_the_business_refused_is_tried_again_under_the_same_key(
    shop: Caller, cast: Cast
) -> None:
    body = order_of(cast.dora, lines=[{"sku": "TEA", "quantity": 1}])
    refused = shop.post("/orders", body, once="k")
    make_product("TEA")

    answer = shop.post("/orders", body, once="k")

    assert (refused.status_code, answer.status_code) == (409, 201)


def test_a_request_in_progress_is_not_begun_again(shop: Caller, cast: Cast) -> None:
    number = lock_number(ApiKey.objects.get().pk, "k")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LockClass.IDEMPOTENCY, number])
        answer = shop.post("/orders", order_of(cast.dora), once="k")
    other.close()

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert answer.headers["Retry-After"] == "1"
    assert shop.post("/orders", order_of(cast.dora), once="k").status_code == 201


def at_once(shop: Caller, count: int, ask: Callable[[Caller, int], Any]) -> list[Any]:
    """Return the answers to `count` requests from eight threads, each with its own session."""

    def one(number: int) -> Any:
        try:
            return ask(Caller(shop.key), number)
        finally:
            connections.close_all()

    close_old_connections()
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_with_one_key_make_one_order(shop: Caller, cast: Cast) -> None:
    body = order_of(cast.dora, paid_at=written(just_now()))

    answers = at_once(shop, 100, lambda caller, _: caller.post("/orders", body, once="same"))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {
        "idempotency_in_progress"
    }
    assert (Order.objects.count(), SaleLine.objects.count()) == (1, 1)
    assert IdempotencyRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_with_different_keys_make_one_order(shop: Caller, cast: Cast) -> None:
    body = order_of(
        cast.dora,
        buyer=...,
        customer={"name": "Ann Ames", "email": "ann@example.com"},
        referral_code=cast.dora.referral_code,
        paid_at=written(just_now()),
    )

    answers = at_once(shop, 100, lambda caller, n: caller.post("/orders", body, once=f"k{n}"))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 99}
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert (Order.objects.count(), SaleLine.objects.count()) == (1, 1)
    assert Member.objects.filter(name="Ann Ames").count() == 1


@pytest.mark.django_db(transaction=True)
def test_first_orders_of_one_address_make_one_customer(shop: Caller, cast: Cast) -> None:
    def ask(caller: Caller, number: int) -> Any:
        body = order_of(
            cast.dora,
            external_id=str(number),
            ordered_at=moment,
            buyer=...,
            customer={"name": "Ann Ames", "email": "ann@example.com"},
            referral_code=cast.dora.referral_code,
        )
        return caller.post("/orders", body)

    moment = written(just_now())
    answers = at_once(shop, 24, ask)

    assert [answer.status_code for answer in answers] == [201] * 24
    assert len({answer.json()["buyer"] for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
def test_returns_at_once_take_back_no_more_than_was_sold(shop: Caller, cast: Cast) -> None:
    moment = written(just_now())
    code = shop.post("/orders", order_of(cast.dora, paid_at=moment)).json()["code"]

    def ask(caller: Caller, number: int) -> Any:
        back = {
            "external_id": f"R-{number}",
            "returned_at": moment,
            "lines": [{"line": 1, "quantity": 1}],
        }
        return caller.post(f"/orders/{code}/returns", back)

    answers = at_once(shop, 16, ask)

    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 14}
    assert sum(sale.pv for sale in SaleLine.objects.all()) == 0


def test_the_body_is_read_once_for_work_and_fingerprint(
    shop: Caller, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    parse = StrictJsonParser.parse

    def noted(self: StrictJsonParser, *given: Any) -> Any:
        read.append(self)
        return parse(self, *given)

    monkeypatch.setattr(StrictJsonParser, "parse", noted)

    answer = shop.post("/orders", json.dumps(order_of(cast.dora)))

    assert (answer.status_code, len(read)) == (201, 1)
