"""Orders as they were written down, with their lines, returns and sales.

Everybody who may see them reads; who may change orders (Order desk) ships and cancels, through the
services that do it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from typing_extensions import override

from accounts.models import Storefront
from distributors.models import Member
from mlm.display import money, points
from mlm.errors import DomainError
from mlm.staff.deeds import Deed, DeedsMixin, Doing
from mlm.staff.pages import NewestFirst, ReadOnlyAdmin, ReadOnlyRows, SearchedByIndex
from orders.models import Order, OrderLine, Return, SaleLine
from orders.services import cancel_order, ship_order

PERMISSION = "orders.change_order"


class LineRows(ReadOnlyRows):
    """What was bought."""

    model = OrderLine
    fields = readonly_fields = (
        "position", "sku", "name", "purpose", "quantity", "unit_price", "discount", "net",
        "pv_points", "cv_points",
    )  # fmt: skip
    ordering = ("position",)
    verbose_name_plural = "lines"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        """Return lines with the order, whose currency they are in."""
        return super().get_queryset(request).select_related("order")

    @admin.display(description="price of one")
    def unit_price(self, line: OrderLine) -> str:
        """Return the price of one piece."""
        return money(line.unit_price_minor, line.order.currency)

    @admin.display(description="discount")
    def discount(self, line: OrderLine) -> str:
        """Return the line's part of the discount."""
        return money(line.discount_minor, line.order.currency)

    @admin.display(description="net")
    def net(self, line: OrderLine) -> str:
        """Return what the line cost."""
        return money(line.net_minor, line.order.currency)

    @admin.display(description="PV")
    def pv_points(self, line: OrderLine) -> str:
        """Return the line's PV."""
        return points(line.pv)

    @admin.display(description="CV")
    def cv_points(self, line: OrderLine) -> str:
        """Return the line's CV."""
        return points(line.cv)


class ReturnRows(ReadOnlyRows):
    """What came back."""

    model = Return
    fields = readonly_fields = ("code", "external_id", "returned_at", "reason", "pieces")
    ordering = ("returned_at", "pk")
    verbose_name_plural = "returns"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        """Return returns with their lines."""
        found = super().get_queryset(request).select_related("order")
        return found.prefetch_related("lines__order_line")

    @admin.display(description="what came back")
    def pieces(self, returned: Return) -> str:
        """Return how many pieces of what came back, and for how much."""
        currency = returned.order.currency
        return "; ".join(
            f"{line.quantity} x {line.order_line.name}: {money(line.net_minor, currency)},"
            f" PV {points(line.pv)}, CV {points(line.cv)}"
            for line in returned.lines.all()
        )


class SaleRows(ReadOnlyRows):
    """What commission is worked out from."""

    model = SaleLine
    fields = readonly_fields = (
        "id", "purpose", "credited", "commission_at", "net", "pv_points", "cv_points", "returns",
        "recorded_at",
    )  # fmt: skip
    ordering = ("pk",)
    verbose_name_plural = "sales: what commission is worked out from"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[SaleLine]:
        """Return sales with whom they are credited to."""
        return super().get_queryset(request).select_related("credited", "returns")

    @admin.display(description="net")
    def net(self, sale: SaleLine) -> str:
        """Return what the sale adds, or takes back."""
        return money(sale.net_minor, sale.currency)

    @admin.display(description="PV")
    def pv_points(self, sale: SaleLine) -> str:
        """Return the sale's PV."""
        return points(sale.pv)

    @admin.display(description="CV")
    def cv_points(self, sale: SaleLine) -> str:
        """Return the sale's CV."""
        return points(sale.cv)


def _ship(doing: Doing) -> str:
    return f"Order {ship_order(doing.row, shipped_at=doing.at).code} is shipped."


def _cancel(doing: Doing) -> str:
    return f"Order {cancel_order(doing.row).code} is cancelled."


def _is_paid(order: Order) -> bool:
    return order.status == Order.Status.PAID


def _is_placed(order: Order) -> bool:
    return order.status == Order.Status.PLACED


SHIP = Deed(
    name="ship",
    label="Mark as shipped",
    permission=PERMISSION,
    explain=lambda order: [f"Order {order.code} is marked as shipped at this moment."],
    perform=_ship,
    offered=_is_paid,
)
CANCEL = Deed(
    name="cancel",
    label="Cancel the order",
    permission=PERMISSION,
    explain=lambda order: [
        f"Order {order.code} is cancelled for good: it can no longer be paid.",
        "Only an order that is not paid can be cancelled; the goods of a paid one are taken back.",
    ],
    perform=_cancel,
    offered=_is_placed,
    grave=True,
)


