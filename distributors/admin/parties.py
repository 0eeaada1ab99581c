"""People and companies, and which member each of them holds.

Who may change parties (Genealogy) may correct names and addresses, and record or end a holding; a
holding's member, party and beginning stay as they were recorded.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from typing_extensions import override

from distributors.models import Holding, Login, Member, Party
from distributors.searching import matching
from mlm.staff.fields import MomentField
from mlm.staff.pages import ReadOnlyRows, SearchedByIndex, StaffAdmin

_HELD_MAX: Final = 1_000


class PartyHoldingRows(ReadOnlyRows):
    """What the party holds."""

    model = Holding
    fields = readonly_fields = ("member", "capacity", "effective_from", "effective_until")
    ordering = ("effective_from", "pk")

    @override
    def get_queryset(self, request: HttpRequest) -> Any:
        """Return holdings with their members."""
        return super().get_queryset(request).select_related("member")


class LoginRows(ReadOnlyRows):
    """Who signs in for the party."""

    model = Login
    fields = readonly_fields = ("user",)

    @override
    def get_queryset(self, request: HttpRequest) -> Any:
        """Return logins with their users."""
        return super().get_queryset(request).select_related("user")


@admin.register(Party)
class PartyAdmin(SearchedByIndex, StaffAdmin):
    """Parties; found by the member they hold, or by the whole e-mail address."""

    list_display = ("name", "kind", "email", "phone")
    list_filter = ("kind",)
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("name",)  # what is really looked at: found_by
    search_help_text = "A whole e-mail address; or of a member held: part of the name, or code."
    fields = ("kind", "name", "email", "phone", "birth_date", "created_at")
    readonly_fields = ("created_at",)
    inlines = (PartyHoldingRows, LoginRows)

    @override
    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return what matches, each condition by an index of its own."""
        if "@" in text:
            return rows.filter(email=text.lower())
        members = Member.objects.filter(matching(text)).values_list("pk", flat=True)
        held = Holding.objects.filter(member__in=list(members[:_HELD_MAX]))
        return rows.filter(pk__in=list(held.values_list("party_id", flat=True)))


class HoldingForm(forms.ModelForm[Holding]):
    """A holding, with moments as the device picks them."""

    effective_from = MomentField()
    effective_until = MomentField(required=False)

    class Meta:
        model = Holding
        fields = ("member", "party", "capacity", "effective_from", "effective_until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            for name in {"member", "party", "capacity", "effective_from"} & self.fields.keys():
                self.fields[name].disabled = True

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a second holder of a member at a time; the database has the last word."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = answers.get("effective_from"), answers.get("effective_until")
        if self.errors or answers["capacity"] != Holding.Capacity.HOLDER:
            return answers
        others = Holding.objects.filter(
            Q(effective_until=None) | Q(effective_until__gt=starts),
            member=answers["member"],
            capacity=Holding.Capacity.HOLDER,
        ).exclude(pk=self.instance.pk)
        if ends is not None:
            others = others.filter(effective_from__lt=ends)
        if other := others.select_related("party").first():
            raise ValidationError(
                f"{other.party} holds {answers['member']} in that time: end that holding first.",
                code="two_holders",
            )
        return answers


@admin.register(Holding)
class HoldingAdmin(SearchedByIndex, StaffAdmin):
    """Who holds which member; a change of hands ends one holding and begins another."""

    form = HoldingForm
    list_display = ("member", "party", "capacity", "effective_from", "effective_until")
    list_filter = ("capacity",)
    list_select_related = ()  # joined, also rows of pages before would be: they are prefetched
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("=member__code", "=party__email")  # what is looked at: found_by
    search_help_text = "A whole member code, or a whole e-mail address."
    raw_id_fields = ("member", "party")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        """Return holdings with who holds what, in two more queries for all of them."""
        found: QuerySet[Holding] = super().get_queryset(request)
        return found.prefetch_related("member", "party")

    @override
    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return holdings of that member, or of parties with that address; each by an index."""
        if "@" in text:
            parties = Party.objects.filter(email=text.lower()).values_list("pk", flat=True)
            return rows.filter(party__in=list(parties))
        return rows.filter(member__in=Member.objects.filter(code=text.upper()))
