"""What the company sells, and for how much money and volume in each market."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from typing_extensions import override

from distributors.models import Market
from mlm.database import TsTzRange


class Product(models.Model):
    """Something on sale. Kits, sales aids and fees are kinds of their own: they never pay."""

    class Kind(models.TextChoices):
        PRODUCT = "product", "product"
        STARTER_KIT = "starter_kit", "starter kit"
        SALES_AID = "sales_aid", "sales aid"
        FEE = "fee", "fee"

    sku = models.CharField("SKU", max_length=40, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PRODUCT)
    is_active = models.BooleanField("on sale", default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"


class Price(models.Model):
    """What one piece costs in a market, and the volume it carries, from when to when."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="prices")
    amount_minor = models.BigIntegerField(
        "price", help_text="In the smallest unit of the market's currency, without tax."
    )
    pv = models.BigIntegerField("PV", help_text="Personal volume in hundredths of a point.")
    cv = models.BigIntegerField("CV", help_text="Commissionable volume in hundredths of a point.")
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0) & Q(pv__gte=0) & Q(cv__gte=0),
                name="price_and_volumes_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gt=F("effective_from")),
                name="price_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="one_price_of_a_product_in_a_market_at_a_time",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    ("market", RangeOperators.EQUAL),
                    (TsTzRange("effective_from", "effective_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.product_id} in {self.market_id}"
