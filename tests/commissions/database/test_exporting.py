"""All lines of a run as files: both formats say the same, and add up to what the run pays."""

from __future__ import annotations

import csv
import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissions.exports import files, names, sources
from commissions.exports.tables import MONEY, POINTS, SCHEMA
from commissions.models import Earning, Period, Run
from commissions.selectors import standings
from commissions.services.closing import close_period
from commissions.services.exporting import name_of
from commissions.services.periods import lock_period
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from mlm.errors import InvariantBroken
from orders.models import Order
from tests.commissions.database.placing import filled, placed
from tests.commissions.database.test_first_format import old_run
from tests.commissions.database.test_late_returns import (
    MONTHS,
    bring_back,
    months,
    three_pieces_each,
)
from tests.commissions.lab.files import PLAN
from tests.commissions.lab.test_thirds import KINDS
from tests.factories import Cast, make_cast, make_month, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

__all__ = ["old_run"]

Row = dict[str, Any]
NUMBERS = [field.name for field in SCHEMA if pa.types.is_integer(field.type)]


def export(run: Run, folder: Path, *options: str) -> tuple[list[Row], list[dict[str, str]]]:
    """Export a run; return the rows of the Parquet file, and those of the CSV file."""
    call_command("export_lines", run.pk, "--output", str(folder), *options)
    path = folder / name_of(run)
    with path.with_name(f"{path.name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return pq.read_table(path.with_name(f"{path.name}.parquet")).to_pylist(), rows


def as_text(row: Row) -> dict[str, str]:
    """Return a row of the Parquet file as CSV has it."""
    return {
        name: "" if value is None else f"{value:%Y-%m-%d %H:%M:%S.%f}Z" if "_at" in name
        else str(value)
        for name, value in row.items()
    }  # fmt: skip


def sums(rows: list[Row]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return lines, bases and amounts of exported lines by all that an earning is of."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        key = (row["member"], row["bonus"], row["level"], row["rate_ppm"], row["reverses"] or 0)
        for place, value in enumerate((1, row["base"], row["amount_minor"])):
            found[key][place] += value
    return {key: (lines, base, amount) for key, (lines, base, amount) in found.items()}


def earnings(run: Run) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return the stored earnings of a run in the same way."""
    rows = list(Earning.objects.filter(run=run))
    called = standings.pay_names(run, rows)
    codes = dict(Member.objects.values_list("pk", "code"))
    return {
        (
            codes[row.member_id], called[row.reverses, row.bonus], row.level, row.rate_ppm,
            row.reverses,
        ): (row.lines, row.base, row.amount_minor)
        for row in rows
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    ["unilevel", "deductions", "caps in a row", "pool with a cap and a tax", "reward",
     "structure", "full level", "binary by share"],
)  # fmt: skip
def test_posted_and_live_lines_add_up_to_each_earning(kind: str, tmp_path: Path) -> None:
    cast = make_cast()
    orders = three_pieces_each(cast)
    people = [cast.alice, cast.bob, cast.carl, cast.dora]
    trees = "tree.two" in KINDS[kind]
    with placed({"two": filled(people, width=2)}) if trees else nullcontext():
        make_month(PLAN + KINDS[kind], at=MONTHS[0])
        first, second, *_ = months()
        posted = close_period(first, at=first.grace_ends_at)
        bring_back(orders, 1, second.starts_at + timedelta(days=3))
        live = refresh_period(second)
        found = [(run, *export(run, tmp_path)) for run in (posted, live)]

    for run, rows, texts in found:
        assert texts == [as_text(row) for row in rows]
        assert sums(rows) == earnings(run)
        assert sum(row["amount_minor"] for row in rows) == run.total_minor
        assert [row["line"] for row in rows] == list(range(1, len(rows) + 1))
        assert all(isinstance(row[name], int | None) for row in rows for name in NUMBERS)
    assert {row["run_status"] for row in found[0][1]} == {"posted"}
    assert {row["run_status"] for row in found[1][1]} <= {"live"}


def a_month_and_its_returns(kind: str = "matching") -> tuple[Run, Run, list[Order]]:
    """Return a posted month, the live one in which goods of it came back, and their orders."""
    orders = three_pieces_each(make_cast())
    make_month(PLAN + KINDS[kind], at=MONTHS[0])
    first, second, *_ = months()
    posted = close_period(first, at=first.grace_ends_at)
    bring_back(orders, 1, second.starts_at + timedelta(days=3))
    return posted, refresh_period(second), orders


def test_a_line_says_what_it_rests_on_by_names(tmp_path: Path) -> None:
    posted, live, orders = a_month_and_its_returns()

    paid, _ = export(posted, tmp_path)
    back, _ = export(live, tmp_path)

    numbers = {order.code for order in orders}
    codes = set(Member.objects.values_list("code", flat=True))
    on_sales = [row for row in paid if row["evidence"] == "sale"]
    matched = [row for row in paid if row["evidence"] == "earnings"]
    assert {row["order"] for row in on_sales} <= numbers
    assert {row["base_unit"] for row in on_sales} == {POINTS}
    assert all(row["sale"] and row["sold_at"] and row["of_member"] is None for row in on_sales)
    assert {row["of_bonus"] for row in matched} == {"Team"}
    assert {row["base_unit"] for row in matched} == {MONEY}
    assert {row["of_member"] for row in matched} <= codes
    assert all(row["order"] is None and row["sale"] is None for row in matched)
    assert {row["currency"] for row in paid} == {posted.currency}
    assert {row["reverses"] for row in back} == {posted.pk}
    taken = [row for row in back if row["evidence"] == "sale"]
    assert all(row["returned_at"] == MONTHS[1] + timedelta(days=3) for row in taken)
    assert all(row["order"] in numbers and row["returned_sale"] for row in taken)


def test_the_lines_of_a_live_run_are_those_of_what_is_published(tmp_path: Path) -> None:
    _, live, _ = a_month_and_its_returns("unilevel")
    make_order(Member.objects.get(name="Dora Diaz"), paid_at=MONTHS[1] + timedelta(days=5))

    rows, _ = export(live, tmp_path)

    generation = live.generation
    live.refresh_from_db()
    assert live.generation == generation + 1
    assert sums(rows) == earnings(live)


def test_memory_and_queries_do_not_grow_with_the_lines(tmp_path: Path) -> None:
    posted, live, _ = a_month_and_its_returns()
    export(live, tmp_path)

    def counted(run: Run, at_a_time: int) -> tuple[int, list[int]]:
        held: list[int] = []
        guarded = files.guarded

        def noted(table: pa.Table) -> pa.Table:
            held.append(len(table))
            return guarded(table)

        with (
            patch.object(sources, "AT_A_TIME", at_a_time),
            patch.object(files, "guarded", noted),
            CaptureQueriesContext(connection) as queries,
        ):
            export(run, tmp_path, "--force")
        return len(queries), held

    for run in (posted, live):
        queries, (lines,) = counted(run, 250_000)
        many, parts = counted(run, 3)
        assert queries == many
        assert sum(parts) == lines > 6
        assert max(parts) == 3


def test_text_is_no_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    posted, live, _ = a_month_and_its_returns("unilevel")
    Member.objects.filter(name="Alice Adams").update(code="=1+1")

    rows, texts = export(live, tmp_path)

    assert {"=1+1"} <= {row["member"] for row in rows}
    assert {"'=1+1"} <= {text["member"] for text in texts}
    assert all(text["amount_minor"].startswith("-") for text in texts)
    assert posted.total_minor > 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_whatever_a_spreadsheet_may_run_is_guarded(start: str) -> None:
    table = files.guarded(pa.table({"bonus": [f"{start}cmd", None, "Team"], "amount": [-1, 2, 3]}))

    assert table.to_pydict() == {"bonus": [f"'{start}cmd", None, "Team"], "amount": [-1, 2, 3]}


@pytest.fixture
def posted(tmp_path: Path) -> Iterator[Run]:
    """Return a posted run, and look afterwards that no hidden file is left."""
    make_cast()
    run, _, _ = a_month_and_its_returns("unilevel")
    yield run
    assert [path for path in (tmp_path / "out").glob(".*") if path.is_file()] == []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def refused(run: int, folder: Path, *options: str) -> str:
    """Return what the command says when it refuses."""
    with pytest.raises(CommandError) as refusal:
        call_command("export_lines", run, "--output", str(folder), *options)
    return str(refusal.value)


def test_only_the_formats_that_are_asked_for_are_written(posted: Run, out: Path) -> None:
    call_command("export_lines", posted.pk, "--output", str(out), "--format", "csv")

    assert [path.name for path in out.iterdir()] == [f"{name_of(posted)}.csv"]
    assert (out / f"{name_of(posted)}.csv").stat().st_mode & 0o077 == 0


def test_files_that_are_there_stay_unless_they_may_be_replaced(posted: Run, out: Path) -> None:
    path = out / f"{name_of(posted)}.csv"
    path.write_text("mine")

    assert "is there already" in refused(posted.pk, out)
    assert path.read_text() == "mine"
    assert [one.name for one in out.iterdir()] == [path.name]
    export(posted, out, "--force")
    assert path.read_text() != "mine"


def test_what_cannot_be_written_into_is_said(posted: Run, out: Path) -> None:
    assert "no folder" in refused(posted.pk, out / "gone")
    (out / "file").touch()
    assert "no folder" in refused(posted.pk, out / "file")
    with patch.object(os, "access", return_value=False):
        assert "cannot be written into" in refused(posted.pk, out)


def test_a_run_without_lines_is_refused(posted: Run, out: Path) -> None:
    period = Period.objects.get(label="2026-10")
    draft = Run.objects.create(
        period=period, plan_version=posted.plan_version, kind="preview", currency="USD"
    )
    assert "there is no run 424242" in refused(424242, out)
    assert "neither posted nor live" in refused(draft.pk, out)

    lock_period(period, at=period.grace_ends_at)
    live = Run.objects.get(period=period, kind="live")
    assert "neither posted nor live" in refused(live.pk, out)


def test_lines_that_do_not_add_up_become_no_file(posted: Run, out: Path) -> None:
    with (
        patch("commissions.services.exporting.source_of", _one_cent_more),
        pytest.raises(InvariantBroken, match="come to"),
    ):
        call_command("export_lines", posted.pk, "--output", str(out))

    assert list(out.iterdir()) == []


def _one_cent_more(run: Run) -> sources.Source:
    found = sources.source_of(run)
    return sources.Source(
        run, found.parts, found.lines, found.total_minor + 1, found.sales, found.plans
    )


def test_a_full_disk_leaves_nothing(posted: Run, out: Path) -> None:
    with patch.object(files._GuardedCsv, "write_table", side_effect=OSError("No space left")):
        assert "No space left" in refused(posted.pk, out)

    assert list(out.iterdir()) == []


def test_a_signal_leaves_nothing(posted: Run, out: Path) -> None:
    look_up = names.members

    def interrupted() -> names.Names:
        os.kill(os.getpid(), signal.SIGTERM)
        return look_up()

    with patch.object(names, "members", interrupted):
        assert "SIGTERM" in refused(posted.pk, out)

    assert list(out.iterdir()) == []


def test_a_run_of_the_first_version_is_exported(
    old_run: tuple[Cast, Run, Order], tmp_path: Path
) -> None:
    _, run, order = old_run

    rows, _ = export(run, tmp_path)

    assert sums(rows) == earnings(run)
    assert order.code in {row["order"] for row in rows}
