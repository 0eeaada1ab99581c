"""Binary COPY there and back: every kind of column, arrays among them."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from mlm.copying import copy_in, copy_out

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize(("element", "kind"), [("i4", "integer"), ("i8", "bigint")])
def test_arrays_come_back_as_they_were(element: str, kind: str, count: int) -> None:
    dtype = np.dtype([("id", "i8"), ("day", "i4"), ("figures", element, (count,))])
    rows = np.zeros(4, dtype)
    rows["id"], rows["day"] = [1, 2, 3, 4], [0, -1, 9000, -730119]
    rows["figures"] = np.arange(4 * count).reshape(4, count) - 5
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE t (id bigint, day date, figures {kind}[])")

        copy_in(cursor, "t", rows)

        assert (copy_out(cursor, "SELECT id, day, figures FROM t ORDER BY id", dtype) == rows).all()
        cursor.execute("SELECT day::text, figures FROM t WHERE id = 4")
        assert cursor.fetchone() == ("0001-01-01", rows["figures"][3].tolist())


@pytest.mark.parametrize("query", ["SELECT ARRAY[1, 2]::bigint[]", "SELECT ARRAY[1, NULL]"])
def test_arrays_of_another_length_or_type_are_refused(query: str) -> None:
    dtype = np.dtype([("figures", "i8", (1,))])
    with connection.cursor() as cursor, pytest.raises(ValueError, match=r"width|no array"):
        copy_out(cursor, query, dtype)
