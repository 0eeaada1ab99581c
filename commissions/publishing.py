"""Writing what a run found: all at once for a new run, only what changed for the live one."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.backends.utils import CursorWrapper

from commissions import partitions
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


def standings_dtype(counts: int) -> np.dtype[np.void]:
    """Return the columns of standings with so many counted requirements."""
    return np.dtype(
        [
            ("member_id", "i8"),
            ("pv", "i8"),
            ("cv", "i8"),
            ("gv", "i8"),
            ("is_active", "?"),
            ("rank", "i2"),
            ("paid_as", "i2"),
            ("counts", "i4", (counts,)),
        ]
    )


def write_new(cursor: CursorWrapper, run_id: int, standings: Rows, earnings: Rows) -> None:
    """Write a new run's figures into its own tables and attach them: it appears at once."""
    partitions.create_apart(cursor, run_id)
    for parent, rows in ((partitions.STANDINGS, standings), (partitions.EARNINGS, earnings)):
        name = partitions.table_of(parent, run_id)
        copy_in(cursor, name, _with_run(rows, run_id), freeze=True)
    partitions.attach(cursor, run_id)


def write_difference(
    cursor: CursorWrapper, run_id: int, standings: Rows, earnings: Rows
) -> npt.NDArray[np.int64]:
    """Bring a run's tables to these figures; return the members whose figures changed, by id.

    Only rows that differ are written. Both sides are in the order of their keys.
    """
    changed = []
    for parent, rows, key in (
        (partitions.STANDINGS, standings, ("member_id",)),
        (partitions.EARNINGS, earnings, EARNING_KEY),
    ):
        table = partitions.table_of(parent, run_id)
        stale, fresh = difference(read_rows(cursor, table, rows.dtype, key), rows)
        _delete(cursor, table, stale, key)
        copy_in(cursor, table, _with_run(fresh, run_id))
        changed += [stale["member_id"], fresh["member_id"]]
    return np.unique(np.concatenate(changed))


def read_rows(
    cursor: CursorWrapper, table: str, dtype: np.dtype[np.void], key: tuple[str, ...]
) -> Rows:
    """Read a run's rows back, in the order of their key.

    The counts of standings are read one by one, as COPY's arrays are of no fixed width.
    """
    names = dtype.names or ()
    count = dtype["counts"].shape[0] if "counts" in names else 0
    flat = [(name, dtype[name]) for name in names if name != "counts"]
    flat += [(f"count{index}", np.dtype("i4")) for index in range(count)]
    columns = [name for name in names if name != "counts"]
    columns += [f"COALESCE(counts[{index + 1}], -1)" for index in range(count)]
    query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(key)}"  # noqa: S608 - own names
    raw = copy_out(cursor, query, np.dtype(flat))
    rows = np.empty(len(raw), dtype=dtype)
    for name in names:
        if name != "counts":
            rows[name] = raw[name]
    for index in range(count):
        rows["counts"][:, index] = raw[f"count{index}"]
    return rows


def difference(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    """Return the rows that are only in `old` and those only in `new`; both sorted by member first.

    Members whose rows are alike are passed over in bulk; only the others are looked at one by one.
    """
    members = np.union1d(old["member_id"], new["member_id"])
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


def _delete(cursor: CursorWrapper, table: str, stale: Rows, key: tuple[str, ...]) -> None:
    if not len(stale):
        return
    keys = np.empty(len(stale), dtype=[(name, stale.dtype[name]) for name in key])
    for name in key:
        keys[name] = stale[name]
    cursor.execute(
        f"CREATE TEMP TABLE stale ON COMMIT DROP AS SELECT {', '.join(key)} FROM {table} LIMIT 0"  # noqa: S608 - own names
    )
    copy_in(cursor, "stale", keys)
    match = " AND ".join(f"t.{name} = s.{name}" for name in key)
    cursor.execute(f"DELETE FROM {table} t USING stale s WHERE {match}")  # noqa: S608 - own names
    cursor.execute("DROP TABLE stale")


def _with_run(rows: Rows, run_id: int) -> Rows:
    names = rows.dtype.names or ()
    full = np.empty(
        len(rows), dtype=[("run_id", "i8"), *((name, rows.dtype[name]) for name in names)]
    )
    full["run_id"] = run_id
    for name in names:
        full[name] = rows[name]
    return full