@admin.register(Order)
class OrderAdmin(DeedsMixin, SearchedByIndex, NewestFirst, ReadOnlyAdmin):
    """Orders, the newest first; found by the order's, the storefront's or the buyer's code."""

    list_display = (
        "code", "external_id", "storefront", "buyer", "credited", "status", "total", "ordered_at",
        "commission_at",
    )  # fmt: skip
    list_filter = ("status", "storefront", "market", "ordered_at")
    list_select_related = ()  # joined, also rows of pages before would be: they are prefetched
    sortable_by = ()
    ordering = ("-pk",)
    served = ("q", "buyer__id__exact", "credited__id__exact", "status__exact")
    search_fields = ("=code", "=external_id", "=buyer__code")
    search_help_text = "A whole order code, storefront's order number, or buyer's member code."
    actions = ("ship_selected", "cancel_selected")
    inlines = (LineRows, ReturnRows, SaleRows)
    deeds = (SHIP, CANCEL)
    fieldsets = (
        (None, {"fields": ("code", "storefront", "external_id", "status")}),
        ("Who", {"fields": ("buyer", "buyer_role", "credited", "market")}),
        ("Money", {"fields": ("goods", "discount", "shipping", "tax", "total")}),
        ("When", {"fields": ("ordered_at", "paid_at", "shipped_at", "commission_at")}),
    )
    readonly_fields = ("goods", "discount", "shipping", "tax", "total")

    @override
    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the orders with exactly that code or number, or of the buyer with that code."""
        numbers = Order.objects.filter(code=text.lower()).values_list("pk", flat=True)
        storefronts = list(Storefront.objects.values_list("pk", flat=True))
        theirs = Order.objects.filter(storefront__in=storefronts, external_id=text)
        found = [*numbers, *theirs.values_list("pk", flat=True)]
        buyer = Member.objects.filter(code=text.upper()).values_list("pk", flat=True).first()
        return rows.filter(Q(pk__in=found) | Q(buyer_id=buyer))

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Return orders with whose they are, in three more queries for all of them.

        Of one state, from the newest such on: PostgreSQL takes rare ones for evenly spread, and
        would read its way to them through all that are newer.
        """
        orders: QuerySet[Order] = super().get_queryset(request)
        status = request.GET.get("status__exact")
        if status in Order.Status.values:
            newest = (
                Order.objects.filter(status=status).order_by("-pk").values_list("pk", flat=True)
            )
            orders = orders.filter(pk__lte=newest.first() or 0)
        return orders.prefetch_related("storefront", "buyer", "credited")

    @override
    def is_served(self, name: str, value: str) -> bool:
        """Tell whether an index finds them: of the states, all that are not the usual end."""
        if name == "status__exact" and value == Order.Status.SHIPPED:
            return False
        return super().is_served(name, value)

    @admin.display(description="goods")
    def goods(self, order: Order) -> str:
        """Return what the goods cost before the discount."""
        return money(order.goods_minor, order.currency)

    @admin.display(description="discount")
    def discount(self, order: Order) -> str:
        """Return what is taken off."""
        return money(order.discount_minor, order.currency)

    @admin.display(description="shipping")
    def shipping(self, order: Order) -> str:
        """Return what shipping costs."""
        return money(order.shipping_minor, order.currency)

    @admin.display(description="tax")
    def tax(self, order: Order) -> str:
        """Return the tax."""
        return money(order.tax_minor, order.currency)

    @admin.display(description="total")
    def total(self, order: Order) -> str:
        """Return what the buyer pays."""
        return money(order.total_minor, order.currency)

    def has_desk_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may ship and cancel."""
        return bool(request.user.has_perm(PERMISSION))

    @admin.action(description="Mark selected orders as shipped", permissions=["desk"])
    def ship_selected(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Ship each order that is paid, and say why others are not."""
        at = timezone.now()  # noqa: TID251  (this is a view)
        self._each(request, queryset, lambda order: ship_order(order, shipped_at=at), "shipped")

    @admin.action(description="Cancel selected orders", permissions=["desk"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Cancel each order that is not paid, and say why others are not."""
        self._each(request, queryset, cancel_order, "cancelled")

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Order],
        perform: Callable[[Order], Order],
        done: str,
    ) -> None:
        count = 0
        for order in queryset:
            try:
                perform(order)
            except DomainError as refusal:
                messages.error(request, refusal.message)
                continue
            self.log_change(request, order, done)
            count += 1
        messages.info(request, f"{count} {'order' if count == 1 else 'orders'} {done}.")
