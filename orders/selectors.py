"""What is on sale at what price, and orders as they are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from distributors.models import Market, Member
from orders.models import Order, Price


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
