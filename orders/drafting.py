"""What an order will be: the rules of selling, for one order or a thousand, without a query.

`orders.placing` reads what they need and writes what they say.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Storefront
from distributors.books import ClosedStretches
from distributors.models import Member, Role
from orders.amounts import shared
from orders.errors import (
    OrderDiffers,
    OrderNotInThatState,
    PaidAtDiffers,
    ProductNotOnSale,
    WrongAmounts,
)
from orders.models import Order, OrderLine, Price, Product, Purpose
from orders.selectors import PriceBook

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


@dataclass(slots=True)
class NewLine:
    """A line about to be written: what `OrderLine` has, a fraction of what one costs to make."""

    position: int
    product_id: int
    sku: str
    name: str
    purpose: Purpose
    quantity: int
    unit_price_minor: int
    discount_minor: int
    net_minor: int
    pv: int
    cv: int
    order_id: int = 0
    pk: int = 0


@dataclass(slots=True)
class NewOrder:
    """An order about to be written, with what the database says of it once it is."""

    code: str
    storefront_id: int
    external_id: str
    buyer: Member
    buyer_role: Role
    credited: Member
    market_id: str
    currency: str
    goods_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    ordered_at: datetime
    lines: Sequence[NewLine]
    status: str = Order.Status.PLACED
    paid_at: datetime | None = None
    commission_at: datetime | None = None
    pk: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def buyer_id(self) -> int:
        """Return the id that the buyer has, or will have."""
        return self.buyer.pk

    @property
    def credited_id(self) -> int:
        """Return the id of the distributor whose sale it is."""
        return self.credited.pk


AnyOrder = Order | NewOrder
AnyLine = OrderLine | NewLine


def lines_of(order: AnyOrder) -> Sequence[AnyLine]:
    """Return an order's lines, which were fetched with it."""
    return order.lines if isinstance(order, NewOrder) else list(order.lines.all())


def drafted(
    storefront: Storefront,
    wanted: OrderWanted,
    *,
    role: Role,
    credited: Member,
    prices: PriceBook,
) -> NewOrder:
    """Return the order that is wanted, unpaid, at the prices of its moment.

    Refused when a product has no price then, and when the discount is larger than the goods.
    """
    found = _prices_wanted(wanted, prices)
    grosses = [
        price.amount_minor * line.quantity for price, line in zip(found, wanted.lines, strict=True)
    ]
    goods = sum(grosses)
    if wanted.discount_minor > goods:
        raise WrongAmounts("The discount is larger than the price of the goods.")
    market = wanted.buyer.market
    return NewOrder(
        code=f"or_{secrets.token_hex(10)}",
        storefront_id=storefront.pk,
        external_id=wanted.external_id,
        buyer=wanted.buyer,
        buyer_role=role,
        credited=credited,
        market_id=market.pk,
        currency=market.currency,
        goods_minor=goods,
        discount_minor=wanted.discount_minor,
        shipping_minor=wanted.shipping_minor,
        tax_minor=wanted.tax_minor,
        total_minor=goods - wanted.discount_minor + wanted.shipping_minor + wanted.tax_minor,
        ordered_at=wanted.ordered_at,
        lines=_lines(wanted, role, found, grosses),
    )


def _prices_wanted(wanted: OrderWanted, prices: PriceBook) -> list[Price]:
    """Return the price of each line."""
    market = wanted.buyer.market
    found = [prices.at(market.pk, line.sku, wanted.ordered_at) for line in wanted.lines]
    known = [price for price in found if price is not None]
    if len(known) < len(found):
        pairs = zip(wanted.lines, found, strict=True)
        missing = sorted({line.sku for line, price in pairs if price is None})
        raise ProductNotOnSale(
            f"Not on sale in {market.name} at that time: {', '.join(missing)}.", skus=missing
        )
    return known


def _lines(
    wanted: OrderWanted, role: Role, prices: Sequence[Price], grosses: Sequence[int]
) -> list[NewLine]:
    """Return the lines; a discount is shared over them, and cuts their volumes in proportion."""
    discounts = shared(wanted.discount_minor, grosses)
    lines = []
    for position, (line, price, gross, discount) in enumerate(
        zip(wanted.lines, prices, grosses, discounts, strict=True), start=1
    ):
        product = price.product
        purpose = _purpose(product, role, resale=line.resale)
        pays = purpose in SALE_PURPOSES
        net = gross - discount
        lines.append(
            NewLine(
                position=position,
                product_id=product.pk,
                sku=product.sku,
                name=product.name,
                purpose=purpose,
                quantity=line.quantity,
                unit_price_minor=price.amount_minor,
                discount_minor=discount,
                net_minor=net,
                pv=_after_discount(price.pv * line.quantity, net, gross) if pays else 0,
                cv=_after_discount(price.cv * line.quantity, net, gross) if pays else 0,
            )
        )
    return lines


def _after_discount(volume: int, net: int, gross: int) -> int:
    """Return the volume in proportion to what is really paid, rounded down: never above it."""
    return volume if net == gross else volume * net // gross


def _purpose(product: Product, role: Role, *, resale: bool) -> Purpose:
    if special := _PURPOSE_OF_KIND.get(Product.Kind(product.kind)):
        return special
    if role == Role.CUSTOMER:
        return Purpose.CUSTOMER
    return Purpose.RESALE if resale else Purpose.PERSONAL


def same_or_refuse(order: AnyOrder, wanted: OrderWanted) -> None:
    """Refuse what is wanted unless it is the order there is: same buyer, goods and amounts."""
    lines = lines_of(order)
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


def mark_as_paid(
    order: AnyOrder, *, paid_at: datetime, closed: ClosedStretches, at: datetime
) -> bool:
    """Say on an order that it is paid, and return whether that is new; writing is the caller's.

    The commission date is the payment time, and no earlier than the order: before it the seller
    may have had no place in the network. Where the books are closed then, it is the moment the
    payment is recorded, `at`. It never changes afterwards. Refused when the order cannot be paid.
    """
    if order.paid_at is not None:
        return False
    if order.status != Order.Status.PLACED:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    moment = max(paid_at, order.ordered_at)
    if closed.cover(moment):
        closed.refuse(at)
        moment = at
    order.status = Order.Status.PAID
    order.paid_at = paid_at
    order.commission_at = moment
    return True


def paid_then_or_refuse(order: AnyOrder, paid_at: datetime) -> None:
    """Refuse unless the order is paid, and was at that very time."""
    if order.paid_at is None:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    if order.paid_at != paid_at:
        raise PaidAtDiffers(
            f"Order {order.code} was paid at {order.paid_at.isoformat()}.",
            order=order.code,
            paid_at=order.paid_at.isoformat(),
        )
