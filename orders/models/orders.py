"""Orders and their lines: who paid, what for, and who is credited, frozen at the time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from typing_extensions import override

from accounts.models import Storefront
from distributors.models import Market, Member, Role
from mlm.database import ClockTimestamp
from orders.models.catalogue import Product


class Purpose(models.TextChoices):
    """What somebody bought something for; only sales to use or to sell on can pay."""

    CUSTOMER = "customer", "customer order"
    PERSONAL = "personal", "personal use"
    RESALE = "resale", "stock for resale"
    STARTER_KIT = "starter_kit", "starter kit"
    SALES_AID = "sales_aid", "sales aid"
    FEE = "fee", "fee"


class Order(models.Model):
    """One order of one buyer, with the distributor it is credited to."""

    class Status(models.TextChoices):
        PLACED = "placed", "placed"
        PAID = "paid", "paid"
        SHIPPED = "shipped", "shipped"
        PARTLY_RETURNED = "partly_returned", "returned in part"
        RETURNED = "returned", "returned"
        CANCELLED = "cancelled", "cancelled"

    code = models.CharField(max_length=32)
    storefront = models.ForeignKey(
        Storefront, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    external_id = models.CharField(
        max_length=100, help_text="The storefront's own number; unique for ever in a storefront."
    )
    buyer = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    buyer_role = models.CharField(
        max_length=12, choices=Role.choices, help_text="The buyer's role when the order was placed."
    )
    credited = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        related_name="credited_orders",
        db_index=False,
        help_text="The distributor whose sale this is: the buyer, or the nearest one above.",
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLACED)
    goods_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    commission_at = models.DateTimeField(
        null=True, blank=True, help_text="Decides the period; set once, when the order is paid."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(
        db_default=ClockTimestamp(), editable=False, help_text="Kept by the database."
    )

    class Meta:
        constraints: ClassVar = [
            # Not `unique` on the field, which brings a second index that nothing here looks into
            models.UniqueConstraint(fields=["code"], name="order_code_once"),
            models.UniqueConstraint(
                fields=["storefront", "external_id"], name="order_id_once_in_a_storefront"
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("goods_minor")
                    - F("discount_minor")
                    + F("shipping_minor")
                    + F("tax_minor")
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0)
                & Q(discount_minor__lte=F("goods_minor"))
                & Q(shipping_minor__gte=0)
                & Q(tax_minor__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["placed", "cancelled"], paid_at=None, commission_at=None)
                | Q(paid_at__isnull=False, commission_at__isnull=False),
                name="order_is_paid_when_it_says_so",
            ),
        ]
        # Every index is written with every order: foreign keys whose column begins another one have
        # none of their own, and orders are not looked up by market
        indexes: ClassVar = [
            models.Index(fields=["buyer", "-ordered_at"], name="order_by_buyer"),
            models.Index(fields=["credited", "-ordered_at"], name="order_by_credited"),
            models.Index(fields=["storefront", "created_at", "code"], name="order_by_creation"),
            models.Index(fields=["storefront", "updated_at", "code"], name="order_by_change"),
            models.Index(
                fields=["status", "-id"],
                condition=~Q(status="shipped"),
                name="order_not_shipped",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.code


class OrderLine(models.Model):
    """One product in an order; price and volumes are copied, so that later prices change nothing.

    Volumes are those of the whole line, after the discount's share is taken off: the base of
    commission never exceeds what was paid.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField()
    pv = models.BigIntegerField("PV", help_text="Hundredths of a point, for the whole line.")
    cv = models.BigIntegerField("CV", help_text="Hundredths of a point, for the whole line.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_has_a_quantity"),
            models.CheckConstraint(
                condition=Q(net_minor=F("unit_price_minor") * F("quantity") - F("discount_minor"))
                & Q(net_minor__gte=0)
                & Q(discount_minor__gte=0),
                name="order_line_net_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["customer", "personal", "resale"]) | Q(pv=0, cv=0),
                name="kits_aids_and_fees_carry_no_volume",
            ),
            models.CheckConstraint(
                condition=Q(pv__gte=0) & Q(cv__gte=0), name="order_line_volumes_not_negative"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"
