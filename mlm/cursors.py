"""Pages of long lists: a signed place to go on from, so that rows that come or go shift nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from mlm.fields import QueryNumberField, StrictSerializer

SALT: Final = "mlm.cursors"
MOST_ROWS: Final = 200
USUAL_ROWS: Final = 50

Row = TypeVar("Row", bound=Model)


class PageIn(StrictSerializer):
    """Which page of a list."""

    limit = QueryNumberField(
        min_value=1, max_value=MOST_ROWS, default=USUAL_ROWS, help_text="How many rows at most."
    )
    cursor = serializers.CharField(
        required=False, max_length=500, help_text="`next_cursor` of the page before."
    )


def page_of(
    rows: QuerySet[Row], *, by: Sequence[str], limit: int, cursor: str | None
) -> tuple[list[Row], str | None]:
    """Return the next rows in the order of the columns `by`, and the cursor after them if any.

    One query. The columns together must be unique; a cursor of another order is refused.
    """
    if cursor:
        rows = rows.filter(_after(by, _place(cursor, by)))
    found = list(rows.order_by(*by)[: limit + 1])
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    values = [_plain(_value(page[-1], column)) for column in by]
    return page, signing.dumps([list(by), values], salt=SALT)


def _place(cursor: str, by: Sequence[str]) -> list[str]:
    try:
        order, values = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        order, values = None, []
    if order != list(by):
        wrong = "This is no cursor of this list: take `next_cursor` as it came, same filters."
        raise ValidationError({"cursor": [ErrorDetail(wrong, "wrong_cursor")]})
    return list(values)


def _after(by: Sequence[str], values: Sequence[str]) -> Q:
    """Return the condition of what comes after a place, in the form that an index can serve."""
    condition = Q(**{f"{by[-1]}__gt": values[-1]})
    for column, value in reversed(list(zip(by[:-1], values[:-1], strict=True))):
        from_here = Q(**{f"{column}__gte": value})
        condition = from_here & (Q(**{f"{column}__gt": value}) | condition)
    return condition


def _value(row: Model, column: str) -> Any:
    value: Any = row
    for name in column.split("__"):
        value = getattr(value, name)
    return value


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
