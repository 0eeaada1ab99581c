"""How the API describes orders, returns and products, with examples that hang together."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema

from accounts.api.docs import IDEMPOTENCY_KEY, answered, sent
from mlm.parsing import LARGEST_LONG_BODY
from orders.api.serializers import (
    MOST_ORDERS,
    OrderIn,
    OrderOut,
    OrdersBulkIn,
    OrdersBulkOut,
    OrdersIn,
    OrdersOut,
    PayIn,
    ProductsIn,
    ProductsOut,
    ReturnIn,
    ReturnOut,
)

CODE: Final = OpenApiParameter(
    "code",
    {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,32}$"},
    OpenApiParameter.PATH,
    description="The order's code, as we gave it.",
)


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


_PLACED: Final = {
    "external_id": "1001",
    "customer": {"name": "Ann Ames", "email": "ann@example.com"},
    "referral_code": "dora",
    "ordered_at": "2026-11-20T14:05:00+01:00",
    "lines": [{"sku": "COFFEE-1KG", "quantity": 3}],
    "discount": _usd("6.00"),
    "shipping": _usd("4.50"),
    "tax": _usd("5.40"),
}
_LINE: Final = {
    "line": 1,
    "sku": "COFFEE-1KG",
    "name": "House blend, 1 kg",
    "purpose": "customer",
    "quantity": 3,
    "returned": 0,
    "unit_price": _usd("20.00"),
    "discount": _usd("6.00"),
    "net": _usd("54.00"),
    "pv": "40.50",
    "cv": "27.00",
}
_ORDER: Final[dict[str, Any]] = {
    "code": "or_5f0c2d9a7b1e4c3d8a6f",
    "external_id": "1001",
    "status": "placed",
    "buyer": "K7Q2M9XA",
    "buyer_role": "customer",
    "credited": "H4T8W3ZB",
    "market": "US",
    "goods": _usd("60.00"),
    "discount": _usd("6.00"),
    "shipping": _usd("4.50"),
    "tax": _usd("5.40"),
    "total": _usd("63.90"),
    "ordered_at": "2026-11-20T13:05:00Z",
    "paid_at": None,
    "shipped_at": None,
    "commission_at": None,
    "created_at": "2026-11-20T13:05:02.118034Z",
    "updated_at": "2026-11-20T13:05:02.120511Z",
    "lines": [_LINE],
    "returns": [],
}
_PAID: Final = _ORDER | {
    "status": "paid",
    "paid_at": "2026-11-20T13:06:30Z",
    "commission_at": "2026-11-20T13:06:30Z",
    "updated_at": "2026-11-20T13:06:31.004912Z",
}
_RETURNED: Final = {
    "code": "re_0b8f3c6d1a9e4f7b2c5d",
    "order": "or_5f0c2d9a7b1e4c3d8a6f",
    "external_id": "R-17",
    "reason": "one bag was torn",
    "returned_at": "2026-11-24T09:00:00Z",
    "created_at": "2026-11-24T09:12:40.551207Z",
    "lines": [{"line": 1, "quantity": 1, "net": _usd("18.00"), "pv": "13.50", "cv": "9.00"}],
}

LIST_ORDERS: Final = extend_schema(
    operation_id="list_orders",
    tags=["Orders"],
    summary="List your orders",
    description="Your own orders, the oldest first; with `updated_since` by the time of their last"
    " change. Follow `next_cursor` to the end, with the same filters.",
    parameters=[OrdersIn],
    responses={200: OrdersOut},
    examples=[answered("the last page", {"orders": [_PAID], "next_cursor": None})],
)
PLACE_ORDER: Final = extend_schema(
    operation_id="place_order",
    tags=["Orders"],
    summary="Place an order",
    description="You say what was sold, to whom, when; prices and volumes are ours. Your"
    " `external_id` is unique for ever: the same order again is answered 200 with the one there"
    " is, another order under the same number is refused. An order sent again with `paid_at` is"
    " paid by that.",
    parameters=[IDEMPOTENCY_KEY],
    request=OrderIn,
    responses={201: OrderOut, 200: OrderOut},
    examples=[
        sent("a new customer, by a referral link", _PLACED),
        sent(
            "a member, paid already",
            {
                "external_id": "1002",
                "buyer": "H4T8W3ZB",
                "ordered_at": "2026-11-20T14:20:00Z",
                "paid_at": "2026-11-20T14:20:05Z",
                "lines": [{"sku": "COFFEE-1KG", "quantity": 1, "resale": True}],
            },
        ),
        answered("placed", _ORDER, 201),
        answered("placed before", _ORDER, 200),
    ],
)
PLACE_ORDERS: Final = extend_schema(
    operation_id="place_orders",
    tags=["Orders"],
    summary="Place many orders",
    description=f"Up to {MOST_ORDERS} orders, in a body of up to {LARGEST_LONG_BODY} bytes. Each is"
    " taken or refused as it would be alone, one after the other; `results` stand in the order of"
    " `orders`. The answer is 200 also when every order was refused. It is kept as a whole for the"
    " Idempotency-Key; sent again under a new key, orders that were taken are `existing`.",
    parameters=[IDEMPOTENCY_KEY],
    request=OrdersBulkIn,
    responses={200: OrdersBulkOut},
    examples=[
        sent("two orders", {"orders": [_PLACED, _PLACED | {"external_id": "1003"}]}),
        answered(
            "one taken, one refused",
            {
                "created": 1,
                "existing": 0,
                "refused": 1,
                "results": [
                    {
                        "result": "created",
                        "status": 201,
                        "order": {
                            "code": "or_5f0c2d9a7b1e4c3d8a6f",
                            "external_id": "1001",
                            "status": "placed",
                            "buyer": "K7Q2M9XA",
                            "credited": "H4T8W3ZB",
                            "total": _usd("63.90"),
                            "commission_at": None,
                        },
                    },
                    {
                        "result": "refused",
                        "status": 409,
                        "problem": {
                            "type": "/api/problems#product_not_on_sale",
                            "title": "Conflict",
                            "status": 409,
                            "detail": "Not on sale in United States at that time: TEA.",
                            "instance": "/api/v1/orders/bulk",
                            "code": "product_not_on_sale",
                            "request_id": "7b0c7f5a1d3e4c52a5b1b9b0c3f6d2e8",
                            "extra": {"skus": ["TEA"]},
                        },
                    },
                ],
            },
        ),
    ],
)
SHOW_ORDER: Final = extend_schema(
    operation_id="show_order",
    tags=["Orders"],
    summary="Show an order",
    parameters=[CODE],
    responses={200: OrderOut},
    examples=[answered("paid", _PAID)],
)
PAY_ORDER: Final = extend_schema(
    operation_id="pay_order",
    tags=["Orders"],
    summary="Say that an order is paid",
    description="From now on it counts. Saying it again changes nothing; another time is refused.",
    parameters=[CODE, IDEMPOTENCY_KEY],
    request=PayIn,
    responses={200: OrderOut},
    examples=[
        sent("paid", {"paid_at": "2026-11-20T14:06:30+01:00"}),
        answered("paid", _PAID),
    ],
)
RETURN_GOODS: Final = extend_schema(
    operation_id="return_goods",
    tags=["Orders"],
    summary="Take goods back",
    description="In part or whole; what commission was paid on them is taken back with them. The"
    " same return again is answered 200 with the one there is.",
    parameters=[CODE, IDEMPOTENCY_KEY],
    request=ReturnIn,
    responses={201: ReturnOut, 200: ReturnOut},
    examples=[
        sent(
            "one piece",
            {
                "external_id": "R-17",
                "reason": "one bag was torn",
                "returned_at": "2026-11-24T10:00:00+01:00",
                "lines": [{"line": 1, "quantity": 1}],
            },
        ),
        answered("taken back", _RETURNED, 201),
        answered("taken back before", _RETURNED, 200),
    ],
)
LIST_PRODUCTS: Final = extend_schema(
    operation_id="list_products",
    tags=["Products"],
    summary="List products and prices",
    description="What is on sale in a market today, by SKU. Prices are for one piece, without tax.",
    parameters=[ProductsIn],
    responses={200: ProductsOut},
    examples=[
        answered(
            "the last page",
            {
                "market": "US",
                "products": [
                    {
                        "sku": "COFFEE-1KG",
                        "name": "House blend, 1 kg",
                        "description": "Medium roast, whole beans.",
                        "kind": "product",
                        "price": _usd("20.00"),
                        "pv": "15.00",
                        "cv": "10.00",
                    }
                ],
                "next_cursor": None,
            },
        )
    ],
)
