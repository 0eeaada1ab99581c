"""Periods as staff see them: how far they are, what they come to, and the buttons to run and close.

Read only, but for two rights of their own: `run_period` (Commission analyst) and `close_period`
(Commission approver). The work is asked of a worker; what it would refuse is said at once. The page
of a period that is being closed shows how far that is, and brings itself up to date.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import admin
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from typing_extensions import override

from commissions.admin.period_closing import CANCEL, CLOSE, closing_shown, day
from commissions.admin.sending import ask_worker
from commissions.models import Period, PeriodType, Run
from commissions.selectors.periods import state_of
from commissions.services.plans import plan_for
from distributors.models import Change
from mlm.display import money, share
from mlm.staff.deeds import Deed, DeedsMixin, Doing
from mlm.staff.pages import ReadOnlyAdmin, StaffAdmin, moment


def _run_now(doing: Doing) -> str:
    plan_for(doing.row)
    ask_worker("commissions.refresh_period", doing.row.pk)
    return f"A worker was asked to work out {doing.row}. Reload this page to see its figures."


RUN: Final = Deed(
    name="run",
    label="Run now",
    permission="commissions.run_period",
    explain=lambda period: [
        f"A worker works out the live figures of {period} anew, from the orders and the network of"
        " that moment.",
        "Members see the new figures at once. Nothing is posted and nobody is paid.",
    ],
    perform=_run_now,
    offered=lambda period: not period.is_locked,
)


@admin.register(PeriodType)
class PeriodTypeAdmin(StaffAdmin):
    """Rhythms of pay; the cadence stays, since periods are cut by it."""

    list_display = ("code", "name", "cadence")
    search_fields = ("code", "name")
    ordering = ("code",)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what stays once there are periods of it."""
        return ("code", "cadence") if obj else ()


@admin.register(Period)
class PeriodAdmin(DeedsMixin, ReadOnlyAdmin):
    """Periods, the newest first, with the run that speaks for each."""

    list_display = (
        "label",
        "type",
        "status",
        "figures",
        "as_of",
        "behind",
        "earned",
        "payout_ratio",
    )
    list_filter = ("status", "type")
    list_select_related = ("type",)
    date_hierarchy = "starts_at"
    sortable_by = ()
    ordering = ("-starts_at", "type_id")
    search_fields = ("label",)
    deeds = (RUN, CLOSE, CANCEL)
    change_form_template = "admin/commissions/period/change_form.html"
    fieldsets = (
        (None, {"fields": ("label", "type", "starts_at", "ends_at", "grace_ends_at")}),
        ("Progress", {"fields": ("status", "progress", "locked_at", "posted_at", "published_at")}),
        (
            "Figures",
            {
                "fields": (
                    "figures", "as_of", "behind", "commissionable", "earned", "payout_ratio",
                    "members", "sales", "run",
                )
            },
        ),
    )  # fmt: skip
    readonly_fields = (
        "progress", "figures", "as_of", "behind", "commissionable", "earned", "payout_ratio",
        "members", "sales", "run",
    )  # fmt: skip

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Period]:
        """Return periods with the run that speaks for each, in one more query for all of them."""
        reaching = Change.objects.filter(effective_at__lt=OuterRef("ends_at"))
        waiting = reaching.order_by("recorded_at").values("recorded_at")[:1]
        counted = Q(kind=Run.Kind.LIVE) | Q(status=Run.Status.POSTED)
        runs = Run.objects.filter(counted, generation__gt=0).select_related("plan_version")
        runs = runs.defer("plan_version__text").order_by("-posted_at", "pk")
        periods: QuerySet[Period] = super().get_queryset(request)
        with_runs = Prefetch("runs", queryset=runs, to_attr="counted_runs")
        return periods.annotate(waiting_since=Subquery(waiting)).prefetch_related(with_runs)

    @override
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Show how far the period's closing is; to htmx nothing else.

        Where its state is another than the page shows, everything is loaded anew, buttons included.
        """
        period = options.get("obj")
        context["closing"] = closing = closing_shown(period) if period else None
        if not getattr(request, "htmx", False):
            return super().render_change_form(request, context, *args, **options)
        if closing is None or closing["seen"].state != request.GET.get("shown"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return TemplateResponse(request, f"{self.change_form_template}#closing", context)

    def _run(self, period: Period) -> Run | None:
        """Return the posted run, and where there is none, the live one."""
        runs: list[Run] = getattr(period, "counted_runs", [])
        posted = [run for run in runs if run.status == Run.Status.POSTED]
        return next(iter(posted or runs), None)

    @admin.display(description="what is left")
    def progress(self, period: Period) -> str:
        """Return what stands between the period and its final figures."""
        if period.published_at:
            return "Nothing: it is posted, and members see it as final."
        if period.posted_at:
            return "Posted; being shown to members."
        if period.is_locked:
            return "Locked, and not posted yet."
        return f"Takes orders and returns; can be closed from {day(period.grace_ends_at)} on."

    @admin.display(description="figures")
    def figures(self, period: Period) -> str | None:
        """Return how far the figures can be relied on."""
        run = self._run(period)
        return state_of(run).value if run else None

    @admin.display(description="as of")
    def as_of(self, period: Period) -> str | None:
        """Return the moment whose orders and network the figures show."""
        run = self._run(period)
        return moment(run.as_of) if run else None

    @admin.display(description="behind")
    def behind(self, period: Period) -> str | None:
        """Return since when the oldest change waits that live figures do not show yet."""
        since: datetime | None = getattr(period, "waiting_since", None)
        if period.is_locked or self._run(period) is None:
            return None
        return f"since {moment(since)}" if since else "no"

    @admin.display(description="commissionable")
    def commissionable(self, period: Period) -> str | None:
        """Return all commissionable volume, in money."""
        run = self._run(period)
        return money(run.commissionable_minor, run.currency) if run else None

    @admin.display(description="earned by all")
    def earned(self, period: Period) -> str | None:
        """Return the sum of all earnings."""
        run = self._run(period)
        return money(run.total_minor, run.currency) if run else None

    @admin.display(description="payout ratio")
    def payout_ratio(self, period: Period) -> str | None:
        """Return all earnings as a part of all commissionable volume."""
        run = self._run(period)
        return share(run.total_minor, run.commissionable_minor) if run else None

    @admin.display(description="members in it")
    def members(self, period: Period) -> int | None:
        """Return how many distributors have a standing."""
        run = self._run(period)
        return run.members_count if run else None

    @admin.display(description="sales in it")
    def sales(self, period: Period) -> int | None:
        """Return how many sales were looked at."""
        run = self._run(period)
        return run.sales_count if run else None

    @admin.display(description="run")
    def run(self, period: Period) -> SafeString | None:
        """Return a link to the run that these figures are of."""
        run = self._run(period)
        if run is None:
            return None
        address = reverse("admin:commissions_run_change", args=[run.pk])
        return format_html('<a href="{}">{}</a>, plan {}', address, run, run.plan_version)
