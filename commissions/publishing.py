"""Writing what a run found: all at once for a new run, only what changed for the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db.backends.utils import CursorWrapper

from commissions import partitions
from commissions.books import as_column, named_columns
from commissions.carrying import STATE, STATE_KEY, StateRows
from commissions.engine import digest_columns
from commissions.models import Run
from mlm.copying import Rows, copy_in, copy_out

EARNINGS: Final = np.dtype(
    [
        ("member_id", "i8"),
        ("bonus", "i2"),
        ("level", "i4"),
        ("rate_ppm", "i4"),
        ("reverses", "i8"),
        ("lines", "i8"),
        ("base", "i8"),
        ("amount_minor", "i8"),
    ]
)
EARNING_KEY: Final = ("member_id", "bonus", "level", "rate_ppm", "reverses")


def standings_dtype(figures: int) -> np.dtype[np.void]:
    """Return the columns of standings with so many figures beyond PV, CV and GV."""
    return np.dtype(
        [
            ("member_id", "i8"),
            ("pv", "i8"),
            ("cv", "i8"),
            ("gv", "i8"),
            ("is_active", "?"),
            ("rank", "i2"),
            ("paid_as", "i2"),
            ("title", "i2"),
            ("highest", "i2"),
            ("paid_as_before", "i2"),
            ("figures", "i8", (figures,)),
        ]
    )


@dataclass(frozen=True, eq=False)
class Found:
    """What a run found, as its tables have it; each in the order of its key."""

    standings: Rows
    earnings: Rows
    state: StateRows

    @property
    def further(self) -> int:
        """Return how many figures standings have beyond PV, CV and GV."""
        return int(self.standings.dtype["figures"].shape[0])

    @cached_property
    def digest(self) -> str:
        """Return the digest of everything."""
        columns = {
            "state.keys": as_column("\0".join(self.state.keys)),
            "state.ranks": as_column("\0".join(self.state.ranks)),
        }
        for part, rows in (
            ("standings", self.standings),
            ("earnings", self.earnings),
            ("state", self.state.rows),
        ):
            columns |= named_columns(part, rows)
        return digest_columns(columns)

    def tables(self) -> Iterator[tuple[str, Rows, tuple[str, ...]]]:
        """Yield each parent table, its rows and their key."""
        yield partitions.STANDINGS, self.standings, ("member_id",)
        yield partitions.EARNINGS, self.earnings, EARNING_KEY
        yield partitions.STATE, self.state.rows, STATE_KEY


def write_new(
    cursor: CursorWrapper,
    run_id: int,
    found: Found,
    *,
    is_live: bool = False,
    has_written: Callable[[int], None] = lambda rows: None,
) -> None:
    """Write a new run's figures into its own tables and attach them: it appears at once.

    `has_written` is told how many rows each table got, and may raise.
    """
    partitions.create_apart(cursor, run_id, is_rewritten=is_live)
    for parent, rows, _ in found.tables():
        name = partitions.table_of(parent, run_id)
        copy_in(cursor, name, _with_run(rows, run_id), freeze=True)
        has_written(len(rows))
    partitions.attach(cursor, run_id)


def write_difference(cursor: CursorWrapper, run_id: int, before: Found, found: Found) -> bool:
    """Bring a run's tables, which hold `before`, to what was found: only rows that differ.

    Return whether anything does.
    """
    count = 0
    for (parent, rows, key), (_, old, _) in zip(found.tables(), before.tables(), strict=True):
        stale, fresh = difference(old, rows, key)
        _delete(cursor, parent, run_id, _without(stale, fresh, key), key)
        _put(cursor, parent, run_id, fresh, key)
        count += len(stale) + len(fresh)
    return count > 0


def read_found(cursor: CursorWrapper, run: Run, figures: int) -> Found:
    """Read back what a run found; standings have so many figures beyond PV, CV and GV."""

    def rows(parent: str, dtype: np.dtype[Any], key: tuple[str, ...]) -> Rows:
        return read_rows(cursor, partitions.table_of(parent, run.pk), dtype, key)

    state = rows(partitions.STATE, STATE, STATE_KEY)
    return Found(
        standings=rows(partitions.STANDINGS, standings_dtype(figures), ("member_id",)),
        earnings=rows(partitions.EARNINGS, EARNINGS, EARNING_KEY),
        state=StateRows(tuple(run.state_keys), tuple(run.state_ranks), state),
    )


def read_rows(
    cursor: CursorWrapper, table: str, dtype: np.dtype[Any], key: tuple[str, ...]
) -> Rows:
    """Read a run's rows back, in the order of their key."""
    columns = ", ".join(dtype.names or ())
    query = f"SELECT {columns} FROM {table} ORDER BY {', '.join(key)}"  # noqa: S608 - own names
    return copy_out(cursor, query, dtype)


