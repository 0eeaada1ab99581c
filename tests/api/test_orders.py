"""Orders come in over the API, are paid, read and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from distributors.models import Member
from orders.models import Order, SaleLine
from tests.api.calling import Caller, just_now, written
from tests.factories import Cast

Body = Callable[..., dict[str, Any]]


def test_an_order_is_placed_with_our_prices_and_volumes(
    shop: Caller, cast: Cast, order_body: Body
) -> None:
    answer = shop.post("/orders", order_body(shipping={"amount": "4.5", "currency": "USD"}))

    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert order["goods"] == {"amount": "40.00", "currency": "USD"}
    assert order["total"] == {"amount": "44.50", "currency": "USD"}
    assert (order["status"], order["buyer"], order["credited"]) == (
        "placed",
        cast.dora.code,
        cast.dora.code,
    )
    assert order["lines"] == [
        {
            "line": 1,
            "sku": "COFFEE",
            "name": "Coffee",
            "purpose": "personal",
            "quantity": 2,
            "returned": 0,
            "unit_price": {"amount": "20.00", "currency": "USD"},
            "discount": {"amount": "0.00", "currency": "USD"},
            "net": {"amount": "40.00", "currency": "USD"},
            "pv": "30.00",
            "cv": "20.00",
        }
    ]
    assert SaleLine.objects.count() == 0


def test_a_new_customer_of_a_referral_code_becomes_that_sellers(
    shop: Caller, cast: Cast, order_body: Body
) -> None:
    body = order_body(
        buyer=...,
        customer={"name": "Ann Ames", "email": "Ann@Example.com"},
        referral_code=cast.dora.referral_code.upper(),
        paid_at=written(just_now()),
    )

    order = shop.post("/orders", body).json()

    assert (order["status"], order["credited"], order["buyer_role"]) == (
        "paid",
        cast.dora.code,
        "customer",
    )
    assert SaleLine.objects.get().credited == cast.dora


def test_a_known_customer_stays_with_their_seller_whatever_the_link(
    shop: Caller, cast: Cast, order_body: Body
) -> None:
    customer = {"name": "Ann Ames", "email": "ann@example.com"}
    first = order_body(buyer=..., customer=customer, referral_code=cast.dora.referral_code)
    second = first | {"external_id": "1002", "referral_code": cast.carl.referral_code}
    before = shop.post("/orders", first).json()
    members = Member.objects.count()

    after = shop.post("/orders", second).json()

    assert (after["buyer"], after["credited"]) == (before["buyer"], cast.dora.code)
    assert Member.objects.count() == members


def test_without_a_referral_code_a_new_customer_is_the_companys(
    shop: Caller, order_body: Body
) -> None:
    customer = {"name": "Ann Ames", "email": "ann@example.com"}

    answer = shop.post("/orders", order_body(buyer=..., customer=customer))

    assert answer.json()["credited"] == "HOUSE"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"buyer": "NOBODY"}, "unknown_buyer", "/buyer"),
        (
            {
                "buyer": ...,
                "customer": {"name": "Ann", "email": "a@example.com"},
                "referral_code": "no",
            },
            "unknown_referral_code",
            "/referral_code",
        ),
        (
            {
                "buyer": ...,
                "customer": {"name": "Ann", "email": "a@example.com", "market": "XX"},
            },
            "unknown_market",
            "/customer/market",
        ),
        ({"tax": {"amount": "1.00", "currency": "EUR"}}, "wrong_currency", "/tax/currency"),
    ],
)
def test_what_names_nothing_is_refused_with_its_place(
    shop: Caller, order_body: Body, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = shop.post("/orders", order_body(**changes))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert [mistake["pointer"] for mistake in problem["errors"]] == [pointer]
    assert Order.objects.count() == 0
    assert not Member.objects.filter(name="Ann").exists()


def test_an_unknown_product_is_refused_by_name(shop: Caller, order_body: Body) -> None:
    answer = shop.post("/orders", order_body(lines=[{"sku": "TEA", "quantity": 1}]))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "product_not_on_sale")
    assert problem["extra"] == {"skus": ["TEA"]}


def test_the_same_order_again_is_the_one_there_is(shop: Caller, order_body: Body) -> None:
    body = order_body()
    first = shop.post("/orders", body)

    second = shop.post("/orders", body)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["code"] == second.json()["code"]
    assert Order.objects.count() == 1


def test_another_order_under_the_same_number_is_refused(shop: Caller, order_body: Body) -> None:
    shop.post("/orders", order_body())

    answer = shop.post("/orders", order_body(lines=[{"sku": "COFFEE", "quantity": 3}]))

    assert (answer.status_code, answer.json()["code"]) == (409, "order_differs")


def test_the_same_order_sent_again_with_a_payment_is_paid(shop: Caller, order_body: Body) -> None:
    body = order_body()
    shop.post("/orders", body)

    answer = shop.post("/orders", body | {"paid_at": body["ordered_at"]})

    assert (answer.status_code, answer.json()["status"]) == (200, "paid")
    assert SaleLine.objects.count() == 1


def test_paying_twice_pays_once(shop: Caller, order_body: Body) -> None:
    body = order_body()
    code = shop.post("/orders", body).json()["code"]
    paid = {"paid_at": body["ordered_at"]}

    answers = [shop.post(f"/orders/{code}/pay", paid) for _ in range(2)]

    assert [answer.json()["status"] for answer in answers] == ["paid", "paid"]
    assert answers[0].json()["commission_at"] == body["ordered_at"]
    assert SaleLine.objects.count() == 1


def test_another_payment_time_is_refused(shop: Caller, order_body: Body) -> None:
    body = order_body(paid_at=written(just_now()))
    code = shop.post("/orders", body).json()["code"]

    answer = shop.post(f"/orders/{code}/pay", {"paid_at": "2026-01-01T00:00:00Z"})

    assert (answer.status_code, answer.json()["code"]) == (409, "paid_at_differs")


def test_goods_come_back_in_part_and_then_whole(shop: Caller, order_body: Body) -> None:
    moment = written(just_now())
    code = shop.post("/orders", order_body(paid_at=moment)).json()["code"]
    back = {
        "external_id": "R-1",
        "reason": "too dark",
        "returned_at": moment,
        "lines": [{"line": 1, "quantity": 1}],
    }

    first = shop.post(f"/orders/{code}/returns", back)
    again = shop.post(f"/orders/{code}/returns", back)
    second = shop.post(f"/orders/{code}/returns", back | {"external_id": "R-2"})
    third = shop.post(f"/orders/{code}/returns", back | {"external_id": "R-3"})

    assert [answer.status_code for answer in (first, again, second, third)] == [201, 200, 201, 409]
    assert first.json()["lines"] == [
        {
            "line": 1,
            "quantity": 1,
            "net": {"amount": "20.00", "currency": "USD"},
            "pv": "15.00",
            "cv": "10.00",
        }
    ]
    assert third.json()["code"] == "returns_too_much"
    order = shop.get(f"/orders/{code}").json()
    assert (order["status"], order["lines"][0]["returned"]) == ("returned", 2)
    assert [returned["external_id"] for returned in order["returns"]] == ["R-1", "R-2"]


def test_an_order_that_is_not_paid_takes_no_returns(shop: Caller, order_body: Body) -> None:
    code = shop.post("/orders", order_body()).json()["code"]
    back = {
        "external_id": "R-1",
        "returned_at": written(just_now()),
        "lines": [{"line": 1, "quantity": 1}],
    }

    answer = shop.post(f"/orders/{code}/returns", back)

    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_in_that_state")
