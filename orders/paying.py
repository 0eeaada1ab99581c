"""Orders become sales the moment they are paid: set-wise, for one order or many."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from mlm.inserting import array_text, columns_of, insert_all
from orders.drafting import SALE_PURPOSES, AnyOrder, lines_of
from orders.models import Order, SaleLine

_OF_ORDER = ("buyer_id", "buyer_role", "credited_id", "commission_at", "currency")
_OF_LINE = ("purpose", "pv", "cv", "net_minor")


def record_sales(paid: Sequence[AnyOrder]) -> None:
    """Record the sales of those orders that are paid: of goods, not of kits, aids and fees."""
    pairs = [
        (order, line)
        for order in paid
        if order.commission_at is not None
        for line in lines_of(order)
        if line.purpose in SALE_PURPOSES
    ]
    orders, lines = [order for order, _ in pairs], [line for _, line in pairs]
    insert_all(
        SaleLine,
        {
            "order_id": [order.pk for order in orders],
            "order_line_id": [line.pk for line in lines],
            **columns_of(orders, _OF_ORDER),
            **columns_of(lines, _OF_LINE),
        },
    )


def write_as_paid(orders: Sequence[Order]) -> None:
    """Write that orders are paid, as they say themselves, and record their sales.

    The caller holds their rows. Two statements, however many there are.
    """
    if not orders:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order o"
            " SET status = p.status, paid_at = p.paid_at, commission_at = p.commission_at"
            " FROM unnest(%s::bigint[], %s::varchar[], %s::timestamptz[], %s::timestamptz[])"
            " AS p (id, status, paid_at, commission_at) WHERE o.id = p.id",
            [
                array_text([order.pk for order in orders]),
                array_text([order.status for order in orders]),
                array_text([order.paid_at for order in orders]),
                array_text([order.commission_at for order in orders]),
            ],
        )
    record_sales(orders)
