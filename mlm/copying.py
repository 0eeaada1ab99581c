"""PostgreSQL's binary COPY, straight from and into numpy arrays.

Millions of rows a second both ways through psycopg2, where row by row it would be thousands. It
works for columns of fixed width that are never NULL (COALESCE them in the query); times travel as
int8 microseconds since 2000 and are turned into PostgreSQL's own on the way.
"""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_TRAILER: Final = struct.pack(">h", -1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_INTEGER_OID: Final = 23
_CHUNK_ROWS: Final = 500_000


class CopyCursor(Protocol):
    """The part of a psycopg2 cursor that COPY needs; Django's cursor wrapper passes it on."""

    def copy_expert(self, sql: str, file: Any, size: int = 8192) -> None:
        """Run a COPY statement with `file` as its other end."""


def microseconds(moment: datetime) -> int:
    """Return a moment as PostgreSQL stores it: microseconds since the start of 2000 in UTC.

    >>> microseconds(datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    gap = moment - _EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def moment_of(value: int) -> datetime:
    """Return the moment of so many microseconds since the start of 2000.

    >>> moment_of(1_000_000)
    datetime.datetime(2000, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc)
    """
    return datetime.fromtimestamp(_EPOCH.timestamp() + value // 1_000_000, tz=UTC).replace(
        microsecond=value % 1_000_000
    )


def copy_out(cursor: CopyCursor, query: str, dtype: npt.DTypeLike) -> Rows:
    """Return the rows of a query as a structured array with the given fields, in their order.

    The query's columns must be of the very types: i8 for bigint and times, i4 for integer, i2 for
    smallint, ? for boolean, S1 for "char". A NULL or another width is refused.
    """
    fields = np.dtype(dtype)
    wire = _wire_format(fields)
    buffer = io.BytesIO()
    cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer, 1 << 20)
    body = len(buffer.getbuffer()) - len(_SIGNATURE) - len(_TRAILER)
    count, odd = divmod(body, wire.itemsize)
    if odd or body < 0:
        raise ValueError("the query gives NULLs or columns of other widths than asked for")
    raw = np.frombuffer(buffer.getbuffer(), dtype=wire, count=count, offset=len(_SIGNATURE))
    rows = np.empty(count, dtype=fields)
    for name in fields.names or ():
        if (raw[f"{name}.size"] != fields[name].itemsize).any():
            raise ValueError(f"column {name} is NULL or of another width than {fields[name]}")
        rows[name] = raw[name]
    return rows


def copy_in(cursor: CopyCursor, table: str, rows: Rows, *, freeze: bool = False) -> int:
    """Write a structured array into a table's columns of the same names; return how many rows.

    A field of shape (n,) and kind i4 becomes an integer array. `freeze` needs a table that was
    made in the same transaction.
    """
    fields = rows.dtype
    wire = _wire_format(fields)
    option = ", FREEZE" if freeze else ""
    columns = ", ".join(fields.names or ())
    stream = _Stream(rows, wire)
    sql = f"COPY {table} ({columns}) FROM STDIN (FORMAT binary{option})"
    cursor.copy_expert(sql, stream, 1 << 20)
    return len(rows)


def _wire_format(fields: np.dtype[Any]) -> np.dtype[Any]:
    """Return the layout of one row on the wire: a count, then each column behind its length."""
    parts: list[tuple[str, Any]] = [(".columns", ">i2")]
    for name in fields.names or ():
        parts.append((f"{name}.size", ">i4"))
        if fields[name].shape:
            head = 5 if fields[name].shape[0] else 3
            parts.append((f"{name}.head", ">i4", (head,)))  # type: ignore[arg-type]  # triple
            element = np.dtype([("size", ">i4"), ("value", ">i4")])
            parts.append((name, element, fields[name].shape))  # type: ignore[arg-type]  # triple
        else:
            parts.append((name, fields[name].newbyteorder(">")))
    return np.dtype(parts)


class _Stream:
    """A file-like end for COPY FROM that packs the rows in chunks while they are read."""

    def __init__(self, rows: Rows, wire: np.dtype[Any]) -> None:
        self._rows = rows
        self._wire = wire
        self._at = 0
        self._ready: memoryview = memoryview(_SIGNATURE)
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none when everything was read."""
        if not self._ready and not self._ended:
            self._pack_next()
        size = len(self._ready) if size < 0 else size
        taken, self._ready = self._ready[:size], self._ready[size:]
        return bytes(taken)

    def _pack_next(self) -> None:
        chunk = self._rows[self._at : self._at + _CHUNK_ROWS]
        self._at += len(chunk)
        if not len(chunk):
            self._ended = True
            self._ready = memoryview(_TRAILER)
            return
        self._ready = memoryview(_pack(chunk, self._wire))


def _pack(rows: Rows, wire: np.dtype[Any]) -> bytes:
    packed = np.zeros(len(rows), dtype=wire)
    names = rows.dtype.names or ()
    packed[".columns"] = len(names)
    for name in names:
        shape = rows.dtype[name].shape
        if not shape:
            packed[f"{name}.size"] = rows.dtype[name].itemsize
            packed[name] = rows[name]
        elif shape[0] == 0:
            packed[f"{name}.size"] = 12
            packed[f"{name}.head"] = (0, 0, _INTEGER_OID)
        else:
            packed[f"{name}.size"] = 20 + 8 * shape[0]
            packed[f"{name}.head"] = (1, 0, _INTEGER_OID, shape[0], 1)
            packed[name]["size"] = 4
            packed[name]["value"] = rows[name]
    return packed.tobytes()
