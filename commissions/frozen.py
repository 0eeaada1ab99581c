"""What a posted run keeps for good: everything it was worked out from, and every line.

Columnar files behind the storage `frozen`, in a folder of their own. Digests are of the columns'
values and not of the files, whose bytes change with the library that writes them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from django.core.files import File
from django.core.files.storage import Storage, storages

from commissions.models import Period, Run
from mlm.copying import Rows

LINES: Final = np.dtype(
    [
        ("member_id", "i8"),
        ("bonus", "i2"),
        ("level", "i4"),
        ("rate_ppm", "i4"),
        ("evidence", "i1"),
        ("source_id", "i8"),
        ("source_bonus", "i2"),
        ("reverses", "i8"),
        ("returned_id", "i8"),
        ("base", "i8"),
        ("amount_minor", "i8"),
    ]
)
"""Single lines. What a line rests on is in numbers of the engine (`Evidence`): a sale, or earnings,
legs, a shape and so on of a member; -1 is nobody, and of bonuses all. With `reverses` it takes back
a line of that posted run; `returned_id` is the sale's return."""
FIRST_LINES: Final = np.dtype(
    [
        ("sale_id", "i8"),
        ("member_id", "i8"),
        ("bonus", "i2"),
        ("level", "i4"),
        ("rate_ppm", "i4"),
        ("reverses", "i8"),
        ("base", "i8"),
        ("amount_minor", "i8"),
    ]
)
"""Lines as the first version of Upline kept them: each rests on a sale."""

Columns = Mapping[str, npt.NDArray[Any]]
"""Columns of one length by name, in their order, each in one piece."""


def _storage() -> Storage:
    return storages["frozen"]


def folder_of(period: Period) -> str:
    """Return the folder of all frozen runs of a period."""
    return f"{period.type_id}/{period.label.replace(' ', '-')}"


def new_path(run: Run) -> str:
    """Return a folder for a run that no other run, dead or alive, has used."""
    return f"{folder_of(run.period)}/run-{run.pk}-{secrets.token_hex(6)}"


def sweep(period: Period) -> int:
    """Delete what killed runs of a period left behind; return how many. Hold the period's lock."""
    kept = set(Run.objects.filter(period=period).values_list("frozen_path", flat=True))
    storage = _storage()
    folder = folder_of(period)
    if not storage.exists(folder):
        return 0
    names, _ = storage.listdir(folder)
    lost = [f"{folder}/{name}" for name in names if f"{folder}/{name}" not in kept]
    for path in lost:
        discard(path)
    return len(lost)


def discard(path: str) -> None:
    """Delete a folder of files that no run refers to."""
    storage = _storage()
    _, files = storage.listdir(path)
    for name in files:
        storage.delete(f"{path}/{name}")
    storage.delete(path)


def write_rows(path: str, name: str, rows: Rows) -> None:
    """Write a structured array as one columnar file."""
    schema = _schema(rows.dtype)
    buffer = io.BytesIO()
    pq.write_table(_table(columns_of(rows), schema), buffer, **_writing(schema))
    buffer.seek(0)
    _store(f"{path}/{name}.parquet", buffer)


def read_rows(path: str, name: str) -> Rows:
    """Read a structured array back, with the columns that it was written with."""
    table = _read(f"{path}/{name}.parquet")
    fields = [(field.name, np.dtype(field.type.to_pandas_dtype())) for field in table.schema]
    return _rows(table, np.dtype(fields))


def columns_of(rows: Rows) -> Columns:
    """Return the columns of a structured array."""
    return {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}


def rows_of(columns: Columns, dtype: np.dtype[Any]) -> Rows:
    """Return columns as a structured array."""
    names = dtype.names or ()
    rows = np.empty(len(columns[names[0]]), dtype=dtype)
    for name in names:
        rows[name] = columns[name]
    return rows


def write_text(path: str, name: str, text: str) -> None:
    """Write a text as it is."""
    _store(f"{path}/{name}", io.BytesIO(text.encode()))


def read_text(path: str, name: str) -> str:
    """Read a text back."""
    with _storage().open(f"{path}/{name}") as file:
        return cast("bytes", file.read()).decode()


def write_lines(path: str, parts: Iterable[Columns]) -> str:
    """Write all lines, part by part so that memory stays flat; return their digest.

    A part's digest is worked out beside its writing: a fifth of the time, where a core is free.
    """
    digest, schema = LinesDigest(LINES), _schema(LINES)
    with tempfile.TemporaryFile() as scratch:
        with (
            pq.ParquetWriter(scratch, schema, **_writing(schema)) as writer,
            ThreadPoolExecutor(1) as beside,
        ):
            for part in parts:
                digested = beside.submit(digest.update, part)
                writer.write_table(_table(part, schema))
                digested.result()
        scratch.seek(0)
        _store(_lines_file(path), scratch)
    return digest.hexdigest()


