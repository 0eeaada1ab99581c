"""Writing a plan: where to start from, and what a text comes to before anything is kept.

Everything works without scripts: the buttons "Check" and "Lay out" send the form to an address of
their own, which gives it back as it was typed, with what was found around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from typing_extensions import override

from commissions.admin.plan_forms import TEXT_MAX, plain_lines
from commissions.models import Period, PeriodType, PlanVersion
from commissions.plan import PlanError
from commissions.plan.layout import format_plan
from commissions.rhythms import cadence_of
from commissions.selectors.gallery import gallery, starts
from commissions.selectors.plan_checks import (
    PlanCheck,
    check_text,
    findings_of,
    look_at,
    most,
    worst_case_parts,
)
from commissions.selectors.plan_reviews import digest_of
from commissions.services.plans import compiled
from mlm.errors import DomainError
from mlm.staff.pages import StaffAdmin

if TYPE_CHECKING:
    Base = StaffAdmin
else:
    Base = object

COPIES_SHOWN: Final = 30
ASKED: Final = ("period_type", "label", "effective_from", "start", "was")


class PlanEditor(Base):
    """Adds the page to start from, and the check, to the pages of plan versions."""

    @override
    def get_urls(self) -> list[URLPattern]:
        """Return Django's addresses after those of the editor."""
        view = self.admin_site.admin_view
        stem = "commissions_planversion"
        return [
            path("start/", view(self.start_view), name=f"{stem}_start"),
            path("check/", view(self.check_view), name=f"{stem}_check_new"),
            path("<path:object_id>/check/", view(self.check_view), name=f"{stem}_check"),
            *super().get_urls(),
        ]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Show the gallery and the newest versions: each can be the beginning of a new draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        versions = PlanVersion.objects.select_related("period_type").defer("text", "review")
        context = {
            **self.admin_site.each_context(request),
            "title": "New plan",
            "opts": self.opts,
            "starts": starts(),
            "versions": versions.order_by("-created_at", "-pk")[:COPIES_SHOWN],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/commissions/planversion/start.html", context)

    @override
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a new draft begins with: the text that `start` names, and when it could pay.

        `start` is `gallery:` and the code of a plan, or `version:` and the number of a version.
        """
        start = request.GET.get("start", "")
        model = gallery().get(start.removeprefix("gallery:"))
        source = source_of(start) or model
        return {} if source is None else {
            "start": start, "text": source.text, **_suggested(source.text)
        }  # fmt: skip

    def check_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Give the form back as it was typed, with what was found in its text. Nothing is kept."""
        version = None if object_id is None else self.get_object(request, unquote(object_id))
        if object_id is not None and version is None:
            raise Http404
        allowed = (
            self.has_add_permission(request)
            if version is None
            else self.has_change_permission(request, version)
        )
        if not allowed:
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(_address_of(version))
        typed = {name: request.POST.get(name, "") for name in ASKED}
        text = plain_lines(request.POST.get("text", ""))
        laid_out = "format" in request.POST
        if laid_out:
            text = self._laid_out(request, text)
        return self._editor(request, version, {**typed, "text": text}, is_check=not laid_out)

    def _laid_out(self, request: HttpRequest, text: str) -> str:
        try:
            laid_out = format_plan(text)
        except PlanError:
            messages.warning(request, "The text is not laid out: first it has to be TOML.")
            return text
        messages.success(request, "The text is laid out. It is not saved yet.")
        return laid_out

    def _editor(
        self,
        request: HttpRequest,
        version: PlanVersion | None,
        typed: dict[str, str],
        *,
        is_check: bool,
    ) -> HttpResponse:
        """Return the form unsaved, as it was typed."""
        adding = version is None
        form_class = self.get_form(request, version, change=not adding)
        form = form_class(instance=version, initial=typed)
        fieldsets: Any = self.get_fieldsets(request, version)
        admin_form = helpers.AdminForm(
            form,
            list(fieldsets),
            {},
            () if adding else self.get_readonly_fields(request, version),
            model_admin=self,
        )
        text = typed["text"]
        kind = version.period_type if version else _kind(typed["period_type"])
        context = {
            **self.admin_site.each_context(request),
            "title": "New plan" if adding else f"Change {version}",
            "subtitle": None,
            "adminform": admin_form,
            "original": version,
            "is_popup": False,
            "to_field": None,
            "media": self.media + admin_form.media,
            "inline_admin_formsets": [],
            "errors": (),
            "preserved_filters": self.get_preserved_filters(request),
            "check": check_text(text, kind) if is_check else None,
            "checked_digest": digest_of(text),
            "is_too_long": len(text) > TEXT_MAX,
        }
        return self.render_change_form(
            request, context, add=adding, change=not adding, obj=version,
            form_url=_address_of(version),
        )  # fmt: skip

    @override
    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Save a draft; what only the service notices is said on the page, with nothing lost."""
        try:
            return super().changeform_view(request, *args, **options)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            object_id = options.get("object_id") or (args[0] if args else None)
            version = self.get_object(request, unquote(object_id)) if object_id else None
            typed = {name: request.POST.get(name, "") for name in (*ASKED, "text")}
            return self._editor(request, version, typed, is_check=False)

    @override
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Add what a saved text comes to, unless a typed one was checked just now."""
        version = options.get("obj")
        context.setdefault("show_save_and_add_another", False)
        check: PlanCheck | None = context.get("check")
        digest = context.get("checked_digest", "")
        if version is not None and "checked_digest" not in context and not context["errors"]:
            check, digest = look_at(version.text), version.digest
            context["is_saved_text"] = True
        context["check"] = check
        if check is not None and check.review is not None:
            context["findings"] = findings_of(check, digest)
            context["worst_case"] = most(check.review.worst_case)
            context["worst_case_parts"] = worst_case_parts(check.review.worst_case)
        stem = "admin:commissions_planversion"
        context["check_url"] = (
            reverse(f"{stem}_check", args=[version.pk]) if version else reverse(f"{stem}_check_new")
        )
        context["can_write"] = (
            self.has_add_permission(request)
            if version is None
            else self.has_change_permission(request, version)
        )
        context["can_copy"] = version is not None and self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **options)


def source_of(start: str) -> PlanVersion | None:
    """Return the version that a draft is copied from; None if it is taken from anything else."""
    kind, _, code = start.partition(":")
    if kind == "version" and code.isascii() and code.isdigit():
        return PlanVersion.objects.filter(pk=int(code[:18])).first()
    return None


def _kind(code: str) -> PeriodType | None:
    return PeriodType.objects.filter(code=code).first()


def _address_of(version: PlanVersion | None) -> str:
    if version is None:
        return reverse("admin:commissions_planversion_add")
    return reverse("admin:commissions_planversion_change", args=[version.pk])


def _suggested(text: str) -> dict[str, Any]:
    """Return a rhythm that fits a text and the start of its next period, as far as there is one."""
    try:
        cadence = compiled(text).cadence
    except PlanError:
        return {}
    kind = next((one for one in PeriodType.objects.all() if cadence_of(one) == cadence), None)
    if kind is None:
        return {}
    now = timezone.now()  # noqa: TID251  (this is a page)
    ahead = Period.objects.filter(type=kind, starts_at__gt=now).order_by("starts_at").first()
    when = {"effective_from": ahead.starts_at} if ahead else {}
    return {"period_type": kind.pk, **when}
