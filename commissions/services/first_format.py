"""Runs that the first version of Upline posted: verified by the columns that it knew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.db import connection

from commissions import freezing, frozen
from commissions.books import as_column, named_columns
from commissions.calculation import Calculated, calculate
from commissions.columns import further_figures
from commissions.engine import digest_columns
from commissions.lines import all_lines
from commissions.models import Run
from commissions.publishing import Found, read_found
from commissions.services import verifying

_STANDINGS = ("member_id", "pv", "cv", "gv", "is_active", "rank", "paid_as")


def differences(run: Run) -> Iterator[str]:
    """Yield what does not agree. What such a run took back is compared as it was stored."""
    path = run.frozen_path
    books, plan = freezing.read_books(path)
    again = calculate(
        books, plan, reversals=frozen.lines_of_today(frozen.read_rows(path, "reversals"))
    )
    columns = {"plan": as_column(plan.text_digest), "engine": as_column(run.engine_version)}
    for part, rows in (
        ("network", books.network),
        ("sales", books.sales),
        ("late", frozen.read_rows(path, "late")),
    ):
        columns |= named_columns(part, rows)
    if digest_columns(columns) != run.input_digest:
        yield "the frozen network, sales or late returns are not those of the run"
    if _digest(again.found) != run.result_digest:
        yield "worked out again from the frozen files, the figures differ"
    with connection.cursor() as cursor:
        stored = read_found(cursor, run, len(further_figures(plan)))
    if _digest(stored) != run.result_digest:
        yield "the stored standings or earnings are not those of the run"
    yield from verifying.stored_totals(run, stored)
    yield from _lines(run, again)


def _digest(found: Found) -> str:
    """Return the digest that such a run noted: without titles and state."""
    standings = found.standings
    counts = standings["figures"].astype("i4")
    columns = {f"standings.{name}": standings[name] for name in _STANDINGS}
    columns |= {"standings.counts": counts} | named_columns("earnings", found.earnings)
    return digest_columns(columns)


def _lines(run: Run, again: Calculated) -> Iterator[str]:
    """Compare lines in whatever order: those of an earning came in another one then."""
    if frozen.stored_lines_digest(run.frozen_path) != run.lines_digest:
        yield "the frozen lines are not those of the run"
    stored = frozen.all_lines(run.frozen_path)
    parts = [frozen.rows_of(part, frozen.LINES) for part in all_lines(again)]
    if not np.array_equal(np.sort(stored), np.sort(np.concatenate(parts))):
        yield "worked out again from the frozen files, the lines differ"
