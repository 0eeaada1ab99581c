"""Runs as staff see them: read only, with what proves them (digests) and how long they took."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from commissions.models import Run
from mlm.display import money, share
from mlm.staff.pages import ReadOnlyAdmin


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Runs, the newest first."""

    list_display = (
        "id", "period", "kind", "status", "plan_version", "as_of", "earned", "payout_ratio",
    )  # fmt: skip
    list_filter = ("kind", "status", "period__type")
    list_select_related = ("period", "plan_version")
    date_hierarchy = "created_at"
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("=period__label", "=plan_version__label")
    fieldsets = (
        (None, {"fields": ("period", "plan_version", "kind", "status", "is_provisional")}),
        ("Figures", {"fields": ("commissionable", "earned", "payout_ratio")}),
        ("What went in", {"fields": ("members_count", "sales_count", "last_sale_id")}),
        (
            "When",
            {"fields": ("created_at", "created_by", "as_of", "generation", "posted_at", "took")},
        ),
        (
            "Proof",
            {
                "fields": (
                    "input_digest", "result_digest", "lines_digest", "engine_version",
                    "frozen_path",
                )
            },
        ),
    )  # fmt: skip
    readonly_fields = ("commissionable", "earned", "payout_ratio", "took")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Return runs without their plans' texts."""
        found = super().get_queryset(request).select_related("period", "plan_version", "created_by")
        return found.defer("plan_version__text")

    @admin.display(description="commissionable")
    def commissionable(self, run: Run) -> str:
        """Return all commissionable volume, in money."""
        return money(run.commissionable_minor, run.currency)

    @admin.display(description="earned by all")
    def earned(self, run: Run) -> str:
        """Return the sum of all earnings."""
        return money(run.total_minor, run.currency)

    @admin.display(description="payout ratio")
    def payout_ratio(self, run: Run) -> str:
        """Return all earnings as a part of all commissionable volume."""
        return share(run.total_minor, run.commissionable_minor)

    @admin.display(description="took")
    def took(self, run: Run) -> SafeString:
        """Return the seconds of each stage."""
        return format_html_join(", ", "{}: {} s", run.timings.items())
