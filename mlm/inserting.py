"""Many rows in one INSERT: each column travels as one array, and the server unrolls them.

What Django's `bulk_create` does, for a tenth of its time, and able to say which rows were new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model


def insert_all(
    rows: Sequence[Model],
    fields: Sequence[str],
    *,
    returning: Sequence[str] = (),
    skip_taken: bool = False,
) -> list[tuple[Any, ...]]:
    """Insert rows of one model, in their order, and return what was asked back of each new one.

    Written are the named attributes (`buyer_id`, not `buyer`); the database fills in the others.
    With `skip_taken`, a row that a unique constraint speaks against is left out, after waiting for
    whoever is about to write the other. Rows keep their values: nothing is set on them.
    """
    if not rows:
        return []
    columns = {name: [getattr(row, name) for row in rows] for name in fields}
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(type(rows[0]), fields, returning=returning, skip_taken=skip_taken),
            [array_text(values) for values in columns.values()],
        )
        return list(cursor.fetchall()) if returning else []


def _statement(
    model: type[Model], fields: Sequence[str], *, returning: Sequence[str], skip_taken: bool
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


def array_text(values: Iterable[Any]) -> str:
    r"""Return values as PostgreSQL writes an array.

    >>> array_text([1, None, True]), array_text(['a "b"', "c\\d", ""])
    ('{1,NULL,true}', '{"a \\"b\\"","c\\\\d",""}')
    """
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
