"""Goods come back: what they were sold with is taken back with them, in part or whole."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from distributors import books
from distributors.models import Change
from orders.amounts import part_of
from orders.errors import OrderNotInThatState, ReturnDiffers, ReturnsTooMuch
from orders.models import Order, OrderLine, Return, ReturnLine, SaleLine


@dataclass(frozen=True, slots=True)
class PiecesBack:
    """So many pieces of the order line at this position, counted from 1."""

    position: int
    quantity: int


@transaction.atomic
def return_goods(
    order: Order,
    *,
    external_id: str,
    pieces: Sequence[PiecesBack],
    reason: str,
    returned_at: datetime,
) -> tuple[Return, bool]:
    """Return what was recorded, and whether it is new; the same return sent again changes nothing.

    Each part takes back the rounded total of what is back so far less what earlier parts took, so
    that all parts together take back the whole. Whether that nets in the sale's own period or
    reverses pay in a later one is for the period's lock to decide. Refused for orders that are not
    paid, and for more pieces than are left.
    """
    books.hold_open()
    order = Order.objects.select_for_update().get(pk=order.pk)
    if existing := Return.objects.filter(order=order, external_id=external_id).first():
        return _same_or_refuse(existing, pieces), False
    if order.paid_at is None or order.commission_at is None:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    lines = _lines_with_returns(order)
    _refuse_too_much(lines, pieces)
    returned = Return.objects.create(
        code=f"re_{secrets.token_hex(10)}",
        order=order,
        external_id=external_id,
        reason=reason,
        returned_at=returned_at,
    )
    for piece in pieces:
        _take_back(returned, lines[piece.position], piece.quantity)
    _set_status(
        order,
        left=sum(line.quantity - line.back for line in lines.values())
        - sum(piece.quantity for piece in pieces),
    )
    books.note_change(Change.Kind.RETURN, effective_at=order.commission_at)
    return returned, True


def _same_or_refuse(existing: Return, pieces: Sequence[PiecesBack]) -> Return:
    has = sorted(existing.lines.values_list("order_line__position", "quantity"))
    if has != sorted((piece.position, piece.quantity) for piece in pieces):
        raise ReturnDiffers(
            f"Return id {existing.external_id} is taken by another return of this order.",
            returned=existing.code,
        )
    return existing


@dataclass(frozen=True, slots=True)
class _Line:
    line: OrderLine
    back: int
    net_back: int
    pv_back: int
    cv_back: int

    @property
    def quantity(self) -> int:
        return self.line.quantity


def _lines_with_returns(order: Order) -> dict[int, _Line]:
    annotated = order.lines.annotate(
        back=Coalesce(Sum("returns__quantity"), 0),
        net_back=Coalesce(Sum("returns__net_minor"), 0),
        pv_back=Coalesce(Sum("returns__pv"), 0),
        cv_back=Coalesce(Sum("returns__cv"), 0),
    )
    return {
        line.position: _Line(
            line,
            int(line.back),
            int(line.net_back),
            int(line.pv_back),
            int(line.cv_back),
        )
        for line in annotated
    }


def _refuse_too_much(lines: dict[int, _Line], pieces: Sequence[PiecesBack]) -> None:
    mistakes = []
    seen: set[int] = set()
    for piece in pieces:
        line = lines.get(piece.position)
        if line is None:
            mistakes.append(f"there is no line {piece.position}")
        elif piece.position in seen:
            mistakes.append(f"line {piece.position} is named twice")
        elif piece.quantity > line.quantity - line.back:
            mistakes.append(
                f"line {piece.position} has {line.quantity - line.back} left to return,"
                f" not {piece.quantity}"
            )
        seen.add(piece.position)
    if mistakes or not pieces:
        raise ReturnsTooMuch(
            "; ".join(mistakes) or "a return names at least one line", mistakes=mistakes
        )


def _take_back(returned: Return, sold: _Line, quantity: int) -> None:
    line = sold.line
    back = sold.back + quantity
    row = ReturnLine.objects.create(
        returned=returned,
        order_line=line,
        quantity=quantity,
        net_minor=part_of(line.net_minor, back, line.quantity) - sold.net_back,
        pv=part_of(line.pv, back, line.quantity) - sold.pv_back,
        cv=part_of(line.cv, back, line.quantity) - sold.cv_back,
    )
    sale = SaleLine.objects.filter(order_line=line, returns=None).first()
    if sale is None:  # a kit or a fee: it never paid, so there is nothing to take back
        return
    SaleLine.objects.create(
        order_id=sale.order_id,
        order_line=line,
        returns=sale,
        return_line=row,
        buyer_id=sale.buyer_id,
        buyer_role=sale.buyer_role,
        credited_id=sale.credited_id,
        purpose=sale.purpose,
        commission_at=sale.commission_at,
        pv=-row.pv,
        cv=-row.cv,
        net_minor=-row.net_minor,
        currency=sale.currency,
    )


def _set_status(order: Order, *, left: int) -> None:
    order.status = Order.Status.PARTLY_RETURNED if left else Order.Status.RETURNED
    order.save(update_fields=["status"])
