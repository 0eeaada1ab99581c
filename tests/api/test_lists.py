"""Long lists come in pages, whole, without doubles, and with the same queries however long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm.cursors import SALT
from orders.models import Order
from orders.returning import PiecesBack, return_goods
from tests.api.calling import Caller
from tests.factories import NOON, Cast, make_order, make_product


def _pages(shop: Caller, path: str, rows: str, **query: Any) -> Iterator[list[Any]]:
    while True:
        answer = shop.get(path, **query)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        yield page[rows]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def test_pages_hold_every_order_once_in_the_order_they_were_made(shop: Caller, cast: Cast) -> None:
    made = [make_order(cast.dora).code for _ in range(7)]

    pages = list(_pages(shop, "/orders", "orders", limit=3))

    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(order["code"] for page in pages for order in page) == sorted(made)
    seen = [order["created_at"] for page in pages for order in page]
    assert seen == sorted(seen)


def test_what_changed_since_then_comes_in_the_order_of_the_changes(
    shop: Caller, cast: Cast
) -> None:
    orders = [make_order(cast.dora) for _ in range(3)]
    since = shop.get(f"/orders/{orders[2].code}").json()["updated_at"]
    return_goods(orders[0], external_id="R", pieces=[PiecesBack(1, 1)], reason="", returned_at=NOON)

    pages = list(_pages(shop, "/orders", "orders", updated_since=since, limit=1))

    assert [order["code"] for page in pages for order in page] == [orders[2].code, orders[0].code]


def test_an_order_is_found_by_the_storefronts_own_number(shop: Caller, cast: Cast) -> None:
    make_order(cast.dora, external_id="A-1")
    wanted = make_order(cast.dora, external_id="A-2")

    orders = shop.get("/orders", external_id="A-2").json()["orders"]

    assert [order["code"] for order in orders] == [wanted.code]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"limit": "0"}, "/limit", "min_value"),
        ({"limit": ""}, "/limit", "not_whole_number"),
        ({"updated_since": ""}, "/updated_since", "not_a_time"),
        ({"cursor": ""}, "/cursor", "blank"),
        ({"limit": "201"}, "/limit", "max_value"),
        ({"limit": "many"}, "/limit", "not_whole_number"),
        ({"cursor": "forged"}, "/cursor", "wrong_cursor"),
        ({"cursor": signing.dumps([["sku"], ["A"]], salt=SALT)}, "/cursor", "wrong_cursor"),
        ({"update_since": "2026-11-01T00:00:00Z"}, "/update_since", "unknown_field"),
        ({"created_since": "2026-11-01"}, "/created_since", "not_a_time"),
        ({"limit": ["1", "2"]}, "/limit", "given_twice"),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(
    shop: Caller, cast: Cast, query: dict[str, Any], pointer: str, code: str
) -> None:
    answer = shop.get("/orders", **query)

    assert answer.status_code == 400
    assert [(wrong["pointer"], wrong["code"]) for wrong in answer.json()["errors"]] == [
        (pointer, code)
    ]


def test_products_come_with_prices_and_volumes_of_the_market(shop: Caller, cast: Cast) -> None:
    make_product("TEA", price_minor=850, pv=600, cv=425)

    pages = list(_pages(shop, "/products", "products", market="US", limit=1))

    assert [product["sku"] for page in pages for product in page] == ["COFFEE", "TEA"]
    assert pages[1][0] == {
        "sku": "TEA",
        "name": "Tea",
        "description": "",
        "kind": "product",
        "price": {"amount": "8.50", "currency": "USD"},
        "pv": "6.00",
        "cv": "4.25",
    }


def test_an_unknown_market_is_not_found(shop: Caller, cast: Cast) -> None:
    answer = shop.get("/products", market="XX")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_market")


def _queries(shop: Caller, path: str, **query: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert shop.get(path, **query).status_code == 200
    return len(captured)


def _sell(cast: Cast, count: int) -> None:
    for number in range(count):
        order = make_order(cast.dora, ("COFFEE", 3), external_id=f"{Order.objects.count()}")
        for part in range(2):
            return_goods(
                order,
                external_id=f"R{number}{part}",
                pieces=[PiecesBack(1, 1)],
                reason="",
                returned_at=NOON,
            )


def test_orders_cost_the_same_queries_at_3_rows_and_at_30(shop: Caller, cast: Cast) -> None:
    _sell(cast, 3)
    shop.get("/orders")
    few = _queries(shop, "/orders")
    _sell(cast, 27)

    assert _queries(shop, "/orders") == few <= 8


def test_products_cost_the_same_queries_at_3_rows_and_at_30(shop: Caller, cast: Cast) -> None:
    for number in range(2):
        make_product(f"P{number}")
    shop.get("/products", market="US")
    few = _queries(shop, "/products", market="US")
    for number in range(27):
        make_product(f"Q{number}")

    assert _queries(shop, "/products", market="US") == few <= 4