def difference(old: Rows, new: Rows, key: tuple[str, ...]) -> tuple[Rows, Rows]:
    """Return the rows that are only in `old` and those only in `new`; both sorted by member first.

    Mostly both have the same keys. Otherwise members whose rows are alike are passed over in bulk,
    and only the others are looked at one by one.
    """
    if len(old) == len(new) and all(np.array_equal(old[name], new[name]) for name in key):
        changed = old != new
        return old[changed], new[changed]
    members = _union(old["member_id"], new["member_id"])
    old_from, old_to = _ranges(old, members)
    new_from, new_to = _ranges(new, members)
    alike = (old_to - old_from) == (new_to - new_from)
    owner = np.searchsorted(members, new["member_id"])
    twin = np.arange(len(new)) - new_from[owner] + old_from[owner]
    comparable = alike[owner]
    same = np.zeros(len(new), dtype=np.bool_)
    same[comparable] = old[twin[comparable]] == new[comparable]
    np.logical_and.at(alike, owner, same)
    left = ~alike
    return _only_first(old[left[np.searchsorted(members, old["member_id"])]], new[left[owner]])


def _union(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the values of two sorted columns, each once."""
    together: npt.NDArray[np.int64] = np.sort(np.concatenate([one, other]), kind="stable")
    first: npt.NDArray[np.bool_] = np.diff(together, prepend=-1) > 0
    return together[first]


def _ranges(
    rows: Rows, members: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    return (
        np.searchsorted(rows["member_id"], members, side="left"),
        np.searchsorted(rows["member_id"], members, side="right"),
    )


def _only_first(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    old_set = {row.tobytes() for row in old}
    new_set = {row.tobytes() for row in new}
    stale = np.fromiter((row.tobytes() not in new_set for row in old), np.bool_, len(old))
    fresh = np.fromiter((row.tobytes() not in old_set for row in new), np.bool_, len(new))
    return old[stale], new[fresh]


def _without(rows: Rows, others: Rows, key: tuple[str, ...]) -> Rows:
    """Return the keys of those rows whose key no other has."""
    fields = [(name, rows.dtype[name]) for name in key]
    keys, theirs = np.empty(len(rows), dtype=fields), np.empty(len(others), dtype=fields)
    for name in key:
        keys[name], theirs[name] = rows[name], others[name]
    return keys[~np.isin(keys, theirs)] if len(theirs) else keys


def _delete(
    cursor: CursorWrapper, parent: str, run_id: int, keys: Rows, key: tuple[str, ...]
) -> None:
    if not len(keys):
        return
    stale = _waiting_room(cursor, parent, "stale")
    copy_in(cursor, stale, _with_run(keys, run_id))
    match = " AND ".join(f"t.{name} = s.{name}" for name in ("run_id", *key))
    table = partitions.table_of(parent, run_id)
    cursor.execute(f"ANALYZE {stale}")
    cursor.execute(f"DELETE FROM {table} t USING {stale} s WHERE {match}")  # noqa: S608 - own names


def _put(cursor: CursorWrapper, parent: str, run_id: int, rows: Rows, key: tuple[str, ...]) -> None:
    """Insert rows, or write over those with their keys: one look into the index for each.

    Rows are changed where they are, as long as their page has room, and no index grows by it.
    """
    if not len(rows):
        return
    fresh = _waiting_room(cursor, parent, "fresh")
    copy_in(cursor, fresh, _with_run(rows, run_id))
    names = ("run_id", *(rows.dtype.names or ()))
    others = [f"{name} = EXCLUDED.{name}" for name in names if name not in ("run_id", *key)]
    then = f"UPDATE SET {', '.join(others)}" if others else "NOTHING"
    columns = ", ".join(names)
    cursor.execute(
        f"INSERT INTO {partitions.table_of(parent, run_id)} ({columns})"  # noqa: S608 - own names
        f" SELECT {columns} FROM {fresh}"
        f" ON CONFLICT ({', '.join(('run_id', *key))}) DO {then}"
    )


def _waiting_room(cursor: CursorWrapper, parent: str, what: str) -> str:
    """Return a table of this connection's own, laid out like a parent, empty in each transaction.

    It is made once: tables that come and go leave their traces in PostgreSQL's catalogue.
    """
    name = f"{what}_{parent}"
    cursor.execute("SELECT to_regclass(%s)", [f"pg_temp.{name}"])
    if cursor.fetchone()[0] is None:
        cursor.execute(
            f"CREATE TEMP TABLE {name} ON COMMIT DELETE ROWS AS SELECT * FROM {parent} LIMIT 0"  # noqa: S608 - own names
        )
    else:
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - own names
    return name


def _with_run(rows: Rows, run_id: int) -> Rows:
    names = rows.dtype.names or ()
    full = np.empty(
        len(rows), dtype=[("run_id", "i8"), *((name, rows.dtype[name]) for name in names)]
    )
    full["run_id"] = run_id
    for name in names:
        full[name] = rows[name]
    return full
