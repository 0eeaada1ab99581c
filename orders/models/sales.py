"""Sales: the append-only rows that every commission can be traced to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from distributors.models import Member, Role
from mlm.database import ClockTimestamp, TransactionId
from orders.models.orders import Order, OrderLine, Purpose
from orders.models.returns import ReturnLine


class SaleLine(models.Model):
    """One paid order line that may pay commission, or what came back of one (`returns` is set).

    Rows are only ever added. There is no period on them: a sale belongs to the period of its
    commission date; what came back carries the date of its sale and negative figures. It nets in
    the sale's period as long as that is not locked. Later it is no part of any period's sales:
    the pay that the sale made is reversed in the period that is open when it is recorded. Which
    of the two it is follows from the row's id alone: a period's lock notes the highest id so far.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="sales")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="sales", db_index=False
    )
    returns = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_by",
        db_index=False,
    )
    return_line = models.OneToOneField(
        ReturnLine, on_delete=models.PROTECT, null=True, blank=True, related_name="sale"
    )
    buyer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="purchases")
    buyer_role = models.CharField(max_length=12, choices=Role.choices)
    credited = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="sales", db_index=False
    )
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    commission_at = models.DateTimeField()
    pv = models.BigIntegerField("PV")
    cv = models.BigIntegerField("CV")
    net_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recorded_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    xact = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_line"], condition=Q(returns=None), name="one_sale_per_order_line"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["customer", "personal", "resale"]),
                name="only_goods_are_sales",
            ),
            models.CheckConstraint(
                condition=Q(returns=None, return_line=None, pv__gte=0, cv__gte=0, net_minor__gte=0)
                | Q(
                    returns__isnull=False,
                    return_line__isnull=False,
                    pv__lte=0,
                    cv__lte=0,
                    net_minor__lte=0,
                ),
                name="a_sale_adds_and_a_return_takes_back",
            ),
            models.CheckConstraint(
                condition=Q(buyer_role=Role.CUSTOMER) | Q(credited=F("buyer")),
                name="a_distributors_own_order_is_own_sale",
            ),
        ]
        # As few as can be: each is written with every sale
        indexes: ClassVar = [
            models.Index(
                fields=["returns"], condition=Q(returns__isnull=False), name="sale_by_return"
            ),
            models.Index(fields=["commission_at"], name="sale_by_commission_date"),
            models.Index(fields=["credited", "-commission_at"], name="sale_by_credited"),
            models.Index(fields=["xact"], name="sale_by_xact"),
        ]

    @override
    def __str__(self) -> str:
        return f"sale {self.pk}"
