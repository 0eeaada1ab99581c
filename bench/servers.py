"""The rivals that speak SQL: a month loaded, the statements timed, the earnings read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import duckdb
import numpy as np
import psycopg2

from bench.months import Month
from bench.rules import EARNINGS, Rules
from bench.statements import Execute, pay_by_joins, pay_recursive
from mlm.copying import Rows, copy_in, copy_out

FORMS: Final[Mapping[str, Callable[..., None]]] = {
    "recursive SQL": pay_recursive,
    "one join a step": pay_by_joins,
}
_READ: Final = (
    "SELECT earner, level::bigint AS level, rate_ppm::bigint AS rate_ppm, lines, base, amount"
    " FROM earning"
)
_MEMORY: Final = "512MB"


def pay_in_duckdb(month: Month, rules: Rules, *, form: str) -> tuple[Rows, float]:
    """Return the month's earnings and the seconds that the statements took; loading apart."""
    with duckdb.connect() as connection:
        tables = {
            "member": {"id": np.arange(len(month.sponsor)), "sponsor": month.sponsor},
            "sale": {name: getattr(month, name) for name in ("seller", "customer", "pv", "cv")},
        }
        for name, columns in tables.items():
            connection.register(f"{name}_columns", columns)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_columns")

        def execute(statement: str) -> Any:
            row = connection.execute(statement).fetchone()
            return row[0] if row else None

        seconds = _timed(execute, rules, form, divide="//")
        columns = connection.execute(_READ).fetchnumpy()
    rows = np.empty(len(columns["earner"]), dtype=EARNINGS)
    for name in EARNINGS.names or ():
        rows[name] = columns[name]
    return rows, seconds


def pay_in_postgresql(
    month: Month, rules: Rules, *, form: str, database_url: str
) -> tuple[Rows, float]:
    """Return the month's earnings and the seconds that the statements took; loading apart.

    Temporary tables only: nothing that is in the database is read or changed.
    """
    with _session(database_url) as cursor:
        _load(cursor, month)

        def execute(statement: str) -> Any:
            cursor.execute(statement)
            if statement.lstrip().startswith("CREATE"):
                cursor.execute(f"ANALYZE {statement.split()[3]}")
            return cursor.fetchone()[0] if statement.startswith("SELECT") else None

        seconds = _timed(execute, rules, form, divide="/")
        return copy_out(cursor, _READ, EARNINGS), seconds


@contextmanager
def _session(database_url: str) -> Iterator[Any]:
    connection = psycopg2.connect(database_url)
    try:
        with connection.cursor() as cursor:
            for setting, value in (
                ("work_mem", _MEMORY),
                ("temp_buffers", _MEMORY),
                ("jit", "off"),
            ):
                cursor.execute(f"SET {setting} = '{value}'")
            yield cursor
    finally:
        connection.rollback()
        connection.close()


def _load(cursor: Any, month: Month) -> None:
    members = np.empty(len(month.sponsor), dtype=[("id", "i8"), ("sponsor", "i8")])
    members["id"], members["sponsor"] = np.arange(len(members)), month.sponsor
    columns = ("seller", "customer", "pv", "cv")
    sales = np.empty(len(month.seller), dtype=[(name, "i8") for name in columns])
    for name in columns:
        sales[name] = getattr(month, name)
    cursor.execute("CREATE TEMP TABLE member (id bigint, sponsor bigint)")
    cursor.execute("CREATE TEMP TABLE sale (seller bigint, customer bigint, pv bigint, cv bigint)")
    copy_in(cursor, "member", members)
    copy_in(cursor, "sale", sales)
    cursor.execute("CREATE UNIQUE INDEX ON member (id)")
    cursor.execute("ANALYZE member, sale")


def _timed(execute: Execute, rules: Rules, form: str, *, divide: str) -> float:
    started = perf_counter()
    FORMS[form](execute, rules, divide=divide)
    return perf_counter() - started
