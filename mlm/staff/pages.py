"""Lists and forms of the company's side that stay quick with a million rows.

Nothing is deleted here, and what only services may write is read-only: see `ReadOnlyAdmin`, and
`mlm.staff.deeds` for what can be done to such a row.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from typing_extensions import override

COUNTED_AT_MOST: Final = 5_000
LOOKED_THROUGH: Final = 50_000


class BoundedPaginator(Paginator[Any]):
    """Pages through the first five thousand rows and counts no further: counting reads them all."""

    counted_at_most = COUNTED_AT_MOST

    @cached_property
    @override
    def count(self) -> int:
        """Return how many rows can be paged through."""
        found = self.object_list
        if isinstance(found, QuerySet):
            return found.order_by()[:COUNTED_AT_MOST].count()
        return len(found)


class PlainChoices(BaseModelAdmin[Any]):
    """Leaves out Django's buttons to add and change rows of other lists beside every choice."""

    @override
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Return the form's field with the choice alone."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


def moment(value: datetime | None) -> str | None:
    """Return a moment as the pages of the company's side write it, in the company's time zone."""
    return date_format(localtime(value), "DATETIME_FORMAT") if value else None


class ListInOrder(ChangeList):
    """A list that offers no orders takes none from the address either: none has an index."""

    @override
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Return the order of the list."""
        if not self.sortable_by:
            self.params.pop(ORDER_VAR, None)
        return list(super().get_ordering(request, queryset))


class StaffAdmin(PlainChoices, admin.ModelAdmin[Any]):
    """A model's pages: bounded lists, no deleting."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would be counted over all rows
    paginator = BoundedPaginator
    list_per_page = 50
    list_max_show_all = 200
    empty_value_display = "-"
    save_on_top = False

    class Media:
        css = {"all": ["staff/staff.css"]}

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the list; an address with what PostgreSQL takes for no text is refused."""
        if any("\x00" in str(value) for value in request.GET.values()):
            raise BadRequest("There is no such list.")
        return super().changelist_view(request, extra_context)

    @override
    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """Return what makes the list."""
        return ListInOrder

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: what pay or history may refer to stays, and is switched off instead."""
        return False


class ReadOnlyAdmin(StaffAdmin):
    """A model's pages where only services write."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False


class NewestFirst(admin.ModelAdmin[Any]):
    """A list of very many rows: what no index serves is looked for among the newest ones only.

    `served` are the parts of an address that an index serves: with one of those in it, all rows are
    looked at.
    """

    looked_through = LOOKED_THROUGH
    served: tuple[str, ...] = ("q",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows; in a list those that are looked through. One more query."""
        found: QuerySet[Any] = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not str(match.url_name).endswith("_changelist"):
            return found
        if any(self.is_served(name, str(value)) for name, value in request.GET.items()):
            return found
        newest = found.model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        return found.filter(pk__gt=(newest or 0) - self.looked_through)

    def is_served(self, name: str, value: str) -> bool:
        """Tell whether an index finds the rows that a part of the address asks for."""
        return name in self.served and bool(value.strip())


class SearchedByIndex(admin.ModelAdmin[Any]):
    """A list with a search of its own, whose every condition is served by an index."""

    def found_by(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows that a text finds; what people typed, without spaces around it."""
        raise NotImplementedError

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that are found; all where nothing is searched for. None comes twice."""
        text = search_term.strip()
        return (self.found_by(queryset, text) if text else queryset), False


class ReadOnlyRows(admin.TabularInline[Any, Any]):
    """Rows that are shown with the one they belong to, and only shown."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False

    @override
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False
