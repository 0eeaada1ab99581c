"""What is on sale at what price, and orders as they are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Storefront
from distributors.models import Market, Member
from orders.models import Order, OrderLine, Price, Return, ReturnLine


def prices_at(market: Market, *, at: datetime) -> QuerySet[Price]:
    """Return the prices in force in a market at a moment, of products on sale, by product name."""
    return (
        Price.objects.filter(market=market, product__is_active=True, effective_from__lte=at)
        .filter(Q(effective_until=None) | Q(effective_until__gt=at))
        .select_related("product")
        .order_by("product__name")
    )


def prices_by_sku(market: Market, skus: Iterable[str], *, at: datetime) -> dict[str, Price]:
    """Return the prices in force of the given products by SKU; those without one are left out."""
    found = prices_at(market, at=at).filter(product__sku__in=list(skus))
    return {price.product.sku: price for price in found}


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
