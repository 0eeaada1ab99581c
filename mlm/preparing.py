"""Statements that every order sends: planned once on a connection, not each time anew.

To plan a look-up over three tables takes PostgreSQL several times as long as to look up. The plan
is the same for one value and for a thousand, by index whatever the statistics say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.dispatch import receiver

_MOST: Final = 200
"""More statements than this one connection does not keep; what comes then is sent as it is."""
_KNOWN: Final[WeakKeyDictionary[Any, dict[str, str]]] = WeakKeyDictionary()
"""By connection, as the driver has it, how each statement is called for."""


@receiver(connection_created)
def plan_once(connection: Any, **_: Any) -> None:
    """Let a new connection keep the first plan of what it prepares.

    Left to itself it would plan each time: it takes an array that it does not know for ten values,
    and one value at a time seems cheaper.
    """
    with connection.connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")


def execute(cursor: CursorWrapper, statement: str, parameters: Sequence[Any]) -> None:
    """Run a statement, as `cursor.execute` would.

    Its text must be one of few: values belong into parameters.
    """
    cursor.execute(_called(statement), parameters)


def _called(statement: str) -> str:
    """Return what runs a statement; prepare it where this connection does not know it yet."""
    known = _KNOWN.setdefault(connection.connection, {})
    if (call := known.get(statement)) is not None:
        return call
    if len(known) == _MOST:
        return statement
    text, count = _numbered(statement)
    # By what it says: a server's session that somebody else prepared something in, as behind a
    # pool, then refuses or does the same, and never something else
    name = f"prepared_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name} AS {text}")
    places = ", ".join(["%s"] * count)
    call = known[statement] = f"EXECUTE {name} ({places})" if count else f"EXECUTE {name}"
    return call


def _numbered(statement: str) -> tuple[str, int]:
    """Return a statement with PostgreSQL's own places for parameters, and how many there are.

    >>> _numbered("SELECT a FROM b WHERE c = %s AND d = ANY(%s)")
    ('SELECT a FROM b WHERE c = $1 AND d = ANY($2)', 2)
    """
    first, *others = statement.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(others, 1)), len(others)
