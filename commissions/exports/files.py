"""Tables into files that are there when they are complete, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as arrow_compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from commissions.errors import ExportRefused

# What a spreadsheet may take for a formula when a cell of text begins with it
_FORMULA: Final = r"^[=+\-@\t\r\n]"
_COMPRESSION: Final = "zstd"


class Writer(Protocol):
    """Takes tables, part by part."""

    def write_table(self, table: pa.Table) -> None:
        """Write the next rows."""

    def close(self) -> None:
        """Write what belongs at the end."""


class _GuardedCsv:
    """Writes CSV whose text no spreadsheet runs as a formula; numbers stay as they are."""

    def __init__(self, file: Any, schema: pa.Schema) -> None:
        self._writer = arrow_csv.CSVWriter(file, schema)

    def write_table(self, table: pa.Table) -> None:
        """Write the next rows."""
        self._writer.write_table(guarded(table))

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


def guarded(table: pa.Table) -> pa.Table:
    """Return a table with an apostrophe before text that begins as a formula does.

    >>> guarded(pa.table({"a": ["=1+1", "tea", None], "b": [-1, 2, 3]})).to_pydict()
    {'a': ["'=1+1", 'tea', None], 'b': [-1, 2, 3]}
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            cells = table.column(place)
            is_formula = arrow_compute.match_substring_regex(cells, _FORMULA)
            if arrow_compute.any(is_formula).as_py():
                quoted = arrow_compute.binary_join_element_wise("'", cells, "")
                cells = arrow_compute.if_else(is_formula, quoted, cells)
                table = table.set_column(place, field, cells)
    return table


def _parquet(file: Any, schema: pa.Schema) -> Writer:
    writer: Writer = arrow_parquet.ParquetWriter(file, schema, compression=_COMPRESSION)
    return writer


FORMATS: Final[dict[str, Callable[[Any, pa.Schema], Writer]]] = {
    "parquet": _parquet,
    "csv": _GuardedCsv,
}


def refuse_files(paths: list[Path], *, may_replace: bool) -> None:
    """Refuse a folder that cannot be written into, and files that are there already."""
    for path in paths:
        if not path.parent.is_dir():
            raise ExportRefused(f"There is no folder {path.parent}.")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise ExportRefused(f"The folder {path.parent} cannot be written into.")
        if path.exists() and not may_replace:
            raise ExportRefused(f"{path} is there already; --force replaces it.")


@contextmanager
def written_aside(paths: list[Path], schema: pa.Schema) -> Iterator[list[Writer]]:
    """Yield a writer for each path; the files appear when this is left without an error.

    Until then they are hidden ones beside them, of which an error leaves none. They are readable by
    whoever runs this, and nobody else: they say what everybody earned.
    """
    aside: list[Path] = []
    try:
        with ExitStack() as stack:
            files, writers = [], []
            for path in paths:
                file = stack.enter_context(_hidden_beside(path))
                aside.append(Path(file.name))
                files.append(file)
                writers.append(FORMATS[path.suffix.removeprefix(".")](file, schema))
                stack.callback(_end, writers[-1])
            yield writers
            for writer, file in zip(writers, files, strict=True):
                writer.close()
                file.flush()
                os.fsync(file.fileno())
        for hidden, path in zip(aside, paths, strict=True):
            hidden.replace(path)
    finally:
        for hidden in aside:
            hidden.unlink(missing_ok=True)


def _hidden_beside(path: Path) -> IO[bytes]:
    return tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
    )


def _end(writer: Writer) -> None:
    """Close a writer that may be closed already, or whose disk is full."""
    with suppress(OSError, pa.ArrowException):
        writer.close()
