"""What people did to the business, with their reasons: read only, for everybody."""

from __future__ import annotations

from django.contrib import admin

from distributors.models import BusinessEvent
from mlm.staff.pages import ReadOnlyAdmin


@admin.register(BusinessEvent)
class BusinessEventAdmin(ReadOnlyAdmin):
    """Events, the newest first; found by kind or by a member's code."""

    list_display = ("happened_at", "kind", "member", "actor", "reason")
    list_filter = ("happened_at",)
    list_select_related = ("member", "actor")
    sortable_by = ()
    ordering = ("-pk",)
    search_fields = ("=kind", "=member__code")
    search_help_text = "A kind of event as it is listed, or a member's whole code."
    fields = ("happened_at", "kind", "member", "actor", "reason", "detail", "recorded_at")
