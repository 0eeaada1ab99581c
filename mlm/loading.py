"""Rows of two joined tables as instances, by a statement written once.

For the few look-ups that every order makes: there the ORM spends more time on writing the same
statement again than the database on answering it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from mlm import preparing

First = TypeVar("First", bound=Model)
Second = TypeVar("Second", bound=Model)


def rows_of(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, whose text is one of few."""
    with connection.cursor() as cursor:
        preparing.execute(cursor, statement, parameters)
        return list(cursor.fetchall())


def joined(
    first: type[First],
    second: type[Second],
    source: str,
    parameters: Sequence[Any],
    *,
    extra: str = "",
) -> list[tuple[First, Second, tuple[Any, ...]]]:
    """Return pairs of instances, each with the values of the `extra` columns.

    What is the same in the second table is the same instance.

    `source` goes on after FROM, and calls the two tables `a` and `b`.
    """
    names, more = _columns(first, "a"), _columns(second, "b")
    wanted = ", ".join([*names, *more, *([extra] if extra else [])])
    middle, end = len(names), len(names) + len(more)
    known: dict[tuple[Any, ...], Second] = {}
    found = []
    for row in rows_of(f"SELECT {wanted} FROM {source}", parameters):  # noqa: S608  (our own text)
        values = row[middle:end]
        if values not in known:
            known[values] = _made(second, values)
        found.append((_made(first, row[:middle]), known[values], row[end:]))
    return found


@cache
def _columns(model: type[Model], alias: str) -> list[str]:
    return [f"{alias}.{field.column}" for field in model._meta.concrete_fields]


def _made(model: type[First], values: tuple[Any, ...]) -> First:
    """Return an instance as the ORM would make it of a whole row."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), values)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
