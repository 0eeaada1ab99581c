"""Plans in versions: written as drafts, with every mistake shown in its place, and made live.

Plan authors add and change drafts; making one live is a right of its own (Commission approver), and
so is signing for what is found in one (Compliance officer), so that who writes a plan is not who
lets it pay. A live plan is only read, and copied.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from commissions.admin.plan_deeds import DISCARD, MAKE_LIVE, SIGN
from commissions.admin.plan_editor import PlanEditor, source_of
from commissions.admin.plan_forms import PlanForm
from commissions.models import PlanVersion
from commissions.services.plans import draft_plan, revise_draft
from mlm.staff.deeds import DeedsMixin
from mlm.staff.pages import StaffAdmin

KNOWN = ("status", "profile", "digest", "created_by", "created_at")


@admin.register(PlanVersion)
class PlanVersionAdmin(PlanEditor, DeedsMixin, StaffAdmin):
    """Plan versions; drafts are written here, live ones only read."""

    form = PlanForm
    change_form_template = "admin/commissions/planversion/change_form.html"
    change_list_template = "admin/commissions/planversion/change_list.html"
    list_display = (
        "label", "period_type", "status", "effective_from", "profile", "created_by", "created_at",
    )  # fmt: skip
    list_filter = ("status", "period_type")
    list_select_related = ("period_type", "created_by")
    search_fields = ("label",)
    sortable_by = ()
    ordering = ("-effective_from", "-pk")
    deeds = (MAKE_LIVE, SIGN, DISCARD)

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what a draft is asked for; a plan that is only read shows its lines counted."""
        asked = ("period_type", "label", "effective_from", "text", "start", "was")
        if obj is None:
            return asked
        if self.has_change_permission(request, obj):
            return (*asked, *KNOWN)
        return ("period_type", "label", "effective_from", "lines", *KNOWN)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what is shown only; a draft's rhythm stays."""
        known = (*KNOWN, "lines")
        return (*known, "period_type") if obj else known

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this version is a draft, and the person may write plans."""
        is_draft = obj is None or obj.status == PlanVersion.Status.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanVersion]:
        """Return versions; a list of them leaves their texts out."""
        found = super().get_queryset(request).select_related("period_type", "created_by")
        match = request.resolver_match
        in_list = match is not None and str(match.url_name).endswith("_changelist")
        return found.defer("text", "review") if in_list else found

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the draft through the service, which reads the plan once more."""
        answers = form.cleaned_data
        user: Any = request.user
        wanted = {name: answers[name] for name in ("label", "text", "effective_from")}
        if change:
            saved = revise_draft(obj, revised_by=user, was=answers["was"] or None, **wanted)
        else:
            saved = draft_plan(
                period_type=answers["period_type"],
                created_by=user,
                copied_from=source_of(answers["start"]),
                **wanted,
            )
        obj.__dict__.update(saved.__dict__)

    @admin.display(description="text")
    def lines(self, version: PlanVersion) -> SafeString:
        """Return the text with its lines counted."""
        counted = enumerate(version.text.split("\n"), start=1)
        items = format_html_join("", '<li id="line-{}">{}</li>', counted)
        return format_html(
            '<div class="plan-text" tabindex="0" role="region" aria-label="Text"><ol>{}</ol></div>',
            items,
        )
