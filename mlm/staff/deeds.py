"""What staff can do to a row through a service: a button, and a page that says what will happen.

Nothing happens on a GET. A refusal of the service is shown with the form, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from typing_extensions import override

from mlm.errors import DomainError
from mlm.staff.pages import StaffAdmin

if TYPE_CHECKING:
    Base = StaffAdmin
else:
    Base = object


@dataclass(frozen=True, slots=True)
class Doing:
    """One deed about to be done: to which row, by whom, when, with what answers."""

    row: Any
    user: Any
    at: datetime
    answers: dict[str, Any]


def always(row: Any) -> bool:
    """Return yes: the deed is offered whatever state the row is in."""
    return True


def nothing_more(row: Any) -> dict[str, Any]:
    """Return nothing: the page says what its sentences say."""
    return {}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that staff can do to a row.

    `explain` returns the sentences that say what will happen; `perform` calls the service and
    returns the sentence that says what did. A `template` of its own gets what `details` returns.
    """

    name: str
    label: str
    permission: str
    explain: Callable[[Any], Sequence[str]]
    perform: Callable[[Doing], str]
    form: Callable[..., forms.Form] = forms.Form
    offered: Callable[[Any], bool] = always
    grave: bool = False
    template: str = "admin/deed.html"
    details: Callable[[Any], dict[str, Any]] = nothing_more


class DeedsMixin(Base):
    """Adds buttons for deeds to a row's page, for those who may do them."""

    deeds: Sequence[Deed] = ()
    change_form_template = "admin/row_with_deeds.html"

    @override
    def get_urls(self) -> list[URLPattern]:
        """Return Django's addresses after those of the deeds."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_deed"
        own = path(
            "<path:object_id>/do/<slug:name>/",
            self.admin_site.admin_view(self.deed_view),
            name=name,
        )
        return [own, *super().get_urls()]

    @override
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Add the deeds that this person may do to this row."""
        row = options.get("obj")
        context["deeds"] = [
            {"label": deed.label, "url": self.deed_url(row, deed), "grave": deed.grave}
            for deed in self.deeds
            if row is not None and request.user.has_perm(deed.permission) and deed.offered(row)
        ]
        return super().render_change_form(request, context, *args, **options)

    def deed_url(self, row: Any, deed: Deed) -> str:
        """Return the address of a deed's page."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_deed"
        return reverse(name, args=[row.pk, deed.name])

    def deed_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Show what a deed will do, and do it when the person says so."""
        deed = next((deed for deed in self.deeds if deed.name == name), None)
        row = self.get_object(request, unquote(object_id))
        if deed is None or row is None:
            raise Http404
        if not self.has_view_permission(request, row) or not request.user.has_perm(deed.permission):
            raise PermissionDenied
        posted = request.method == "POST"
        form = deed.form(request.POST if posted else None, initial={"row": row})
        if posted and form.is_valid():
            at = timezone.now()  # noqa: TID251  (this is a view)
            done = self._try(request, deed, form, Doing(row, request.user, at, form.cleaned_data))
            if done is not None:
                return done
        return self._page(request, deed, row, form)

    def _try(
        self, request: HttpRequest, deed: Deed, form: forms.Form, doing: Doing
    ) -> HttpResponse | None:
        try:
            sentence = deed.perform(doing)
        except DomainError as refusal:
            form.add_error(None, _sentences(refusal))
            return None
        self.log_change(request, doing.row, deed.label)
        messages.success(request, sentence)
        after = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(after, args=[doing.row.pk]))

    def _page(self, request: HttpRequest, deed: Deed, row: Any, form: forms.Form) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **deed.details(row),
            "title": f"{deed.label}: {row}",
            "opts": self.opts,
            "original": row,
            "deed": deed,
            "sentences": deed.explain(row),
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, deed.template, context)


def _sentences(refusal: DomainError) -> list[Any]:
    """Return what a refusal says: one sentence, or each of several reasons by itself."""
    reasons = refusal.extra.get("sentences")
    return list(reasons) if isinstance(reasons, list) else [refusal.message]
