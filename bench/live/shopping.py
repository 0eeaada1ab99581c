"""Paid orders as a storefront sends them: drawn from a seed, of buyers of all kinds."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench.live.company import Place
from bench.live.load import Answers, request

# Of a hundred buyers: members by code, customers who are known by address, and the rest are new
BY_CODE: Final = 40
KNOWN: Final = 40
SOME: Final = 20_000
Order = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Market:
    """Who may buy: members by code and referral code, customers by address; and what is sold.

    `ids` are of all members among them.
    """

    members: list[tuple[str, str]]
    addresses: list[str]
    skus: list[str]
    ids: list[int]


def market_of(place: Place, count: int = SOME) -> Market:
    """Return so many of a company's buyers of each kind, always the same, and its products."""
    some = "FROM distributors_member m %s WHERE m.market_id = 'US' ORDER BY m.id % 9973, m.id LIMIT"
    holder = (
        "JOIN distributors_holding h ON h.member_id = m.id AND h.capacity = 'holder'"
        " JOIN distributors_party p ON p.id = h.party_id AND p.email <> ''"
    )
    by_code = place.ask(f"SELECT m.code, m.referral_code, m.id {some.replace('%s', '')} {count}")
    known = place.ask(f"SELECT p.email, m.id {some.replace('%s', holder)} {count}")
    skus = place.ask(
        "SELECT DISTINCT d.sku FROM orders_product d JOIN orders_price c ON c.product_id = d.id"
        " WHERE c.market_id = 'US' AND d.kind = 'product' AND d.is_active"
        " AND c.effective_from <= now() AND coalesce(c.effective_until, 'infinity') > now()"
    )
    return Market(
        members=[(code, referral) for code, referral, _ in by_code],
        addresses=[address for address, _ in known],
        skus=sorted(sku for (sku,) in skus),
        ids=[row[-1] for rows in (by_code, known) for row in rows],
    )


def made_orders(market: Market, count: int, *, seed: int) -> list[Order]:
    """Return bodies of orders of one to three lines, paid a minute ago."""
    draw = random.Random(seed)
    run = uuid.uuid4().hex[:10]
    moment = f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    found = []
    for number in range(count):
        order: Order = {
            "external_id": f"{run}-{number}",
            "ordered_at": moment,
            "paid_at": moment,
            "lines": [
                {"sku": draw.choice(market.skus), "quantity": draw.randint(1, 3)}
                for _ in range(draw.choice([1, 1, 2, 3]))
            ],
            "shipping": {"amount": "4.50", "currency": "USD"},
        }
        lot = draw.randrange(100)
        if lot < BY_CODE:
            order["buyer"] = draw.choice(market.members)[0]
        elif lot < BY_CODE + KNOWN:
            order["customer"] = {"name": "Ann Ames", "email": draw.choice(market.addresses)}
        else:
            order["customer"] = {"name": "Ann Ames", "email": f"{run}-{number}@example.com"}
            order["referral_code"] = draw.choice(market.members)[1]
        found.append(order)
    return found


def bought_by(order: Order, code: str) -> Order:
    """Return the same order, of a member who is named by code."""
    kept = {name: order[name] for name in order if name not in ("customer", "referral_code")}
    return {**kept, "buyer": code}


def one_by_one(place: Place, orders: Sequence[Order]) -> list[bytes]:
    """Return a request for each order, as it goes over the wire, with a key of its own."""
    return [_written(place, "/api/v1/orders", order) for order in orders]


def in_bulk(place: Place, orders: Sequence[Order], batch: int) -> list[bytes]:
    """Return a request for each so many orders, as it goes over the wire."""
    return [
        _written(place, "/api/v1/orders/bulk", {"orders": orders[start : start + batch]})
        for start in range(0, len(orders), batch)
    ]


def refused_orders(answers: Answers) -> list[str]:
    """Return why single orders of bulk requests were not taken."""
    results = (result for body in answers.bodies for result in json.loads(body).get("results", ()))
    return [result["problem"]["detail"] for result in results if "problem" in result]


def _written(place: Place, path: str, body: Any) -> bytes:
    text = json.dumps(body).encode()
    return request(path, text, host="localhost", key=place.key, once=uuid.uuid4().hex)