def stored_lines_digest(path: str) -> str:
    """Return the digest of the lines as they are stored now."""
    with _storage().open(_lines_file(path)) as file:
        stored = pq.ParquetFile(file)
        dtype = FIRST_LINES if _is_first(stored.schema_arrow.names) else LINES
        digest = LinesDigest(dtype)
        for batch in stored.iter_batches(batch_size=1_000_000):
            digest.update(_columns(pa.Table.from_batches([batch])))
    return digest.hexdigest()


def lines_of_member(run: Run, member_id: int) -> Rows:
    """Return one earner's lines of a posted run."""
    return _lines(_read(_lines_file(run.frozen_path), member_id=[member_id]))


def all_lines(path: str) -> Rows:
    """Return every line of a posted run."""
    return _lines(_read(_lines_file(path)))


def line_parts(path: str, at_a_time: int) -> Iterator[Columns]:
    """Yield every line of a posted run, so many at a time: memory does not grow with them."""
    with _storage().open(_lines_file(path)) as file:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=at_a_time):
            part = pa.Table.from_batches([batch])
            yield columns_of(_lines(part)) if _is_first(part.column_names) else _columns(part)


def posted_lines(path: str) -> Rows:
    """Return all that a posted run paid; what it took back of earlier pay is not among it."""
    lines = all_lines(path)
    kept: Rows = lines[lines["reverses"] == 0]
    return kept


def _lines_file(path: str) -> str:
    return f"{path}/lines.parquet"


def _lines(table: pa.Table) -> Rows:
    if not _is_first(table.column_names):
        return _rows(table, LINES)
    return lines_of_today(_rows(table, FIRST_LINES))


def lines_of_today(first: Rows) -> Rows:
    """Return lines of the first version as they are today: each rests on a sale."""
    lines = np.zeros(len(first), dtype=LINES)
    for name in first.dtype.names or ():
        lines["source_id" if name == "sale_id" else name] = first[name]
    lines["source_bonus"] = -1
    return lines


def _is_first(names: Sequence[str]) -> bool:
    return "sale_id" in names


def write_manifest(path: str, facts: dict[str, object]) -> None:
    """Write what the folder is, for whoever finds it without the database."""
    write_text(path, "manifest.json", json.dumps(facts, indent=2, sort_keys=True))


def read_manifest(path: str) -> dict[str, Any]:
    """Read what the folder is."""
    facts: dict[str, Any] = json.loads(read_text(path, "manifest.json"))
    return facts


class LinesDigest:
    """The SHA-256 of lines column by column, the same however they are cut into parts."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self._columns = {name: hashlib.sha256() for name in dtype.names or ()}

    def update(self, lines: Columns) -> None:
        """Take in the next lines."""
        for name, column in self._columns.items():
            column.update(np.ascontiguousarray(lines[name]).data)

    def hexdigest(self) -> str:
        """Return the digest of all lines taken in so far."""
        parts = [f"{name} {column.hexdigest()}" for name, column in self._columns.items()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _schema(dtype: np.dtype[np.void]) -> pa.Schema:
    return pa.schema([(name, pa.from_numpy_dtype(dtype[name])) for name in dtype.names or ()])


def _table(columns: Columns, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays([pa.array(columns[name]) for name in schema.names], schema=schema)


def _writing(schema: pa.Schema) -> dict[str, Any]:
    """Return how columns are written.

    Numbers are split into their first bytes, second bytes and so on before they are compressed:
    that takes half the time and three quarters of the room of what dictionaries and plain numbers
    take, since the upper bytes hardly change. Statistics are kept of what rows are looked up by.
    """
    numbers = [field.name for field in schema if pa.types.is_integer(field.type)]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": False,
        "column_encoding": dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
        "write_statistics": ["member_id"],
    }


def _columns(table: pa.Table) -> Columns:
    return {name: table[name].to_numpy() for name in table.column_names}


def _rows(table: pa.Table, dtype: np.dtype[np.void]) -> Rows:
    return rows_of(_columns(table), dtype)


def _store(path: str, file: IO[bytes]) -> None:
    stored = _storage().save(path, File(file))
    if stored != path:
        raise FileExistsError(f"{path} is there already")
    _bring_to_disk(path)


def _bring_to_disk(path: str) -> None:
    """Wait until a file and its name are on disk: before its run is posted, as the database's are.

    So are the names of all folders that it is in, which the first file makes. Of storages that are
    no folders on this machine, saving is taken to have done that.
    """
    try:
        home = Path(_storage().path(""))
    except NotImplementedError:
        return
    for one in (home / path, *(home / folder for folder in Path(path).parents)):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(path: str, **keep: list[int]) -> pa.Table:
    """Read a file, or the rows whose column has one of the given values."""
    filters = [(name, "in", values) for name, values in keep.items()] or None
    with _storage().open(path) as file:
        return pq.read_table(io.BytesIO(file.read()), filters=filters)
