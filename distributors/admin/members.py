"""Members as staff see them: what is true now, what was true when, and what can be done.

Support and auditors read; who may change members (Genealogy) does it through services only.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from typing_extensions import override

from distributors.admin.deeds import MOVE, REINSTATE, SUSPEND, TERMINATE
from distributors.models import (
    AgreementAcceptance,
    Holding,
    Member,
    MemberVersion,
    Party,
    Role,
    Status,
)
from distributors.searching import matching
from distributors.selectors import versions_at
from mlm.staff.deeds import DeedsMixin
from mlm.staff.pages import ReadOnlyAdmin, ReadOnlyRows, SearchedByIndex, moment


class NowFilter(admin.SimpleListFilter):
    """Filters members by a column of the version that is true now."""

    column: str

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the members whose version true now says so."""
        if self.value() is None:
            return queryset
        now = versions_at(timezone.now())  # noqa: TID251  (this is a view)
        return queryset.filter(
            Exists(now.filter(member=OuterRef("pk"), **{self.column: self.value()}))
        )


class RoleFilter(NowFilter):
    """Customers or distributors."""

    title = "role now"
    parameter_name = column = "role"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the roles."""
        return Role.choices


class StatusFilter(NowFilter):
    """Members in one state of the life cycle."""

    title = "state now"
    parameter_name = column = "status"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states."""
        return Status.choices


class HoldingRows(ReadOnlyRows):
    """Who holds the member."""

    model = Holding
    fields = readonly_fields = ("party", "capacity", "effective_from", "effective_until")
    verbose_name_plural = "held by"
    ordering = ("effective_from", "pk")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        """Return holdings with their parties."""
        return super().get_queryset(request).select_related("party")


class AcceptanceRows(ReadOnlyRows):
    """The evidence that the agreement was accepted."""

    model = AgreementAcceptance
    fields = readonly_fields = (
        "agreement", "party", "accepted_at", "ip_address", "document_digest", "user_agent",
    )  # fmt: skip
    verbose_name_plural = "agreements accepted"
    ordering = ("-accepted_at",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[AgreementAcceptance]:
        """Return acceptances with what they refer to; the wording itself is left out."""
        found = super().get_queryset(request).select_related("agreement", "party")
        return found.defer("agreement__body")


class VersionRows(ReadOnlyRows):
    """Everything that was ever believed of the member, the latest belief first."""

    model = MemberVersion
    fk_name = "member"
    fields = readonly_fields = (
        "believed", "effective_from", "effective_until", "role", "status", "sponsor", "enroller",
        "recorded_at", "retired_at",
    )  # fmt: skip
    verbose_name_plural = "history: what is true from when to when, and when we knew"
    ordering = (F("retired_at").desc(nulls_first=True), "-effective_from", "-pk")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[MemberVersion]:
        """Return versions with sponsor and enroller."""
        return super().get_queryset(request).select_related("sponsor", "enroller")

    @admin.display(description="valid", boolean=True)
    def believed(self, version: MemberVersion) -> bool:
        """Tell whether this is still what we believe."""
        return version.retired_at is None


@admin.register(Member)
class MemberAdmin(DeedsMixin, SearchedByIndex, ReadOnlyAdmin):
    """Members; searched by code, referral code, name, or a holder's e-mail address."""

    list_display = ("code", "name", "role_now", "status_now", "sponsor_now", "market", "joined_at")
    list_display_links = ("code", "name")
    list_filter = (RoleFilter, StatusFilter, "market", "is_house")
    list_select_related = ("market",)
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("code",)  # what is really looked at: found_by
    search_help_text = "The beginning of a code, part of a name, a referral code, or an address."
    fieldsets = (
        (None, {"fields": ("code", "name", "referral_code", "market", "joined_at", "is_house")}),
        (
            "Now",
            {"fields": ("role_now", "status_now", "sponsor_now", "enroller_now", "since", "see")},
        ),
    )
    readonly_fields = ("role_now", "status_now", "sponsor_now", "enroller_now", "since", "see")
    inlines = (VersionRows, HoldingRows, AcceptanceRows)
    deeds = (MOVE, SUSPEND, REINSTATE, TERMINATE)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        """Return members with the version that is true now, in one more query for all of them."""
        now = versions_at(timezone.now())  # noqa: TID251  (this is a view)
        versions = now.select_related("sponsor", "enroller")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("versions", queryset=versions, to_attr="true_now"))
        )

    @override
    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return what matches, each condition by an index of its own."""
        if "@" in text:
            held = Holding.objects.filter(
                member=OuterRef("pk"), party__in=Party.objects.filter(email=text.lower())
            )
            return rows.filter(Exists(held))
        lowered: QuerySet[Any] = rows.alias(referral_lower=Lower("referral_code"))
        return lowered.filter(matching(text) | Q(referral_lower=text.lower()))

    def _now(self, member: Member) -> MemberVersion | None:
        true_now: list[MemberVersion] = getattr(member, "true_now", [])
        return true_now[0] if true_now else None

    @admin.display(description="role")
    def role_now(self, member: Member) -> str | None:
        """Return what the member is now."""
        version = self._now(member)
        return version.get_role_display() if version else None

    @admin.display(description="state")
    def status_now(self, member: Member) -> str | None:
        """Return where in the life cycle the member is now."""
        version = self._now(member)
        return version.get_status_display() if version else None

    @admin.display(description="sponsor")
    def sponsor_now(self, member: Member) -> SafeString | None:
        """Return a link to whoever the member sits under now."""
        version = self._now(member)
        return _link(version.sponsor) if version and version.sponsor else None

    @admin.display(description="enroller")
    def enroller_now(self, member: Member) -> SafeString | None:
        """Return a link to whoever introduced the member."""
        version = self._now(member)
        return _link(version.enroller) if version and version.enroller else None

    @admin.display(description="so since")
    def since(self, member: Member) -> str | None:
        """Return from when on what is true now is true."""
        version = self._now(member)
        return moment(version.effective_from) if version else None

    @admin.display(description="see also")
    def see(self, member: Member) -> SafeString:
        """Return links to lists about this member."""
        return format_html(
            '<a href="{}?buyer__id__exact={}">orders</a> · '
            '<a href="{}?credited__id__exact={}">orders credited</a> · '
            '<a href="{}?member__id__exact={}">business events</a>',
            reverse("admin:orders_order_changelist"),
            member.pk,
            reverse("admin:orders_order_changelist"),
            member.pk,
            reverse("admin:distributors_businessevent_changelist"),
            member.pk,
        )


def _link(member: Member) -> SafeString:
    address = reverse("admin:distributors_member_change", args=[member.pk])
    return format_html('<a href="{}">{}</a>', address, member)
