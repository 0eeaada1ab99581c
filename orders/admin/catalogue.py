"""Products with their prices, in the market's currency and in points, never in cents.

Who may change products (Catalogue) sets prices: a price that is in force is ended and followed by
another, so that what was charged when can be read for good.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from typing_extensions import override

from mlm.currencies import to_decimal
from mlm.display import to_minor
from mlm.staff.fields import AmountField, MomentField, PointsField
from mlm.staff.pages import PlainChoices, StaffAdmin
from orders.models import Price, Product


class PriceForm(forms.ModelForm[Price]):
    """A price as people write it; of one that is recorded only the end can still be set."""

    amount = AmountField(label="Price", help_text="In the market's currency, without tax.")
    pv = PointsField(label="PV", help_text="Points.")
    cv = PointsField(label="CV", help_text="Points.")
    effective_from = MomentField(label="From", help_text="")
    effective_until = MomentField(label="Until", required=False, help_text="")

    class Meta:
        model = Price
        fields = ("market", "amount", "pv", "cv", "effective_from", "effective_until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            recorded = {"market", "amount", "pv", "cv", "effective_from"}
            for name in recorded & self.fields.keys():
                self.fields[name].disabled = True
            self.initial["amount"] = to_decimal(
                self.instance.amount_minor, self.instance.market.currency
            )

    @override
    def clean(self) -> dict[str, Any]:
        """Turn the price into the smallest unit of the market's currency, exactly."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        amount: Decimal | None = answers.get("amount")
        market = answers.get("market")
        if amount is not None and market is not None:
            try:
                self.instance.amount_minor = to_minor(amount, market.currency)
            except ValueError as mistake:
                self.add_error("amount", str(mistake))
        return answers


class PriceFormSet(forms.BaseInlineFormSet[Price, Product, forms.ModelForm[Price]]):
    """All prices of a product; the rows are complete, so that overlaps can be told here."""

    @override
    def clean(self) -> None:
        """Refuse two prices in one market at a time."""
        super().clean()
        rows = [form.instance for form in self.forms if form.has_changed() or form.instance.pk]
        if any(self.errors):
            return
        rows.sort(key=lambda price: (price.market_id, price.effective_from))
        for earlier, later in pairwise(rows):
            ends = earlier.effective_until
            if earlier.market_id == later.market_id and (
                ends is None or ends > later.effective_from
            ):
                raise ValidationError(
                    f"Two prices in {later.market} from {later.effective_from:%Y-%m-%d %H:%M}:"
                    " end the earlier one by then.",
                    code="two_prices",
                )


class PriceRows(PlainChoices, admin.TabularInline[Price, Product]):
    """The prices of a product in every market."""

    model = Price
    form = PriceForm
    formset = PriceFormSet
    fields = ("market", "amount", "currency", "pv", "cv", "effective_from", "effective_until")
    readonly_fields = ("currency",)
    extra = 1
    can_delete = False
    ordering = ("market", "-effective_from")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        """Return prices with their markets."""
        return super().get_queryset(request).select_related("market")

    @admin.display(description="currency")
    def currency(self, price: Price) -> str:
        """Return the currency that the price is in; a new row has none yet."""
        return price.market.currency if price.market_id else ""


@admin.register(Product)
class ProductAdmin(StaffAdmin):
    """Products; the SKU and the kind stay once a product is there."""

    list_display = ("sku", "name", "kind", "is_active")
    list_display_links = ("sku", "name")
    list_filter = ("kind", "is_active")
    search_fields = ("sku", "name")
    ordering = ("name", "pk")
    fields = ("sku", "name", "kind", "description", "is_active")
    inlines = (PriceRows,)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what stays: orders, and what may pay, refer to it."""
        return ("sku", "kind") if obj else ()
