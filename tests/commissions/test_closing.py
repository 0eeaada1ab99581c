"""Closing a period: everything at once or nothing, once, and provable afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Timer
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, OperationalError, connection, transaction
from pytest_django import Settings

from commissions import frozen, partitions
from commissions.errors import (
    EarlierPeriodNotPosted,
    NoPlan,
    PeriodNotInThatState,
    PeriodStillInGrace,
    PlanNotInThatState,
)
from commissions.locking import still_snapshot
from commissions.models import Earning, Period, PeriodType, Run, Standing, StatementTotal
from commissions.services import closing, plans
from commissions.services.closing import close_period
from commissions.services.periods import lock_period, period_around
from commissions.services.refreshing import refresh_changed, refresh_period
from commissions.services.verifying import differences
from orders.models import Order
from orders.returning import PiecesBack, return_goods
from orders.services import pay_order
from tests.commissions.test_live_figures import earned, snapshot_of_tables
from tests.factories import (
    MONTH,
    NOON,
    PLAN,
    Cast,
    make_cast,
    make_customer,
    make_month,
    make_order,
    make_product,
)

pytestmark = pytest.mark.django_db

AFTER_GRACE = datetime(2026, 12, 5, tzinfo=MONTH.tzinfo)
NEXT_NOON = datetime(2026, 12, 10, 12, tzinfo=MONTH.tzinfo)


@pytest.fixture(autouse=True)
def frozen_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep frozen files in a folder of the test's own."""
    location = tmp_path / "frozen"
    backend = settings.STORAGES["frozen"]
    settings.STORAGES = {
        **settings.STORAGES,
        "frozen": {**backend, "OPTIONS": {**backend["OPTIONS"], "location": location}},
    }
    return location


def make_busy_month() -> tuple[Period, Cast, Order]:
    """Return November with four active distributors and a customer's order of Dora's."""
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month()
    make_month(at=NEXT_NOON)
    for member in (cast.alice, cast.bob, cast.carl, cast.dora):
        make_order(member)
    return period, cast, make_order(make_customer("Ann Ames", sponsor=cast.dora), ("COFFEE", 3))


def give_back(order: Order, external_id: str = "R") -> None:
    return_goods(
        order,
        external_id=external_id,
        pieces=[PiecesBack(1, 1)],
        reason="",
        returned_at=NEXT_NOON,
    )


def test_the_final_run_equals_the_last_live_figures() -> None:
    period, _, _ = make_busy_month()
    live = refresh_period(period)

    run = close_period(period, at=AFTER_GRACE)

    assert (run.kind, run.status) == (Run.Kind.FINAL, Run.Status.POSTED)
    assert snapshot_of_tables(run) == snapshot_of_tables(live)
    assert run.total_minor == live.total_minor == 3_500 + 5_100


def test_each_earner_is_owed_the_sum_of_the_earnings() -> None:
    period, _, _ = make_busy_month()

    run = close_period(period, at=AFTER_GRACE)

    owed = dict(StatementTotal.objects.values_list("member__name", "amount_minor"))
    assert owed["Dora Diaz"] == 3_000
    assert sum(owed.values()) == run.total_minor


def test_a_period_moves_on_to_published() -> None:
    period, _, _ = make_busy_month()

    close_period(period, at=AFTER_GRACE)

    period.refresh_from_db()
    assert period.status == Period.Status.PUBLISHED
    assert period.locked_at is not None


def test_closing_twice_is_closing_once() -> None:
    period, _, _ = make_busy_month()

    first = close_period(period, at=AFTER_GRACE)
    again = close_period(period, at=AFTER_GRACE)

    assert first == again
    assert Run.objects.filter(kind=Run.Kind.FINAL).count() == 1


def test_a_running_period_cannot_be_closed() -> None:
    period, _, _ = make_busy_month()

    with pytest.raises(PeriodNotInThatState):
        close_period(period, at=NOON)


def test_the_grace_time_is_kept_unless_told_otherwise() -> None:
    period, _, _ = make_busy_month()

    with pytest.raises(PeriodStillInGrace):
        close_period(period, at=period.ends_at)
    assert close_period(period, at=period.ends_at, despite_grace=True).posted_at is not None


