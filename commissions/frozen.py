"""What a posted run keeps for good: everything it was worked out from, and every line.

Columnar files behind the storage `frozen`, in a folder of their own. Digests are of the columns'
values and not of the files, whose bytes change with the library that writes them.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import tempfile
from collections.abc import Iterable
from typing import IO, Any, Final, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from commissions.models import Period, Run
from mlm.copying import Rows

LINES: Final = np.dtype(
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

# Dictionaries pay only where few values come again and again; of others they cost half the time
_WRITING: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": ["bonus", "level", "rate_ppm", "reverses", "is_distributor", "policy"],
}


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
    _save(f"{path}/{name}.parquet", _table(rows))


def read_rows(path: str, name: str, dtype: np.dtype[np.void]) -> Rows:
    """Read a structured array back."""
    return _rows(_read(f"{path}/{name}.parquet"), dtype)


def write_text(path: str, name: str, text: str) -> None:
    """Write a text as it is."""
    _storage().save(f"{path}/{name}", ContentFile(text.encode()))


def read_text(path: str, name: str) -> str:
    """Read a text back."""
    with _storage().open(f"{path}/{name}") as file:
        return cast("bytes", file.read()).decode()


def write_lines(path: str, parts: Iterable[Rows]) -> str:
    """Write all lines, part by part so that memory stays flat; return their digest."""
    digest = LinesDigest()
    with tempfile.TemporaryFile() as scratch:
        with pq.ParquetWriter(scratch, _schema(LINES), **_WRITING) as writer:
            for part in parts:
                digest.update(part)
                writer.write_table(_table(part))
        scratch.seek(0)
        _store(f"{path}/lines.parquet", scratch)
    return digest.hexdigest()


def stored_lines_digest(path: str) -> str:
    """Return the digest of the lines as they are stored now."""
    digest = LinesDigest()
    with _storage().open(f"{path}/lines.parquet") as file:
        stored = pq.ParquetFile(file)
        for batch in stored.iter_batches(batch_size=1_000_000):
            digest.update(_rows(pa.Table.from_batches([batch]), LINES))
    return digest.hexdigest()


def lines_of_member(run: Run, member_id: int) -> Rows:
    """Return one earner's lines of a posted run."""
    return _rows(_read(f"{run.frozen_path}/lines.parquet", member_id=[member_id]), LINES)


def lines_of_sales(run: Run, sale_ids: npt.NDArray[np.int64]) -> Rows:
    """Return what a posted run paid on the given sales; reversals are not among them."""
    table = _read(f"{run.frozen_path}/lines.parquet", sale_id=sale_ids.tolist())
    return _rows(table.filter(pc.equal(table["reverses"], 0)), LINES)


def reversals(run: Run) -> Rows:
    """Return the lines by which a posted run took back pay of earlier runs."""
    return read_rows(run.frozen_path, "reversals", LINES)


def write_manifest(path: str, facts: dict[str, object]) -> None:
    """Write what the folder is, for whoever finds it without the database."""
    write_text(path, "manifest.json", json.dumps(facts, indent=2, sort_keys=True))


class LinesDigest:
    """The SHA-256 of lines column by column, the same however they are cut into parts."""

    def __init__(self) -> None:
        self._columns = {name: hashlib.sha256() for name in LINES.names or ()}

    def update(self, rows: Rows) -> None:
        """Take in the next lines."""
        for name, column in self._columns.items():
            column.update(np.ascontiguousarray(rows[name]).tobytes())

    def hexdigest(self) -> str:
        """Return the digest of all lines taken in so far."""
        parts = [f"{name} {column.hexdigest()}" for name, column in self._columns.items()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _schema(dtype: np.dtype[np.void]) -> pa.Schema:
    return pa.schema([(name, pa.from_numpy_dtype(dtype[name])) for name in dtype.names or ()])


def _table(rows: Rows) -> pa.Table:
    names = rows.dtype.names or ()
    columns = [pa.array(np.ascontiguousarray(rows[name])) for name in names]
    return pa.Table.from_arrays(columns, schema=_schema(rows.dtype))


def _rows(table: pa.Table, dtype: np.dtype[np.void]) -> Rows:
    rows = np.empty(table.num_rows, dtype=dtype)
    for name in dtype.names or ():
        rows[name] = table[name].to_numpy()
    return rows


def _save(path: str, table: pa.Table) -> None:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **_WRITING)
    buffer.seek(0)
    _store(path, buffer)


def _store(path: str, file: IO[bytes]) -> None:
    stored = _storage().save(path, File(file))
    if stored != path:
        raise FileExistsError(f"{path} is there already")


def _read(path: str, **keep: list[int]) -> pa.Table:
    """Read a file, or the rows whose column has one of the given values."""
    filters: Any = [(name, "in", values) for name, values in keep.items()] or None
    if keep and not all(keep.values()):
        filters = [(next(iter(keep)), "in", [-1])]
    with _storage().open(path) as file:
        return pq.read_table(io.BytesIO(file.read()), filters=filters)
