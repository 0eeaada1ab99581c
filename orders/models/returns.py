"""Goods that came back, tied to the order lines they were sold on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from typing_extensions import override

from orders.models.orders import Order, OrderLine


class Return(models.Model):
    """One return of some or all of an order."""

    code = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    external_id = models.CharField(max_length=100, help_text="The storefront's own number.")
    reason = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "external_id"], name="return_id_once_in_an_order"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.code


class ReturnLine(models.Model):
    """So many pieces of one order line; amounts are what this part takes back, not negative.

    Each part takes back the rounded total of what is returned so far less what earlier parts took
    back, so that three thirds are the whole.
    """

    returned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="returns")
    quantity = models.PositiveIntegerField()
    net_minor = models.BigIntegerField()
    pv = models.BigIntegerField("PV")
    cv = models.BigIntegerField("CV")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["returned", "order_line"], name="order_line_once_in_a_return"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(net_minor__gte=0) & Q(pv__gte=0) & Q(cv__gte=0),
                name="return_line_amounts_not_negative",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"
