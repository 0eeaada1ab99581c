"""The same month with what it pays stored in PostgreSQL: as sums, and with every line.

Upline stores sums and keeps lines in files; for fairness it writes every line into a table here as
well. Everybody begins with the month loaded (as arrays, or as tables indexed and analysed) and ends
with a commit of a table that was not there before; sums have their primary key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import duckdb
import numpy as np

from bench.engine.earnings import agree, earnings_of, pay_once
from bench.engine.months import FIRST_SALE, Month, make_month, snapshot_of
from bench.engine.rules import EARNINGS, Rules, bench_plan, rules_of
from bench.rivals.comparing import OURS
from bench.rivals.servers import FORMS, READ, executes, fetched, load, loaded_duckdb, session
from bench.rivals.statements import EARNING, ENTERED, ENTERED_SALES, LINES
from bench.shell import Say
from commissions.engine import calculate_run, lines_of, order_network
from mlm.copying import Rows, copy_in, copy_out

SIZES: Final = (10_000, 100_000, 1_000_000)
SUMS: Final = "sums"
EVERY_LINE: Final = "every line"
WHATS: Final = (SUMS, EVERY_LINE)
_LINE: Final = np.dtype(
    [(name, "i8") for name in ("sale", "earner", "level", "rate_ppm", "base", "amount")]
)
_READ_LINES: Final = "SELECT sale, earner, level, rate_ppm, base, amount FROM line"
_SUMMED: Final = (
    "SELECT earner, level, rate_ppm, count(*) AS lines, sum(base)::bigint AS base,"
    " sum(amount)::bigint AS amount FROM line GROUP BY earner, level, rate_ppm"
)
_KEY: Final = "ALTER TABLE sums ADD PRIMARY KEY (earner, level, rate_ppm)"

Store = Callable[[Any, Month, Rules, str], float]
"""Store a month's sums or lines by a cursor; return the seconds until it is committed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A month, how many sums and lines it has, and the seconds by way and by what was stored."""

    month: Month
    sums: int
    lines: int
    seconds: Mapping[tuple[str, str], float]


def store_months(
    *,
    members: int,
    by_member: int,
    shapes: Sequence[str],
    up_to: int,
    database_url: str,
    seed: int,
    say: Say,
) -> Iterator[Stored]:
    """Store months of up to so many members in each way; `up_to` limits what PostgreSQL works out.

    The database has to be the benchmark's own. What was stored must be what the engine pays;
    otherwise `Disagreement` is raised.
    """
    plan = bench_plan()
    rules = rules_of(plan)
    for shape in shapes:
        for size in [size for size in SIZES if size <= members] or [members]:
            month = make_month(members=size, orders=size * by_member, shape=shape, seed=seed)
            say(f"stored, {month}")
            ours = pay_once(month, plan).rows
            found = {}
            for name, store in ways(month, up_to).items():
                for what in WHATS:
                    say(f"  {name}, {what}")
                    found[name, what] = _stored(store, month, rules, what, ours, database_url)
            yield Stored(month, len(ours), int(ours["lines"].sum()), found)


def ways(month: Month, up_to: int) -> dict[str, Store]:
    """Return the ways that can stand a month, by name; steps up a chain have no end in SQL."""
    found: dict[str, Store] = {OURS: _ours}
    if month.shape in ("chain", "deep"):
        return found
    for form in FORMS:
        found[f"DuckDB, {form}"] = _duckdb(form)
        if len(month.sponsor) <= up_to:
            found[f"PostgreSQL, {form}"] = _postgresql(form)
    return found


def _stored(
    store: Store, month: Month, rules: Rules, what: str, ours: Rows, database_url: str
) -> float:
    """Store in a fresh session, hold it against the engine's figures, and take it away again."""
    with session(database_url) as cursor:
        cursor.execute("DROP TABLE IF EXISTS sums, line")
        cursor.connection.commit()
        seconds = store(cursor, month, rules, what)
        query = "SELECT * FROM sums" if what == SUMS else _SUMMED
        agree(ours, copy_out(cursor, query, EARNINGS), who=f"{store.__name__}, {what}, {month}")
        cursor.execute("DROP TABLE IF EXISTS sums, line")
        cursor.connection.commit()
    return seconds


def _ours(cursor: Any, month: Month, rules: Rules, what: str) -> float:
    plan, snapshot = bench_plan(), snapshot_of(month)
    started = perf_counter()
    result = calculate_run(snapshot, plan, order_network(snapshot.member, snapshot.sponsor))
    if what == SUMS:
        rows = earnings_of(result)
    else:
        lines = lines_of(result)
        rows = np.empty(len(lines.amount), _LINE)
        rows["sale"] = lines.source - FIRST_SALE
        rows["earner"] = result.member[lines.earner]
        for name in ("level", "rate_ppm", "base", "amount"):
            rows[name] = getattr(lines, name)
    return _copied(cursor, rows, what, started)


def _copied(cursor: Any, rows: Rows, what: str, started: float) -> float:
    table = "sums" if what == SUMS else "line"
    columns = ", ".join(f"{name} bigint" for name in rows.dtype.names or ())
    cursor.execute(f"CREATE TABLE {table} ({columns})")
    copy_in(cursor, table, rows, freeze=True)
    if what == SUMS:
        cursor.execute(_KEY)
    cursor.connection.commit()
    return perf_counter() - started


def _duckdb(form: str) -> Store:
    def duckdb_and_copy(cursor: Any, month: Month, rules: Rules, what: str) -> float:
        with duckdb.connect() as connection:
            execute = loaded_duckdb(connection, month)
            started = perf_counter()
            if what == SUMS:
                FORMS[form](execute, rules, divide="//")
                rows = fetched(connection, READ, EARNINGS)
            else:
                FORMS[form](execute, rules, divide="//", entered=ENTERED_SALES, wanted=LINES)
                rows = fetched(connection, _READ_LINES, _LINE)
            return _copied(cursor, rows, what, started)

    return duckdb_and_copy


def _postgresql(form: str) -> Store:
    def postgresql(cursor: Any, month: Month, rules: Rules, what: str) -> float:
        load(cursor, month)
        started = perf_counter()
        entered, wanted = (ENTERED, EARNING) if what == SUMS else (ENTERED_SALES, LINES)
        FORMS[form](executes(cursor), rules, divide="/", entered=entered, wanted=wanted)
        if what == SUMS:
            cursor.execute(f"CREATE TABLE sums AS {READ}")
            cursor.execute(_KEY)
        cursor.connection.commit()
        return perf_counter() - started

    return postgresql
