"""What happens to orders: placed, paid, shipped, cancelled. Returns are in `orders.returning`.

Everything may be asked for twice: a storefront that repeats an order gets the one it has.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Storefront
from distributors import books
from distributors.models import Change, Role
from distributors.versions import Versions
from orders.drafting import OrderWanted, mark_as_paid, paid_then_or_refuse
from orders.errors import OrderNotInThatState
from orders.models import Order
from orders.paying import write_as_paid
from orders.placing import Batch, Ground, as_written


@transaction.atomic
def place_order(
    storefront: Storefront, wanted: OrderWanted, *, paid_at: datetime | None, at: datetime
) -> tuple[Order, bool]:
    """Return the order, paid if `paid_at` is given, and whether it is new.

    The same order sent again is the one there is; if it was not paid, `paid_at` pays it. Refused
    when the storefront has used the id for another order, when a product has no price, for a buyer
    who is no member at that time, and when it was paid at another time.
    """
    books.hold_open()
    versions = Versions([wanted.buyer.pk])
    version = versions.at(wanted.buyer.pk, wanted.ordered_at)
    is_customer = version is not None and version.role == Role.CUSTOMER
    ground = Ground(
        storefront,
        external_ids=[wanted.external_id],
        skus=[line.sku for line in wanted.lines],
        moments=[wanted.ordered_at],
        at=at,
        places=[(version.sponsor_id or 0, wanted.ordered_at)] if version and is_customer else [],
    )
    batch = Batch(storefront, ground, at=at)
    taken = batch.take(wanted, version, paid_at=paid_at)
    batch.write()
    if taken.refusal is not None:
        raise taken.refusal
    return as_written(taken.order), taken.is_new


@transaction.atomic
def pay_order(order: Order, *, paid_at: datetime, at: datetime) -> Order:
    """Mark an order as paid and record its sales; paying it again changes nothing.

    What decides the commission date stands with `mark_as_paid`.
    """
    books.hold_open()
    order = Order.objects.select_for_update().get(pk=order.pk)
    closed = books.ClosedStretches(ending_after=min(at, order.ordered_at))
    if mark_as_paid(order, paid_at=paid_at, closed=closed, at=at) and order.commission_at:
        write_as_paid([order])
        books.note_change(Change.Kind.SALE, effective_at=order.commission_at)
    return order


@transaction.atomic
def pay_as_sent(order: Order, *, paid_at: datetime, at: datetime) -> Order:
    """Return the order, paid; refused when it was paid at another time, or cannot be paid."""
    order = pay_order(order, paid_at=paid_at, at=at)
    paid_then_or_refuse(order, paid_at)
    return order


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
