"""Is a posted run still what it was? Worked out again from what it froze, and compared.

Run in a fresh process (`manage.py verify_run`), nothing of the worker that made it is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.db import connection

from commissions import frozen, partitions
from commissions.calculation import all_lines, calculate, digest_of_figures, input_digest
from commissions.late_returns import LATE_LINES
from commissions.models import Run, StatementTotal
from commissions.plan import read_plan
from commissions.publishing import EARNING_KEY, EARNINGS, read_rows, standings_dtype
from commissions.reading import NETWORK, SALES, Books


def differences(run: Run) -> list[str]:
    """Return what does not agree, a sentence each; an empty list if everything does.

    Looked at: the frozen inputs against their digest, the figures worked out again from them, the
    stored standings, earnings, totals and lines, and the plan's text.
    """
    return list(_differences(run))


def _differences(run: Run) -> Iterator[str]:
    path = run.frozen_path
    text = frozen.read_text(path, "plan.toml")
    if text != run.plan_version.text:
        yield "the frozen plan is not the text of the run's plan version"
    books = Books(
        network=frozen.read_rows(path, "network", NETWORK),
        sales=frozen.read_rows(path, "sales", SALES),
        late_lines=frozen.read_rows(path, "late", LATE_LINES),
        last_sale_id=run.last_sale_id,
        last_version_id=run.last_version_id,
        visible=run.snapshot,
    )
    again = calculate(books, read_plan(text))
    if input_digest(books, again.plan, engine=run.engine_version) != run.input_digest:
        yield "the frozen network, sales or late returns are not those of the run"
    if again.result_digest != run.result_digest:
        yield "worked out again from the frozen files, the figures differ"
    counts = again.standings.dtype["counts"].shape[0]
    yield from _stored_figures(run, counts)
    if frozen.stored_lines_digest(path) != run.lines_digest:
        yield "the frozen lines are not those of the run"
    digest = frozen.LinesDigest()
    for part in all_lines(again):
        digest.update(part)
    if digest.hexdigest() != run.lines_digest:
        yield "worked out again from the frozen files, the lines differ"


def _stored_figures(run: Run, counts: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        standings = read_rows(
            cursor,
            partitions.table_of(partitions.STANDINGS, run.pk),
            standings_dtype(counts),
            ("member_id",),
        )
        earnings = read_rows(
            cursor, partitions.table_of(partitions.EARNINGS, run.pk), EARNINGS, EARNING_KEY
        )
    if digest_of_figures(standings, earnings) != run.result_digest:
        yield "the stored standings or earnings are not those of the run"
    if int(earnings["amount_minor"].sum()) != run.total_minor:
        yield "the stored earnings do not add up to the run's total"
    owed = dict(StatementTotal.objects.filter(run=run).values_list("member_id", "amount_minor"))
    members, first = np.unique(earnings["member_id"], return_index=True)
    sums = np.add.reduceat(earnings["amount_minor"], first) if len(members) else members
    if owed != dict(zip(members.tolist(), sums.tolist(), strict=True)):
        yield "the statements' totals are not the sums of the earnings"
