"""Names in the place of numbers: looked up once for a whole run, in a query each."""

from __future__ import annotations

import tempfile
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connection, transaction

from mlm.copying import copy_in
from mlm.errors import InvariantBroken

_MOMENT: Final = pa.timestamp("us", tz="UTC")
_WANTED: Final = "lines_named_sales"

Ints = npt.NDArray[np.int64]


class Names:
    """A table by number, whose columns are taken for many numbers at once."""

    def __init__(self, table: pa.Table, what: str) -> None:
        self._ids: Ints = table["id"].to_numpy()
        self._table = table.combine_chunks()
        self._what = what

    def at(self, numbers: Ints, wanted: npt.NDArray[np.bool_]) -> pa.Array:
        """Return where the wanted numbers stand, and null for others; a stranger is an error."""
        place = np.minimum(np.searchsorted(self._ids, numbers), max(len(self._ids) - 1, 0))
        known = self._ids[place] == numbers if len(self._ids) else np.zeros(len(numbers), np.bool_)
        if strangers := numbers[wanted & ~known].tolist():
            raise InvariantBroken(f"{self._what} {strangers[0]} of a line does not exist")
        return pa.array(place, mask=~wanted)

    def take(self, column: str, at: pa.Array) -> pa.Array:
        """Return a column at places, null where the place is."""
        if not len(self._ids):
            return pa.nulls(len(at), self._table.schema.field(column).type)
        return self._table[column].chunk(0).take(at)


def members() -> Names:
    """Return the code of each member."""
    return Names(_read("SELECT id, code FROM distributors_member ORDER BY id"), "member")


def sales(numbers: Ints) -> Names:
    """Return of these sales and returns the order's number and the dates: sold, and come back."""
    wanted = np.zeros(len(numbers), dtype=[("id", "i8")])
    wanted["id"] = numbers
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {_WANTED} (id bigint)")
        copy_in(cursor, _WANTED, wanted)
        cursor.execute(f"ANALYZE {_WANTED}")
        found = _read(
            "SELECT s.id, o.code, s.commission_at AS sold_at, r.returned_at"  # noqa: S608 - own name
            f" FROM {_WANTED} JOIN orders_saleline s USING (id)"
            " JOIN orders_order o ON o.id = s.order_id"
            " LEFT JOIN orders_returnline l ON l.id = s.return_line_id"
            " LEFT JOIN orders_return r ON r.id = l.returned_id ORDER BY s.id"
        )
        cursor.execute(f"DROP TABLE {_WANTED}")
    return Names(found, "sale")


def _read(query: str) -> pa.Table:
    """Return the rows of a query as Arrow columns, in the order of the query."""
    with connection.cursor() as cursor, tempfile.TemporaryFile() as file:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", file, 1 << 20)
        file.seek(0)
        return arrow_csv.read_csv(file, convert_options=_TYPES)


_KINDS: Final[dict[str, Any]] = {
    "id": pa.int64(), "code": pa.string(), "sold_at": _MOMENT, "returned_at": _MOMENT,
}  # fmt: skip
_TYPES: Final = arrow_csv.ConvertOptions(
    column_types=_KINDS,
    timestamp_parsers=[arrow_csv.ISO8601],
    strings_can_be_null=False,
)
