"""What happens to orders: placed, paid, shipped, cancelled. Returns are in `orders.returning`.

Everything may be asked for twice: a storefront that repeats an order gets the one it has.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Storefront
from distributors import books
from distributors.models import Change, Member, Role
from distributors.selectors import credited_distributor, versions_at
from orders.amounts import shared
from orders.errors import (
    BuyerCannotOrder,
    OrderDiffers,
    OrderNotInThatState,
    ProductNotOnSale,
    WrongAmounts,
)
from orders.models import Order, OrderLine, Price, Product, Purpose, SaleLine
from orders.selectors import prices_by_sku

SALE_PURPOSES = frozenset({Purpose.CUSTOMER, Purpose.PERSONAL, Purpose.RESALE})
_PURPOSE_OF_KIND = {
    Product.Kind.STARTER_KIT: Purpose.STARTER_KIT,
    Product.Kind.SALES_AID: Purpose.SALES_AID,
    Product.Kind.FEE: Purpose.FEE,
}


@dataclass(frozen=True, slots=True)
class LineWanted:
    """So many pieces of a product; `resale` says that a distributor buys it as stock."""

    sku: str
    quantity: int
    resale: bool = False


@dataclass(frozen=True, slots=True)
class OrderWanted:
    """An order as a storefront sends it: it says what was sold, never at what price or volume.

    Amounts are in the smallest unit of the buyer's market's currency.
    """

    external_id: str
    buyer: Member
    lines: Sequence[LineWanted]
    ordered_at: datetime
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0


@transaction.atomic
def place_order(
    storefront: Storefront, wanted: OrderWanted, *, paid_at: datetime | None, at: datetime
) -> tuple[Order, bool]:
    """Return the order, paid if `paid_at` is given, and whether it is new.

    The same order sent again is returned as it is. Refused when the storefront has used the id for
    another order, when a product has no price, and for a buyer who is no member at that time.
    """
    books.hold_open()
    if existing := _existing_order(storefront, wanted):
        return existing, False
    version = versions_at(wanted.ordered_at).filter(member=wanted.buyer).first()
    if version is None:
        raise BuyerCannotOrder(f"{wanted.buyer.code} was no member at the time of the order.")
    prices = _prices_wanted(wanted)
    grosses = [prices[line.sku].amount_minor * line.quantity for line in wanted.lines]
    goods = sum(grosses)
    if wanted.discount_minor > goods:
        raise WrongAmounts("The discount is larger than the price of the goods.")
    order, created = Order.objects.get_or_create(
        storefront=storefront,
        external_id=wanted.external_id,
        defaults={
            "code": f"or_{secrets.token_hex(10)}",
            "buyer": wanted.buyer,
            "buyer_role": version.role,
            "credited": credited_distributor(wanted.buyer, at=wanted.ordered_at),
            "market": wanted.buyer.market,
            "currency": wanted.buyer.market.currency,
            "goods_minor": goods,
            "discount_minor": wanted.discount_minor,
            "shipping_minor": wanted.shipping_minor,
            "tax_minor": wanted.tax_minor,
            "total_minor": goods - wanted.discount_minor + wanted.shipping_minor + wanted.tax_minor,
            "ordered_at": wanted.ordered_at,
        },
    )
    if not created:  # another request made it in this very moment
        return _same_or_refuse(order, wanted), False
    _write_lines(order, wanted, prices, grosses)
    if paid_at is not None:
        order = pay_order(order, paid_at=paid_at, at=at)
    return order, True


def _existing_order(storefront: Storefront, wanted: OrderWanted) -> Order | None:
    found = Order.objects.filter(storefront=storefront, external_id=wanted.external_id).first()
    return _same_or_refuse(found, wanted) if found else None


def _same_or_refuse(order: Order, wanted: OrderWanted) -> Order:
    """Return the order if it is the one wanted: same buyer, goods and amounts."""
    lines = order.lines.all()
    has = sorted((line.sku, line.quantity, line.purpose == Purpose.RESALE) for line in lines)
    # Only a distributor buys stock, and only of goods
    stockable = {line.sku for line in lines if line.purpose in {Purpose.PERSONAL, Purpose.RESALE}}
    wants = sorted(
        (line.sku, line.quantity, line.resale and line.sku in stockable) for line in wanted.lines
    )
    same = (
        has == wants
        and order.buyer_id == wanted.buyer.pk
        and order.ordered_at == wanted.ordered_at
        and order.discount_minor == wanted.discount_minor
        and order.shipping_minor == wanted.shipping_minor
        and order.tax_minor == wanted.tax_minor
    )
    if not same:
        raise OrderDiffers(
            f"Order id {wanted.external_id} is taken by another order of this storefront.",
            order=order.code,
        )
    return order


def _prices_wanted(wanted: OrderWanted) -> dict[str, Price]:
    prices = prices_by_sku(
        wanted.buyer.market, {line.sku for line in wanted.lines}, at=wanted.ordered_at
    )
    missing = sorted({line.sku for line in wanted.lines} - prices.keys())
    if missing:
        raise ProductNotOnSale(
            f"Not on sale in {wanted.buyer.market.name} at that time: {', '.join(missing)}.",
            skus=missing,
        )
    return prices


def _write_lines(
    order: Order, wanted: OrderWanted, prices: dict[str, Price], grosses: list[int]
) -> None:
    """Write the lines; a discount is shared over them, and cuts their volumes in proportion."""
    discounts = shared(order.discount_minor, grosses)
    lines = []
    for position, (line, gross, discount) in enumerate(
        zip(wanted.lines, grosses, discounts, strict=True), start=1
    ):
        price = prices[line.sku]
        purpose = _purpose(price.product, Role(order.buyer_role), resale=line.resale)
        pays = purpose in SALE_PURPOSES
        net = gross - discount
        lines.append(
            OrderLine(
                order=order,
                position=position,
                product=price.product,
                sku=price.product.sku,
                name=price.product.name,
                purpose=purpose,
                quantity=line.quantity,
                unit_price_minor=price.amount_minor,
                discount_minor=discount,
                net_minor=net,
                pv=_after_discount(price.pv * line.quantity, net, gross) if pays else 0,
                cv=_after_discount(price.cv * line.quantity, net, gross) if pays else 0,
            )
        )
    OrderLine.objects.bulk_create(lines)


def _after_discount(volume: int, net: int, gross: int) -> int:
    """Return the volume in proportion to what is really paid, rounded down: never above it."""
    return volume if net == gross else volume * net // gross


def _purpose(product: Product, role: Role, *, resale: bool) -> Purpose:
    if special := _PURPOSE_OF_KIND.get(Product.Kind(product.kind)):
        return special
    if role == Role.CUSTOMER:
        return Purpose.CUSTOMER
    return Purpose.RESALE if resale else Purpose.PERSONAL


@transaction.atomic
def pay_order(order: Order, *, paid_at: datetime, at: datetime) -> Order:
    """Mark an order as paid and record its sales; paying it again changes nothing.

    The commission date is the payment time, and no earlier than the order: before it the seller
    may have had no place in the network. Where the books are closed then, it is the moment the
    payment is recorded, `at`. It never changes afterwards.
    """
    books.hold_open()
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.paid_at is not None:
        return order
    if order.status != Order.Status.PLACED:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    order.status = Order.Status.PAID
    order.paid_at = paid_at
    order.commission_at = _commission_date(max(paid_at, order.ordered_at), at=at)
    order.save(update_fields=["status", "paid_at", "commission_at"])
    SaleLine.objects.bulk_create(
        SaleLine(
            order=order,
            order_line=line,
            buyer_id=order.buyer_id,
            buyer_role=order.buyer_role,
            credited_id=order.credited_id,
            purpose=line.purpose,
            commission_at=order.commission_at,
            pv=line.pv,
            cv=line.cv,
            net_minor=line.net_minor,
            currency=order.currency,
        )
        for line in order.lines.all()
        if line.purpose in SALE_PURPOSES
    )
    books.note_change(Change.Kind.SALE, effective_at=order.commission_at)
    return order


def _commission_date(moment: datetime, *, at: datetime) -> datetime:
    if not books.is_closed(moment):
        return moment
    books.refuse_closed(at)
    return at


@transaction.atomic
def ship_order(order: Order, *, shipped_at: datetime) -> Order:
    """Mark a paid order as shipped; shipping it again changes nothing."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.shipped_at is not None:
        return order
    if order.status != Order.Status.PAID:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    order.status = Order.Status.SHIPPED
    order.shipped_at = shipped_at
    order.save(update_fields=["status", "shipped_at"])
    return order


@transaction.atomic
def cancel_order(order: Order) -> Order:
    """Cancel an order that is not paid; a paid one is returned instead."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status == Order.Status.CANCELLED:
        return order
    if order.status != Order.Status.PLACED:
        raise OrderNotInThatState(
            f"Order {order.code} is {order.status}: take the goods back instead.",
            status=order.status,
        )
    order.status = Order.Status.CANCELLED
    order.save(update_fields=["status"])
    return order
