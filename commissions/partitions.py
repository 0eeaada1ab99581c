"""The tables of one run: made apart, filled, and attached when they are complete.

So rows are copied without looking keys up, and keys are built over all of them at once. A run
appears at once or not at all. Attaching is the only step that others could notice, so it waits for
nobody long.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.utils import CursorWrapper

STANDINGS: Final = "commissions_standing"
EARNINGS: Final = "commissions_earning"
STATE: Final = "commissions_state"
_KEYS: Final = {
    STANDINGS: "run_id, member_id",
    EARNINGS: "run_id, member_id, bonus, level, rate_ppm, reverses",
    STATE: "run_id, member_id, key, label, value",
}

_ORDERS: Final = {STANDINGS: [f"{name} DESC, member_id DESC" for name in ("gv", "pv", "paid_as")]}
"""In which orders the first few of a large team are asked for."""

_REWRITTEN = (
    " WITH (fillfactor = 70,"
    " autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)"
)


def table_of(parent: str, run_id: int) -> str:
    """Return the name of a run's own table under `parent`."""
    return f"{parent}_{run_id}"


def create_apart(cursor: CursorWrapper, run_id: int, *, is_rewritten: bool = False) -> None:
    """Make a run's tables, empty, with no index, attached to nothing yet.

    A live run's rows are written over again and again: its pages keep room for that, and are
    cleaned when a fiftieth of the rows has been written over.
    """
    for parent in _KEYS:
        name = table_of(parent, run_id)
        cursor.execute(
            f"CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            f"{_REWRITTEN if is_rewritten else ''}"
        )


def attach(cursor: CursorWrapper, run_id: int) -> None:
    """Index a run's tables and make them part of the large ones, in this transaction."""
    for parent, key in _KEYS.items():
        name = table_of(parent, run_id)
        cursor.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({key})")
        for columns in _ORDERS.get(parent, ()):
            cursor.execute(f"CREATE INDEX ON {name} ({columns})")
        cursor.execute(f"ALTER TABLE {name} ADD CONSTRAINT {name}_run CHECK (run_id = {run_id})")
    cursor.execute("SET LOCAL lock_timeout = '5s'")
    for parent in _KEYS:
        name = table_of(parent, run_id)
        cursor.execute(f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES IN ({run_id})")
        cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {name}_run")


def drop(cursor: CursorWrapper, run_id: int, *, patience: str = "5s") -> None:
    """Take a live run's tables away; `OperationalError` if readers do not let it in for so long.

    Whoever comes to read meanwhile waits behind it.
    """
    cursor.execute("SET LOCAL lock_timeout = %s", [patience])
    for parent in _KEYS:
        name = table_of(parent, run_id)
        cursor.execute(f"ALTER TABLE {parent} DETACH PARTITION {name}")
        cursor.execute(f"DROP TABLE {name}")


def make_append_only(cursor: CursorWrapper, run_id: int) -> None:
    """Let nobody change a posted run's rows any more."""
    for parent in _KEYS:
        name = table_of(parent, run_id)
        cursor.execute(
            f"CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE ON {name}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
