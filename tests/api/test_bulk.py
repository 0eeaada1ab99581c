"""Many orders in one request: one result each, and the very answers that each would get alone."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.services.refreshing import refresh_changed
from distributors.models import Change, LockedStretch, Member
from mlm.parsing import LARGEST_BODY, LARGEST_LONG_BODY
from orders.api.bulk import brief
from orders.api.serializers import MOST_ORDERS, OrderBriefOut
from orders.models import Order, Price, Product, SaleLine
from tests.api.bulk import by_customer, send
from tests.api.calling import Caller, call_as, just_now, order_of, written
from tests.factories import (
    JOINED,
    Cast,
    make_customer,
    make_market,
    make_month,
    make_product,
    make_storefront,
)


def without_ids(problem: dict[str, Any]) -> dict[str, Any]:
    """Return what a problem says of the mistake, not of the request."""
    return {name: problem[name] for name in problem if name not in ("request_id", "instance")}


def test_each_order_has_a_result_in_its_place(shop: Caller, cast: Cast) -> None:
    known = order_of(cast.dora, external_id="1")
    there = shop.post("/orders", known).json()
    orders = [
        known,
        order_of(cast.dora, external_id="2", paid_at=written(just_now())),
        order_of(cast.dora, external_id="3", lines=[{"sku": "TEA", "quantity": 1}]),
        by_customer(cast, 4),
    ]

    body = send(shop, orders)

    assert [body[kind] for kind in ("created", "existing", "refused")] == [2, 1, 1]
    assert [(one["result"], one["status"]) for one in body["results"]] == [
        ("existing", 200),
        ("created", 201),
        ("refused", 409),
        ("created", 201),
    ]
    assert body["results"][0]["order"]["code"] == there["code"]
    code = body["results"][1]["order"]["code"]
    alone = shop.get(f"/orders/{code}").json()
    assert body["results"][1]["order"] == {
        name: alone[name] for name in body["results"][1]["order"]
    }
    assert (alone["status"], len(alone["lines"])) == ("paid", 1)
    assert SaleLine.objects.filter(order__code=code).count() == 1


def test_what_is_said_of_an_order_in_short_is_what_its_serializer_says(
    shop: Caller, cast: Cast
) -> None:
    send(shop, [order_of(cast.dora), by_customer(cast, 1)])

    for order in Order.objects.all():
        assert brief(order) == OrderBriefOut(order).data


REFUSED = [
    {"lines": [{"sku": "TEA", "quantity": 1}]},
    {"lines": []},
    {"lines": [{"sku": "COFFEE", "quantity": 0}], "tax": {"amount": "-1", "currency": "USD"}},
    {"buyer": "NOBODY"},
    {"buyer": ..., "customer": {"name": "A", "email": "a@example.com"}, "referral_code": "none"},
    {"buyer": ..., "customer": {"name": "A", "email": "a@example.com", "market": "XX"}},
    {"shipping": {"amount": "1.00", "currency": "EUR"}},
    {"discount": {"amount": "900.00", "currency": "USD"}},
    {"ordered_at": "2001-01-01T00:00:00Z"},
    {"ordered_at": "yesterday", "paid_at": 1, "price": 3},
    {"external_id": "TAKEN"},
]


@pytest.mark.parametrize("changes", REFUSED, ids=lambda changes: "-".join(changes))
def test_a_refusal_is_the_very_problem_that_the_order_alone_is_answered(
    shop: Caller, cast: Cast, changes: dict[str, Any]
) -> None:
    shop.post("/orders", order_of(cast.carl, external_id="TAKEN"))
    wrong = order_of(cast.dora, **changes)
    alone = shop.post("/orders", wrong)

    body = send(shop, [by_customer(cast, 1), wrong, by_customer(cast, 2)])

    assert [one["result"] for one in body["results"]] == ["created", "refused", "created"]
    refused = body["results"][1]
    assert refused["status"] == alone.status_code == refused["problem"]["status"]
    assert without_ids(refused["problem"]) == without_ids(alone.json())
    assert refused["problem"]["instance"] == "/api/v1/orders/bulk"
    assert Order.objects.count() == 3
    assert not Member.objects.filter(name="A").exists()


@pytest.mark.parametrize("wrong", [None, 7, "order", [], [1], {}])
def test_what_is_no_order_is_refused_in_its_place(shop: Caller, cast: Cast, wrong: Any) -> None:
    body = send(shop, [wrong, order_of(cast.dora)])

    assert [one["result"] for one in body["results"]] == ["refused", "created"]
    assert body["results"][0]["problem"]["code"] == "invalid"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"orders": []}, "min_length"),
        ({"orders": {}}, "not_a_list"),
        ({"orders": None}, "null"),
        ({"orders": [{}] * (MOST_ORDERS + 1)}, "max_length"),
        ({"orders": [{}], "order": {}}, "unknown_field"),
        ([], "invalid"),
    ],
)
def test_a_body_that_is_no_list_of_orders_is_refused_as_a_whole(
    shop: Caller, cast: Cast, body: Any, code: str
) -> None:
    answer = shop.post("/orders/bulk", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [mistake["code"] for mistake in answer.json()["errors"]] == [code]


def test_a_body_may_be_long_but_not_endless_nor_deep(shop: Caller, cast: Cast) -> None:
    text = json.dumps({"orders": [order_of(cast.dora)]})
    long = text + " " * LARGEST_BODY

    answers = [
        shop.post("/orders/bulk", long),
        shop.post("/orders/bulk", text + " " * LARGEST_LONG_BODY),
        shop.post("/orders/bulk", '{"orders": ' + "[" * 20 + "]" * 20 + "}"),
        shop.post("/orders", json.dumps(order_of(cast.dora)) + " " * LARGEST_BODY),
    ]

    assert [answer.status_code for answer in answers] == [200, 413, 400, 413]
    assert str(LARGEST_LONG_BODY) in answers[1].json()["detail"]
    assert answers[2].json()["code"] == "malformed"


def test_a_request_sent_again_gets_its_answer_letter_by_letter(shop: Caller, cast: Cast) -> None:
    orders = [by_customer(cast, 1), order_of(cast.dora, lines=[{"sku": "TEA", "quantity": 1}])]
    first = shop.post("/orders/bulk", {"orders": orders}, once="k")
    make_product("TEA")

    again = shop.post("/orders/bulk", {"orders": orders}, once="k")
    another = shop.post("/orders/bulk", {"orders": orders[:1]}, once="k")

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (another.status_code, another.json()["code"]) == (422, "idempotency_key_reused")
    assert [one["result"] for one in send(shop, orders)["results"]] == ["existing", "created"]
    assert (Order.objects.count(), SaleLine.objects.count()) == (2, 1)


def test_an_order_twice_in_one_request_is_one_order(shop: Caller, cast: Cast) -> None:
    unpaid = order_of(cast.dora)
    moment = just_now()
    orders = [
        unpaid,
        unpaid,
        unpaid | {"paid_at": written(moment)},
        unpaid | {"paid_at": written(moment - timedelta(seconds=1))},
        unpaid | {"lines": [{"sku": "COFFEE", "quantity": 3}]},
    ]

    body = send(shop, orders)

    assert [one["result"] for one in body["results"]] == [
        "created", "existing", "existing", "refused", "refused",
    ]  # fmt: skip
    problems = [one["problem"]["code"] for one in body["results"][3:]]
    assert problems == ["paid_at_differs", "order_differs"]
    assert {one["order"]["status"] for one in body["results"][:3]} == {"paid"}
    assert (Order.objects.count(), SaleLine.objects.count()) == (1, 1)


def test_orders_that_come_again_with_a_payment_time_are_paid(shop: Caller, cast: Cast) -> None:
    orders = [order_of(cast.dora, external_id=str(number)) for number in range(3)]
    send(shop, orders)
    Change.objects.all().delete()
    moment = just_now()
    paid = [order | {"paid_at": written(moment)} for order in orders]

    body = send(shop, paid)

    assert {one["result"] for one in body["results"]} == {"existing"}
    assert {one["order"]["status"] for one in body["results"]} == {"paid"}
    assert SaleLine.objects.filter(commission_at=moment).count() == 3
    assert [(one.kind, one.effective_at) for one in Change.objects.all()] == [("sale", moment)]
    again = send(
        shop, [order | {"paid_at": written(moment - timedelta(days=1))} for order in orders]
    )
    assert {one["problem"]["code"] for one in again["results"]} == {"paid_at_differs"}


def test_the_first_order_of_somebody_new_makes_a_customer_whom_the_next_one_finds(
    shop: Caller, cast: Cast
) -> None:
    refused = by_customer(cast, 1, lines=[{"sku": "TEA", "quantity": 1}])
    refused["referral_code"] = cast.carl.referral_code
    first = by_customer(cast, 1, external_id="first")
    second = by_customer(cast, 1, external_id="second", referral_code=cast.carl.referral_code)
    earlier = by_customer(
        cast, 1, external_id="earlier", ordered_at=written(just_now() - timedelta(hours=1))
    )

    body = send(shop, [refused, first, second, earlier])

    assert [one["result"] for one in body["results"]] == [
        "refused",
        "created",
        "created",
        "refused",
    ]
    assert body["results"][3]["problem"]["code"] == "buyer_cannot_order"
    (buyer,) = {one["order"]["buyer"] for one in body["results"][1:3]}
    assert {one["order"]["credited"] for one in body["results"][1:3]} == {cast.dora.code}
    member = Member.objects.get(name="Ann Ames 1")
    assert (member.code, member.referral_code) == (buyer, buyer.lower())
    kinds = Counter(Change.objects.filter(effective_at__gte=member.joined_at).values_list("kind"))
    assert kinds == {("network",): 1, ("sale",): 1}


def test_each_buyer_pays_in_the_currency_of_their_market(shop: Caller, cast: Cast) -> None:
    Price.objects.create(
        product=Product.objects.create(sku="SCONE", name="Scone"),
        market=make_market("GB", "GBP"),
        amount_minor=300,
        pv=100,
        cv=100,
        effective_from=JOINED,
    )
    british = {"name": "Bea", "email": "bea@example.com", "market": "GB"}
    orders = [
        by_customer(cast, 1, customer=british, lines=[{"sku": "SCONE", "quantity": 1}]),
        by_customer(cast, 2, shipping={"amount": "1.00", "currency": "USD"}),
        by_customer(cast, 3, customer=british, lines=[{"sku": "COFFEE", "quantity": 1}]),
        by_customer(cast, 4, customer=british, shipping={"amount": "1.00", "currency": "USD"}),
    ]

    results = send(shop, orders)["results"]

    assert [one["result"] for one in results] == ["created", "created", "refused", "refused"]
    assert [one["order"]["total"]["currency"] for one in results[:2]] == ["GBP", "USD"]
    assert [one["problem"]["code"] for one in results[2:]] == [
        "product_not_on_sale",
        "wrong_currency",
    ]


def test_closed_books_hold_up_only_the_orders_that_they_reach(shop: Caller, cast: Cast) -> None:
    now = timezone.now()
    old = now - timedelta(days=40)
    LockedStretch.objects.create(
        starts_at=old - timedelta(days=1), ends_at=old + timedelta(days=1), reason="a"
    )
    late = order_of(cast.dora, external_id="late", ordered_at=written(old), paid_at=written(old))

    body = send(shop, [late, order_of(cast.dora, external_id="now", paid_at=written(just_now()))])

    assert [one["result"] for one in body["results"]] == ["created", "created"]
    order = Order.objects.get(external_id="late")
    assert order.paid_at is not None
    assert order.commission_at is not None
    assert order.commission_at - order.paid_at > timedelta(days=39)
    LockedStretch.objects.create(
        starts_at=now - timedelta(minutes=30), ends_at=now + timedelta(days=1), reason="b"
    )
    dated = written(now - timedelta(hours=1))
    open_one = order_of(cast.dora, external_id="open", ordered_at=dated, paid_at=dated)
    closed = order_of(cast.dora, external_id="closed", paid_at=written(just_now()))
    results = send(shop, [closed, open_one, late])["results"]
    assert [one["result"] for one in results] == ["refused", "created", "existing"]
    assert results[0]["problem"]["code"] == "books_closed"


def _queries(shop: Caller, orders: list[Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        body = send(shop, orders)
    assert body["refused"] == 0
    return len(captured)


def test_three_orders_cost_the_queries_of_three_hundred(shop: Caller, cast: Cast) -> None:
    ann = make_customer("Ann Ames", sponsor=cast.dora)
    paid = {"paid_at": written(just_now())}

    def batch(start: int, count: int) -> list[Any]:
        numbers = range(start, start + count)
        return [
            *(order_of(ann, external_id=f"A{number}", **paid) for number in numbers),
            *(order_of(cast.dora, external_id=f"D{number}", **paid) for number in numbers),
            *(by_customer(cast, number) for number in numbers),
        ]

    shop.get("/orders")
    few = _queries(shop, batch(0, 1))
    hundreds = batch(100, 100)
    many = _queries(shop, hundreds)
    unpaid = [order_of(cast.dora, external_id=f"U{number}") for number in range(100)]
    send(shop, unpaid)

    assert many == few <= 34
    assert _queries(shop, hundreds) <= few
    assert _queries(shop, [one | paid for one in unpaid]) <= few


def test_one_order_alone_costs_few_queries(shop: Caller, cast: Cast) -> None:
    ann = make_customer("Ann Ames", sponsor=cast.dora)
    paid = {"paid_at": written(just_now())}
    shop.get("/orders")

    counts = []
    for number, buyer in enumerate([cast.dora, ann]):
        with CaptureQueriesContext(connection) as captured:
            shop.post("/orders", order_of(buyer, external_id=str(number), **paid))
        counts.append(len(captured))

    assert counts == [16, 17]


def test_live_figures_follow(shop: Caller, cast: Cast) -> None:
    make_month(at=timezone.now())
    send(shop, [by_customer(cast, number) for number in range(3)])

    assert refresh_changed(at=timezone.now())

    assert not Change.objects.exists()
    standing = shop.get(f"/members/{cast.dora.code}/standing").json()
    assert (standing["cv"], standing["earnings"]["amount"]) == ("60.00", "6.00")


def test_a_key_without_the_scope_places_nothing(cast: Cast, shop: Caller) -> None:
    reader = call_as(make_storefront(), "orders:read")

    answer = reader.post("/orders/bulk", {"orders": [order_of(cast.dora)]})

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert not Order.objects.exists()
