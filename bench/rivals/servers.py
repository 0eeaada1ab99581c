"""The rivals that speak SQL: a month loaded, the statements timed, the earnings read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import duckdb
import numpy as np
import psycopg2

from bench.engine.earnings import Paid
from bench.engine.months import Month
from bench.engine.rules import EARNINGS, Rules
from bench.processes import server_peak_mib
from bench.rivals.statements import Execute, pay_by_joins, pay_recursive
from mlm.copying import Rows, copy_in, copy_out

FORMS: Final[Mapping[str, Callable[..., None]]] = {
    "recursive SQL": pay_recursive,
    "one join a step": pay_by_joins,
}
READ: Final = (
    "SELECT earner, level::bigint AS level, rate_ppm::bigint AS rate_ppm, lines, base, amount"
    " FROM earning"
)
_MEMORY: Final = "512MB"


def pay_in_duckdb(month: Month, rules: Rules, *, form: str) -> Paid:
    """Return the month's earnings and the seconds that the statements took; loading apart."""
    with duckdb.connect() as connection:
        execute = loaded_duckdb(connection, month)
        seconds = _timed(execute, rules, form, divide="//")
        return Paid(fetched(connection, READ, EARNINGS), seconds)


def loaded_duckdb(connection: duckdb.DuckDBPyConnection, month: Month) -> Execute:
    """Load a month; return what runs a statement there."""
    tables = {
        "member": {"id": np.arange(len(month.sponsor)), "sponsor": month.sponsor},
        "sale": {"id": np.arange(len(month.seller)), **_columns(month)},
    }
    for name, columns in tables.items():
        connection.register(f"{name}_columns", columns)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_columns")

    def execute(statement: str) -> Any:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None

    return execute


def fetched(connection: duckdb.DuckDBPyConnection, query: str, fields: np.dtype[Any]) -> Rows:
    """Return what DuckDB answers, as rows."""
    columns = connection.execute(query).fetchnumpy()
    names = fields.names or ()
    rows = np.empty(len(columns[names[0]]), dtype=fields)
    for name in names:
        rows[name] = columns[name]
    return rows


def pay_in_postgresql(month: Month, rules: Rules, *, form: str, database_url: str) -> Paid:
    """Return the month's earnings and the seconds that the statements took; loading apart.

    Temporary tables only: nothing that is in the database is read or changed.
    """
    with session(database_url) as cursor:
        load(cursor, month)
        seconds = _timed(executes(cursor), rules, form, divide="/")
        rows = copy_out(cursor, READ, EARNINGS)
        server_mib = server_peak_mib(cursor.connection.get_backend_pid())
        return Paid(rows, seconds, server_mib=server_mib)


def executes(cursor: Any) -> Execute:
    """Return what runs a statement in PostgreSQL, and has it look at each table that it made."""

    def execute(statement: str) -> Any:
        cursor.execute(statement)
        if statement.lstrip().startswith("CREATE TEMP"):
            cursor.execute(f"ANALYZE {statement.split()[3]}")
        return cursor.fetchone()[0] if statement.startswith("SELECT") else None

    return execute


@contextmanager
def session(database_url: str) -> Iterator[Any]:
    """Give a session with plenty of memory; what it did not commit is undone."""
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


def load(cursor: Any, month: Month) -> None:
    """Load a month into temporary tables, and index it."""
    members = np.empty(len(month.sponsor), dtype=[("id", "i8"), ("sponsor", "i8")])
    members["id"], members["sponsor"] = np.arange(len(members)), month.sponsor
    columns = {"id": np.arange(len(month.seller)), **_columns(month)}
    sales = np.empty(len(month.seller), dtype=[(name, "i8") for name in columns])
    for name, column in columns.items():
        sales[name] = column
    cursor.execute("CREATE TEMP TABLE member (id bigint, sponsor bigint)")
    cursor.execute(
        "CREATE TEMP TABLE sale (id bigint, seller bigint, customer bigint, pv bigint, cv bigint)"
    )
    copy_in(cursor, "member", members)
    copy_in(cursor, "sale", sales)
    cursor.execute("CREATE UNIQUE INDEX ON member (id)")
    cursor.execute("ANALYZE member, sale")


def _columns(month: Month) -> dict[str, Any]:
    return {name: getattr(month, name) for name in ("seller", "customer", "pv", "cv")}


def _timed(execute: Execute, rules: Rules, form: str, *, divide: str) -> float:
    started = perf_counter()
    FORMS[form](execute, rules, divide=divide)
    return perf_counter() - started
