"""Loading a great many rows: indexes, foreign keys and exclusions go first and come back after.

PostgreSQL then sorts each index once and checks each constraint over the whole table, instead of
doing both row by row: the same guarantee in a fraction of the time. Everything is one transaction;
if a check fails at the end, nothing has happened. Primary keys, CHECKs and triggers stay as they
are all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), contype, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x')
 ORDER BY conrelid::regclass::text, contype DESC, conname
"""
# Guards look versions and holdings up by member while these come: what helps them there stays.
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index i
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
 WHERE i.indrelid = ANY(%s::regclass[])
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
   AND NOT (a.attname = 'member_id' AND i.indpred IS NULL)
UNION ALL
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[]) AND i.indkey[0] = 0
 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that is dropped and made again: what it is called, and the two statements."""

    name: str
    drop: str
    make: str


@contextmanager
def rebuilt_afterwards(
    cursor: CursorWrapper, tables: Sequence[str], *, say: Callable[[str], None]
) -> Iterator[None]:
    """Take what slows inserts down off the tables, and put the very same back at the end.

    Locks the tables until the transaction ends; refuses at once if somebody else uses them.
    """
    cursor.execute("SET LOCAL lock_timeout = '2s'")
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    indexes, keys = _parts(cursor, tables)
    for part in [*keys, *indexes]:
        cursor.execute(part.drop)
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for part in indexes:
        say(f"index {part.name}")
        cursor.execute(part.make)
    cursor.execute(f"ANALYZE {', '.join(tables)}")
    for part in keys:
        say(f"foreign key {part.name}")
        cursor.execute(part.make)


def _parts(cursor: CursorWrapper, tables: Sequence[str]) -> tuple[list[_Part], list[_Part]]:
    """Return what makes indexes, and the foreign keys, which are checked with their help."""
    cursor.execute(_CONSTRAINTS, [list(tables)])
    indexes: list[_Part] = []
    keys: list[_Part] = []
    for table, name, kind, definition in cursor.fetchall():
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        make = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        (keys if kind == "f" else indexes).append(_Part(name, drop, make))
    cursor.execute(_INDEXES, [list(tables), list(tables)])
    indexes += [_Part(name, f"DROP INDEX {name}", make) for name, make in cursor.fetchall()]
    return indexes, keys