def test_periods_are_posted_in_order() -> None:
    make_busy_month()
    december = Period.objects.get(label="2026-12")

    with pytest.raises(EarlierPeriodNotPosted):
        close_period(december, at=NEXT_NOON + timedelta(days=60))


def test_nothing_lands_in_a_locked_period() -> None:
    period, cast, _ = make_busy_month()
    lock_period(period, at=AFTER_GRACE)

    late = make_order(cast.bob, paid_at=None)
    paid = pay_order(late, paid_at=NOON, at=NEXT_NOON)

    assert paid.commission_at == NEXT_NOON


def test_the_database_keeps_posted_figures() -> None:
    period, _, _ = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)

    for change in (
        lambda: Earning.objects.filter(run=run).update(amount_minor=1),
        lambda: Standing.objects.filter(run=run).delete(),
        lambda: StatementTotal.objects.filter(run=run).update(amount_minor=1),
        lambda: Run.objects.filter(pk=run.pk).update(total_minor=1),
        lambda: Run.objects.filter(pk=run.pk).update(status=Run.Status.VOIDED),
        lambda: Period.objects.filter(pk=period.pk).update(status=Period.Status.OPEN),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_only_one_run_of_a_period_is_posted() -> None:
    period, _, _ = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)

    with pytest.raises(IntegrityError, match="one_posted_run_a_period"):
        Run.objects.create(
            period=period,
            plan_version=run.plan_version,
            kind=Run.Kind.FINAL,
            status=Run.Status.POSTED,
        )


def test_verifying_finds_nothing_wrong_with_an_honest_run() -> None:
    period, _, _ = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)

    assert differences(run) == []
    call_command("verify_run", run.pk)


@pytest.mark.parametrize(
    ("parent", "column"),
    [(partitions.EARNINGS, "amount_minor"), (partitions.STANDINGS, "pv")],
)
def test_verifying_fails_when_one_stored_figure_is_changed(parent: str, column: str) -> None:
    period, _, _ = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)
    table = partitions.table_of(parent, run.pk)

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
        cursor.execute(
            f"UPDATE {table} SET {column} = {column} + 1"  # noqa: S608 - our own names
            f" WHERE member_id = (SELECT max(member_id) FROM {table})"
        )

    assert "stored standings, earnings or state" in differences(run)[0]
    with pytest.raises(CommandError, match="not as they were posted"):
        call_command("verify_run")


@pytest.mark.parametrize("name", ["sales", "network", "lines"])
def test_verifying_fails_when_one_frozen_figure_is_changed(name: str, frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)
    path = frozen_folder / run.frozen_path / f"{name}.parquet"
    table = pq.read_table(path)
    column = {"sales": "cv", "network": "policy", "lines": "amount_minor"}[name]
    values = table[column].to_numpy().copy()
    values[0] ^= 1
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, table.field(column), [values]), path)

    assert differences(run)


def test_what_comes_back_later_is_taken_back_from_whoever_was_paid() -> None:
    period, _, order = make_busy_month()
    run = close_period(period, at=AFTER_GRACE)
    refresh_changed(at=NEXT_NOON)

    give_back(order)
    december = refresh_changed(at=NEXT_NOON)[-1]

    # A third of 300.00 at 10 %, 5 % and 2 %
    assert earned(december) == {"Dora": -1_000, "Bob": -500, "Alice": -200}
    rows = Earning.objects.filter(run=december)
    assert {row.reverses for row in rows} == {run.pk}
    assert differences(run) == []


def test_three_returns_in_two_months_take_back_all_that_was_paid() -> None:
    period, _, order = make_busy_month()
    close_period(period, at=AFTER_GRACE)
    give_back(order, "R-1")
    december = Period.objects.get(label="2026-12")
    second = close_period(december, at=NEXT_NOON + timedelta(days=40))
    make_month(at=MONTH + timedelta(days=65))
    for part in ("R-2", "R-3"):
        give_back(order, part)

    third = refresh_changed(at=MONTH + timedelta(days=65))[-1]

    assert earned(second) == {"Dora": -1_000, "Bob": -500, "Alice": -200}
    assert earned(third) == {"Dora": -2_000, "Bob": -1_000, "Alice": -400}
    assert differences(second) == []


