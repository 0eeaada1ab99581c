"""Is a posted run still what it was? Worked out again from what it froze, and compared.

Run in a fresh process (`manage.py verify_run`), nothing of the worker that made it is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from django.db import connection

from commissions import freezing, frozen
from commissions.calculation import calculate
from commissions.columns import further_figures
from commissions.lines import all_lines
from commissions.models import Run
from commissions.publishing import Found, read_found
from commissions.services import first_format
from mlm.copying import copy_out

_TOTALS: Final = np.dtype([("member_id", "i8"), ("amount_minor", "i8")])
_OWED: Final = (
    "SELECT member_id, amount_minor FROM commissions_statementtotal"
    " WHERE run_id = {run:d} ORDER BY member_id"
)


def differences(run: Run) -> list[str]:
    """Return what does not agree, a sentence each; an empty list if everything does.

    Looked at: the frozen inputs against their digest, the figures worked out again from them, the
    stored standings, earnings, state, totals and lines, and the plan's text.
    """
    path = run.frozen_path
    found = []
    if frozen.read_text(path, "plan.toml") != run.plan_version.text:
        found.append("the frozen plan is not the text of the run's plan version")
    compare = (
        first_format.differences if freezing.is_first(frozen.read_manifest(path)) else _differences
    )
    return [*found, *compare(run)]


def _differences(run: Run) -> Iterator[str]:
    books, plan = freezing.read_books(run.frozen_path)
    again = calculate(books, plan)
    if books.digest(plan.text_digest, run.engine_version) != run.input_digest:
        yield "the frozen books are not those of the run"
    if again.found.digest != run.result_digest:
        yield "worked out again from the frozen files, the figures differ"
    with connection.cursor() as cursor:
        stored = read_found(cursor, run, len(further_figures(plan)))
    if stored.digest != run.result_digest:
        yield "the stored standings, earnings or state are not those of the run"
    yield from stored_totals(run, stored)
    yield from _lines_differ(run, all_lines(again))


def stored_totals(run: Run, stored: Found) -> Iterator[str]:
    """Say where the run's total and the statements' are not the sums of the stored earnings."""
    earnings = stored.earnings
    if int(earnings["amount_minor"].sum()) != run.total_minor:
        yield "the stored earnings do not add up to the run's total"
    with connection.cursor() as cursor:
        owed = copy_out(cursor, _OWED.format(run=run.pk), _TOTALS)
    members, first = np.unique(earnings["member_id"], return_index=True)
    sums = np.add.reduceat(earnings["amount_minor"], first) if len(members) else members
    if not (
        np.array_equal(owed["member_id"], members) and np.array_equal(owed["amount_minor"], sums)
    ):
        yield "the statements' totals are not the sums of the earnings"


def _lines_differ(run: Run, again: Iterator[frozen.Columns]) -> Iterator[str]:
    """Say whether the frozen lines, or these, are not those that the run noted the digest of."""
    if frozen.stored_lines_digest(run.frozen_path) != run.lines_digest:
        yield "the frozen lines are not those of the run"
    digest = frozen.LinesDigest(frozen.LINES)
    for part in again:
        digest.update(part)
    if digest.hexdigest() != run.lines_digest:
        yield "worked out again from the frozen files, the lines differ"
