"""Many rows in one INSERT: each column travels as one array, and the server unrolls them.

What Django's `bulk_create` does, for a tenth of its time, and able to say which rows were new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from mlm import preparing
from mlm.loading import rows_of


def insert_all(
    model: type[Model],
    columns: Mapping[str, Sequence[Any]],
    *,
    returning: Sequence[str] = (),
    skip_taken: bool = False,
) -> list[tuple[Any, ...]]:
    """Insert rows of a model, in their order, and return what was asked back of each new one.

    Given are values by attribute (`buyer_id`, not `buyer`); the database fills in the others. With
    `skip_taken`, a row that a unique constraint speaks against is left out, after waiting for
    whoever is about to write the other.
    """
    if not any(map(len, columns.values())):
        return []
    statement = _statement(model, tuple(columns), tuple(returning), skip_taken)
    arrays = [array_text(values) for values in columns.values()]
    if returning:
        return rows_of(statement, arrays)
    with connection.cursor() as cursor:
        preparing.execute(cursor, statement, arrays)
    return []


def columns_of(rows: Sequence[Any], fields: Iterable[str]) -> dict[str, list[Any]]:
    """Return the values of some attributes of rows, by attribute."""
    return {name: [getattr(row, name) for row in rows] for name in fields}


@cache
def _statement(
    model: type[Model],
    fields: Sequence[str],
    returning: Sequence[str],
    skip_taken: bool,  # noqa: FBT001  (remembered by place)
) -> str:
    known = {field.attname: field for field in model._meta.concrete_fields}
    columns = {name: str(field.column) for name, field in known.items()}
    names = [columns[name] for name in fields]
    # Without the length: a cast to varchar(40) would cut a text off, the column refuses it
    types = [str(known[name].db_type(connection)).partition("(")[0] for name in fields]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    parts = [
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)})",
        f"SELECT * FROM unnest({arrays})",  # noqa: S608  (names and types of our own models)
    ]
    if skip_taken:
        parts.append("ON CONFLICT DO NOTHING")
    if returning:
        parts.append(f"RETURNING {', '.join(columns[name] for name in returning)}")
    return " ".join(parts)


def array_text(values: Sequence[Any]) -> str:
    r"""Return values as PostgreSQL writes an array.

    >>> array_text([1, 2]), array_text([1, None, True]), array_text(['a "b"', "c\\d", ""])
    ('{1, 2}', '{1,NULL,true}', '{"a \\"b\\"","c\\\\d",""}')
    """
    if set(map(type, values)) == {int}:
        return f"{{{str(list(values))[1:-1]}}}"
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value.isoformat()}"' if isinstance(value, datetime) else str(value)
