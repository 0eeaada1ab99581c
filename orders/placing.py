"""Orders are placed, one or a thousand at a time: read at once, decided in turn, written at once.

The number of statements is the same however many orders there are, and nothing is written before
all is decided: an order that is refused leaves no trace and takes no other with it.

Nobody waits in a circle. Whoever writes holds the books first, then new customers' addresses, then
order numbers in their order, then the rows of orders that were there, in theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.models import Storefront
from distributors import books
from distributors.customers import house_account
from distributors.enrolling import Newcomer, let_join
from distributors.models import Change, Member, Role
from distributors.versions import Version, sellers
from mlm.errors import DomainError, InvariantBroken
from mlm.inserting import columns_of, insert_all
from mlm.loading import rows_of
from orders.drafting import (
    AnyOrder,
    NewOrder,
    OrderWanted,
    drafted,
    mark_as_paid,
    paid_then_or_refuse,
    same_or_refuse,
)
from orders.errors import BuyerCannotOrder
from orders.models import Order, OrderLine
from orders.paying import record_sales, write_as_paid
from orders.selectors import PriceBook

_ORDER_FIELDS = (
    "code", "storefront_id", "external_id", "buyer_id", "buyer_role", "credited_id", "market_id",
    "currency", "status", "goods_minor", "discount_minor", "shipping_minor", "tax_minor",
    "total_minor", "ordered_at", "paid_at", "commission_at",
)  # fmt: skip
_LINE_FIELDS = (
    "order_id", "position", "product_id", "sku", "name", "purpose", "quantity",
    "unit_price_minor", "discount_minor", "net_minor", "pv", "cv",
)  # fmt: skip


@dataclass(slots=True)
class Taken:
    """What became of an order that was sent: the order, and whether it is new; or a refusal."""

    wanted: OrderWanted
    paid_at: datetime | None
    order: AnyOrder
    is_new: bool
    refusal: DomainError | None = None


class Ground:
    """What has to be known to decide on orders. Five queries, however many orders there are."""

    def __init__(
        self,
        storefront: Storefront,
        *,
        external_ids: Collection[str],
        skus: Collection[str],
        moments: Collection[datetime],
        at: datetime,
        places: Collection[tuple[int, datetime]],
    ) -> None:
        first, last = min(moments), max(moments)
        self.existing = {
            order.external_id: order for order in _with_lines(storefront, external_ids)
        }
        self.prices = PriceBook(skus, first=first, last=last)
        self.closed = books.ClosedStretches(ending_after=min(first, at))
        self._asked: set[tuple[int, datetime]] = set()
        self._sellers: dict[tuple[int, datetime], Member] = {}
        self._house_account: Member | None = None
        self._ask(places)

    def credited(self, buyer: Member, version: Version, *, at: datetime) -> Member:
        """Return whose sale an order is: the buyer's, or the nearest distributor's above."""
        if version.role == Role.DISTRIBUTOR:
            return buyer
        place = (version.sponsor_id or 0, at)
        if place not in self._asked:  # somebody who joined by an earlier order of the same batch
            self._ask([place])
        return self._sellers.get(place) or self._house()

    def _ask(self, places: Collection[tuple[int, datetime]]) -> None:
        self._asked |= set(places)
        self._sellers |= sellers(places)

    def _house(self) -> Member:
        if self._house_account is None:
            self._house_account = house_account()
        if self._house_account is None:
            raise InvariantBroken("a customer with nobody above, and the company has no place")
        return self._house_account


def _with_lines(storefront: Storefront, external_ids: Collection[str]) -> list[Order]:
    """Return the orders that there are, with lines; most often none, so that is asked first."""
    known = rows_of(_KNOWN, [storefront.pk, list(external_ids)])
    if not known:
        return []
    found = Order.objects.filter(pk__in=[pk for (pk,) in known])
    return list(found.select_related("buyer", "credited").prefetch_related("lines"))


_KNOWN: Final = "SELECT id FROM orders_order WHERE storefront_id = %s AND external_id = ANY(%s)"


class Batch:
    """Orders of one storefront on their way in: `take` each, then `write` all."""

    def __init__(self, storefront: Storefront, ground: Ground, *, at: datetime) -> None:
        self._storefront = storefront
        self._ground = ground
        self._at = at
        self._drafts: dict[str, NewOrder] = {}
        self._taken: list[Taken] = []

    def take(
        self, wanted: OrderWanted, version: Version | None, *, paid_at: datetime | None
    ) -> Taken:
        """Return what will become of an order; `version` is what is true of its buyer then.

        The same order again is the one there is, also within the batch. Refused when the storefront
        has used the id for another order, when a product has no price, and for a buyer who is no
        member at that time.
        """
        if draft := self._drafts.get(wanted.external_id):
            same_or_refuse(draft, wanted)
            if paid_at is not None:
                self._mark_as_paid(draft, paid_at)
                paid_then_or_refuse(draft, paid_at)
            return self._noted(Taken(wanted, paid_at, draft, is_new=False))
        if existing := self._ground.existing.get(wanted.external_id):
            same_or_refuse(existing, wanted)
            return self._noted(Taken(wanted, paid_at, existing, is_new=False))
        if version is None:
            raise BuyerCannotOrder(f"{wanted.buyer.code} was no member at the time of the order.")
        draft = drafted(
            self._storefront,
            wanted,
            role=Role(version.role),
            credited=self._ground.credited(wanted.buyer, version, at=wanted.ordered_at),
            prices=self._ground.prices,
        )
        if paid_at is not None:
            self._mark_as_paid(draft, paid_at)
        self._drafts[wanted.external_id] = draft
        return self._noted(Taken(wanted, paid_at, draft, is_new=True))

    def _noted(self, taken: Taken) -> Taken:
        self._taken.append(taken)
        return taken

    def _mark_as_paid(self, order: NewOrder, paid_at: datetime) -> None:
        mark_as_paid(order, paid_at=paid_at, closed=self._ground.closed, at=self._at)

    def write(self, newcomers: Iterable[Newcomer] = ()) -> None:
        """Write what was taken; of the newcomers, those join who bought something.

        Where somebody else wrote an order in this very moment, theirs is the one there is.
        """
        drafts = self._write_orders()
        buyers = {draft.buyer_id for draft in drafts}
        if joining := [one for one in newcomers if one.member.pk in buyers]:
            let_join(joining)
        _write_lines(drafts)
        record_sales(drafts)
        orders: list[AnyOrder] = [*drafts, *self._pay_existing()]
        moments = [order.commission_at for order in orders if order.commission_at is not None]
        if moments:
            books.note_change(Change.Kind.SALE, effective_at=min(moments))

    def _write_orders(self) -> list[NewOrder]:
        """Write the orders, in the order of their numbers, and return those that are new."""
        wanted = [self._drafts[number] for number in sorted(self._drafts)]
        written = insert_all(
            Order,
            columns_of(wanted, _ORDER_FIELDS),
            returning=["external_id", "id", "created_at", "updated_at"],
            skip_taken=True,
        )
        new = {number for number, *_ in written}
        for number, *values in written:
            order = self._drafts[number]
            order.pk, order.created_at, order.updated_at = values
        if len(written) < len(wanted):
            self._find_those_of_others(number for number in self._drafts if number not in new)
        return [draft for draft in wanted if draft.external_id in new]

    def _find_those_of_others(self, lost: Iterable[str]) -> None:
        """Answer with the orders that somebody else has written under these of our numbers."""
        numbers = set(lost)
        found = {order.external_id: order for order in _with_lines(self._storefront, numbers)}
        for taken in self._taken:
            if taken.wanted.external_id not in numbers:
                continue
            order = found.get(taken.wanted.external_id)
            if order is None:
                raise InvariantBroken(f"order {taken.wanted.external_id} is neither new nor there")
            taken.order, taken.is_new = order, False
            try:
                same_or_refuse(order, taken.wanted)
            except DomainError as refusal:
                taken.refusal = refusal

    def _pay_existing(self) -> list[Order]:
        """Pay orders that were there before and came again with a payment time; return them."""
        again = [
            taken
            for taken in self._taken
            if taken.paid_at and not taken.refusal and isinstance(taken.order, Order)
        ]
        if not again:
            return []
        rows = Order.objects.select_for_update(of=["self"]).order_by("pk")
        rows = rows.filter(pk__in={taken.order.pk for taken in again})
        rows = rows.select_related("buyer", "credited").prefetch_related("lines")
        held = {order.pk: order for order in rows}
        newly: list[Order] = []
        for taken in again:
            order = taken.order = held[taken.order.pk]
            try:
                if self._pay(order, taken.paid_at):
                    newly.append(order)
            except DomainError as refusal:
                taken.refusal = refusal
        write_as_paid(newly)
        return newly

    def _pay(self, order: AnyOrder, paid_at: datetime | None) -> bool:
        if paid_at is None:
            return False
        is_new = mark_as_paid(order, paid_at=paid_at, closed=self._ground.closed, at=self._at)
        paid_then_or_refuse(order, paid_at)
        return is_new


def _write_lines(orders: Sequence[NewOrder]) -> None:
    for order in orders:
        for line in order.lines:
            line.order_id = order.pk
    lines = [line for order in orders for line in order.lines]
    written = insert_all(OrderLine, columns_of(lines, _LINE_FIELDS), returning=["id"])
    for line, (pk,) in zip(lines, written, strict=True):
        line.pk = pk


def as_written(order: AnyOrder) -> Order:
    """Return an order that was just written as a row of its table, without reading it again."""
    if isinstance(order, Order):
        return order
    values = {name: getattr(order, name) for name in _ORDER_FIELDS if name not in _PEOPLE}
    for name in ("pk", "buyer", "credited", "created_at", "updated_at"):
        values[name] = getattr(order, name)
    written = Order(**values)
    written._state.adding = False
    return written


_PEOPLE: Final = ("buyer_id", "credited_id")


def ready_to_show(order: NewOrder) -> Order:
    """Return an order that was just written, with what would be fetched with it to be shown."""
    written = as_written(order)
    lines = [
        OrderLine(
            pk=line.pk,
            order=written,
            **{name: getattr(line, name) for name in _LINE_FIELDS if name != "order_id"},
        )
        for line in order.lines
    ]
    _fetched(written, lines=lines, returns=[])
    for line in lines:
        _fetched(line, returns=[])
    return written


def _fetched(row: Order | OrderLine, **related: list[Any]) -> None:
    """Let a row know what `prefetch_related` would have found."""
    vars(row)["_prefetched_objects_cache"] = related
