"""Markets, wordings of the agreement, and what each state of the life cycle means.

Agreements are published once and never changed. Policies are changed by whoever may change them;
there is one row for each state, made with the database.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from typing_extensions import override

from distributors import books
from distributors.models import AgreementVersion, Change, Market, StatusPolicy
from distributors.services import publish_agreement
from mlm.staff.fields import EARLIEST, MomentField
from mlm.staff.pages import StaffAdmin


@admin.register(Market)
class MarketAdmin(StaffAdmin):
    """Countries; code and currency stay, since prices and orders are written in them."""

    list_display = ("code", "name", "currency")
    search_fields = ("code", "name")
    ordering = ("code",)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what stays once the market is there."""
        return ("code", "currency") if obj else ()


@admin.register(StatusPolicy)
class StatusPolicyAdmin(StaffAdmin):
    """What each state of the life cycle means."""

    list_display = (
        "status", "earns", "pay_held", "occupies_level", "counts_as_leg", "keeps_volume",
        "may_sign_in", "may_enrol", "customers",
    )  # fmt: skip
    ordering = ("status",)
    readonly_fields = ("status",)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: each state has its row."""
        return False

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the policy, and have the figures of all periods that are not locked worked out."""
        super().save_model(request, obj, form, change)
        books.note_change(Change.Kind.NETWORK, effective_at=EARLIEST)


class AgreementForm(forms.ModelForm[AgreementVersion]):
    """A new wording."""

    effective_from = MomentField()

    class Meta:
        model = AgreementVersion
        fields = ("label", "title", "body", "effective_from")


@admin.register(AgreementVersion)
class AgreementVersionAdmin(StaffAdmin):
    """Wordings of the distributor agreement: added, and then never changed."""

    form = AgreementForm
    list_display = ("label", "title", "effective_from", "created_at")
    ordering = ("-effective_from",)
    search_fields = ("label", "title")
    fields = ("label", "title", "body", "effective_from")

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: what was accepted stays as it was."""
        return False

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields; a published wording shows its digest."""
        return (*self.fields, "digest", "created_at") if obj else self.fields

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[AgreementVersion]:
        """Return wordings without their bodies, which only the page of one needs."""
        return super().get_queryset(request).defer("body")

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Publish the wording; the service adds the digest of its text."""
        made = publish_agreement(**form.cleaned_data)
        obj.pk, obj.digest = made.pk, made.digest
