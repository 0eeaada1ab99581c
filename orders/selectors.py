"""What is on sale at what price, and orders as they are looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Storefront
from distributors.models import Market, Member
from mlm.loading import joined
from orders.models import Order, OrderLine, Price, Product, Return, ReturnLine


def prices_at(market: Market, *, at: datetime) -> QuerySet[Price]:
    """Return the prices in force in a market at a moment, of products on sale, by product name."""
    return (
        Price.objects.filter(market=market, product__is_active=True, effective_from__lte=at)
        .filter(Q(effective_until=None) | Q(effective_until__gt=at))
        .select_related("product")
        .order_by("product__name")
    )


class PriceBook:
    """The prices of some products in all markets, over a stretch of time. One query."""

    def __init__(self, skus: Collection[str], *, first: datetime, last: datetime) -> None:
        self._found: dict[tuple[str, str], list[Price]] = defaultdict(list)
        for price, product, _ in joined(Price, Product, _IN_FORCE, [list(set(skus)), first, last]):
            price.product = product
            self._found[price.market_id, product.sku].append(price)

    def at(self, market_id: str, sku: str, moment: datetime) -> Price | None:
        """Return the price of a product in force in a market at a moment of that stretch."""
        for price in self._found.get((market_id, sku), ()):
            ends_at = price.effective_until
            if price.effective_from <= moment and (ends_at is None or ends_at > moment):
                return price
        return None


_IN_FORCE: Final = """orders_product b JOIN orders_price a ON a.product_id = b.id
WHERE b.sku = ANY(%s) AND b.is_active
  AND (a.effective_until IS NULL OR a.effective_until > %s) AND a.effective_from <= %s"""


def orders_of(buyer: Member) -> QuerySet[Order]:
    """Return a member's own orders with their lines, the newest first."""
    found = Order.objects.filter(buyer=buyer).prefetch_related("lines")
    return found.order_by("-ordered_at", "-pk")


def orders_of_storefront(storefront: Storefront) -> QuerySet[Order]:
    """Return a storefront's own orders with lines and returns. Six queries, however many orders."""
    lines = Prefetch("lines", OrderLine.objects.order_by("position").prefetch_related("returns"))
    returns = Prefetch("returns", _returns())
    found = Order.objects.filter(storefront=storefront).select_related("buyer", "credited")
    return found.prefetch_related(lines, returns)


def returns_of(order: Order) -> QuerySet[Return]:
    """Return what came back of an order, the first first, each with its lines."""
    return _returns().filter(order=order)


def _returns() -> QuerySet[Return]:
    lines = ReturnLine.objects.select_related("order_line__order").order_by("order_line__position")
    found = Return.objects.select_related("order").prefetch_related(Prefetch("lines", lines))
    return found.order_by("pk")
