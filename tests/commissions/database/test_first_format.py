"""Runs that the first version posted: read, verified, and taken back of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from commissions import frozen
from commissions.books import NETWORK, SALES, as_column, dtype_of, named_columns
from commissions.engine import digest_columns
from commissions.models import Earning, Period, Run
from commissions.publishing import read_found
from commissions.selectors import standings
from commissions.services import explanations
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.verifying import differences
from mlm.copying import Rows
from orders.models import Order
from orders.returning import PiecesBack, return_goods
from tests.factories import Cast, make_cast, make_month, make_order, make_product

pytestmark = pytest.mark.django_db

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10)]
OLD_STANDINGS = ("member_id", "pv", "cv", "gv", "is_active", "rank", "paid_as")


def write_table(path: Path, rows: Rows) -> None:
    columns = {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}
    pq.write_table(pa.table(columns), path)


def as_first(run: Run, folder: Path) -> None:
    """Make a run's folder and digests what the first version would have left."""
    lines = frozen.all_lines(run.frozen_path)
    first = np.zeros(len(lines), dtype=frozen.FIRST_LINES)
    for name in frozen.FIRST_LINES.names or ():
        first[name] = lines["source_id" if name == "sale_id" else name]
    columns = {
        "plan": as_column(run.plan_version.digest), "engine": as_column(run.engine_version)
    }  # fmt: skip
    for part, fields in (("network", NETWORK), ("sales", SALES)):
        rows = frozen.read_rows(run.frozen_path, part)
        kept = np.zeros(len(rows), dtype=dtype_of(*fields))
        for name in kept.dtype.names or ():
            kept[name] = rows[name]
        write_table(folder / f"{part}.parquet", kept)
        columns |= named_columns(part, kept)
    nothing = np.zeros(0, dtype=frozen.FIRST_LINES)
    write_table(folder / "late.parquet", nothing)
    write_table(folder / "reversals.parquet", nothing)
    write_table(folder / "lines.parquet", first)
    for part in ("state", "places", "posted", "matched_back"):
        (folder / f"{part}.parquet").unlink()
    facts = json.loads((folder / "manifest.json").read_text())
    kept_facts = {name: facts[name] for name in ("starts_at", "ends_at", "run", "engine")}
    (folder / "manifest.json").write_text(json.dumps(kept_facts))
    digest = frozen.LinesDigest(frozen.FIRST_LINES)
    digest.update(frozen.columns_of(first))
    run.lines_digest = digest.hexdigest()
    run.input_digest = digest_columns(columns | named_columns("late", nothing))
    run.result_digest = digest_of_figures(run)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE commissions_run DISABLE TRIGGER refuse_changing_posted_runs")
        run.save()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE commissions_run ENABLE TRIGGER refuse_changing_posted_runs")


def digest_of_figures(run: Run) -> str:
    with connection.cursor() as cursor:
        found = read_found(cursor, run, 0)
    columns = {f"standings.{name}": found.standings[name] for name in OLD_STANDINGS}
    columns["standings.counts"] = found.standings["figures"].astype("i4")
    return digest_columns(columns | named_columns("earnings", found.earnings))


@pytest.fixture
def old_run(frozen_folder: Path) -> tuple[Cast, Run, Order]:
    """Return September as the first version posted it, and Dora's order of three pieces."""
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month(at=MONTHS[0])
    paid_at = MONTHS[0] + timedelta(days=3)
    for member in (cast.alice, cast.bob):
        make_order(member, paid_at=paid_at)
    order = make_order(cast.dora, ("COFFEE", 3), paid_at=paid_at)
    run = close_period(period, at=period.grace_ends_at)
    as_first(run, frozen_folder / run.frozen_path)
    return cast, run, order


def test_it_is_verified_by_the_columns_that_it_knew(
    old_run: tuple[Cast, Run, Order], frozen_folder: Path
) -> None:
    _, run, _ = old_run

    assert differences(run) == []

    path = frozen_folder / run.frozen_path / "sales.parquet"
    table = pq.read_table(path)
    more = table["cv"].to_numpy() + 100
    pq.write_table(
        table.set_column(table.column_names.index("cv"), table.field("cv"), [more]), path
    )
    assert len(differences(run)) == 3


def test_its_lines_are_told(old_run: tuple[Cast, Run, Order]) -> None:
    cast, run, order = old_run

    question = explanations.request(run, cast.bob)
    explanations.answer(question.pk)
    question.refresh_from_db()

    assert question.lines is not None
    (line,) = question.lines
    assert (line["evidence"], line["order"], line["amount_minor"]) == ("sale", order.code, 3_000)


def test_what_comes_back_of_its_sales_is_taken_back_in_thirds(
    old_run: tuple[Cast, Run, Order],
) -> None:
    _, run, order = old_run
    period: Period = run.period
    runs = []
    for number in range(3):
        period = period_around(period.type, period.ends_at)
        return_goods(
            order,
            external_id=f"R{number}",
            pieces=[PiecesBack(1, 1)],
            reason="",
            returned_at=period.starts_at,
        )
        runs.append(close_period(period, at=period.grace_ends_at))

    assert [differences(later) for later in runs] == [[], [], []]
    taken_back = Earning.objects.filter(reverses=run.pk)
    assert sum(row.amount_minor for row in taken_back) == -(3_000 + 1_500)
    assert set(standings.pay_names(run, taken_back).values()) == {"Unilevel"}