def test_a_close_that_dies_leaves_nothing_and_can_be_asked_for_again(frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()

    with (
        patch.object(closing, "_write_totals", side_effect=RuntimeError("killed")),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        close_period(period, at=AFTER_GRACE)

    assert not Run.objects.filter(kind=Run.Kind.FINAL).exists()
    assert [path for path in frozen_folder.rglob("*") if path.is_file()] == []
    assert close_period(period, at=AFTER_GRACE).total_minor > 0


def test_a_close_that_cannot_keep_its_lines_writes_nothing(frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()

    with (
        patch.object(frozen, "write_lines", side_effect=OSError("no space left")),
        pytest.raises(OSError, match="no space left"),
    ):
        close_period(period, at=AFTER_GRACE)

    assert not Run.objects.filter(kind=Run.Kind.FINAL).exists()
    assert not StatementTotal.objects.exists()
    assert [path for path in frozen_folder.rglob("*") if path.is_file()] == []
    assert close_period(period, at=AFTER_GRACE).total_minor > 0


def test_nothing_is_kept_any_more_once_a_close_has_failed() -> None:
    period, _, _ = make_busy_month()
    has_begun, is_over = Event(), Event()

    def wait_for_the_end(path: str, parts: Iterable[frozen.Columns]) -> str:
        has_begun.set()
        is_over.wait(10)
        return str(list(parts))

    def fail(run: Run) -> None:
        has_begun.wait(10)
        Timer(0.1, is_over.set).start()
        raise RuntimeError(f"run {run.pk} does not add up")

    with (
        patch.object(frozen, "write_lines", side_effect=wait_for_the_end),
        patch.object(frozen, "write_manifest") as write_manifest,
        patch.object(closing, "_write_totals", side_effect=fail),
        pytest.raises(RuntimeError, match="does not add up"),
    ):
        close_period(period, at=AFTER_GRACE)

    assert is_over.is_set()
    write_manifest.assert_not_called()


def test_files_stay_when_only_the_answer_of_a_commit_is_lost(frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()

    @contextmanager
    def committed_and_cut_off() -> Iterator[None]:
        with still_snapshot():
            yield
        raise OperationalError("server closed the connection unexpectedly")

    with (
        patch.object(closing, "still_snapshot", committed_and_cut_off),
        pytest.raises(OperationalError),
    ):
        close_period(period, at=AFTER_GRACE)

    run = close_period(period, at=AFTER_GRACE)
    assert differences(run) == []


def test_a_period_without_a_plan_is_not_locked_and_waits_for_one() -> None:
    kind = PeriodType.objects.create(code="weekly", name="Weekly", cadence="weekly")
    week = period_around(kind, NOON)

    with pytest.raises(NoPlan):
        close_period(week, at=AFTER_GRACE)

    week.refresh_from_db()
    assert not week.is_locked


def test_every_file_is_on_disk_before_its_run_is_posted(frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()
    on_disk: set[str] = set()

    def note(descriptor: int) -> None:
        on_disk.add(os.readlink(f"/proc/self/fd/{descriptor}"))

    with patch.object(os, "fsync", side_effect=note):
        run = close_period(period, at=AFTER_GRACE)

    folder = frozen_folder / run.frozen_path
    assert {str(path) for path in folder.iterdir()} <= on_disk
    assert {str(folder), str(folder.parent)} <= on_disk


def test_files_of_a_killed_close_are_swept_by_the_next(frozen_folder: Path) -> None:
    period, _, _ = make_busy_month()
    lost = f"{frozen.folder_of(period)}/run-1-dead"
    frozen.write_rows(lost, "sales", np.zeros(1, dtype=[("sale_id", "i8")]))

    run = close_period(period, at=AFTER_GRACE)

    assert not storages["frozen"].exists(f"{lost}/sales.parquet")
    assert storages["frozen"].exists(f"{run.frozen_path}/lines.parquet")


def test_another_currency_is_refused_once_something_was_paid() -> None:
    period, _, _ = make_busy_month()
    close_period(period, at=AFTER_GRACE)
    euros = plans.draft_plan(
        period_type=period.type,
        label="euros",
        text=PLAN.replace('"USD"', '"EUR"'),
        effective_from=period.ends_at,
    )

    with pytest.raises(PlanNotInThatState, match="were paid in USD, not EUR"):
        plans.make_live(euros)
