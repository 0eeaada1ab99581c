"""Real workers, real sessions: slow transactions, killed workers, a thousand orders at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from commissions.locking import still_snapshot
from commissions.models import Earning, Period, Run
from commissions.reading import read_books
from commissions.services import periods
from commissions.services.plans import plan_for
from commissions.services.refreshing import refresh_changed, refresh_period
from distributors import books
from distributors.models import Change, Member
from distributors.services import change_sponsor
from mlm.celery import app
from tests.commissions.test_live_figures import earned, snapshot_of_tables
from tests.factories import Cast, make_cast, make_month, make_order, make_product
from tests.sessions import (
    environment,
    in_a_cold_process,
    in_another_session,
    somebody_inside,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)


def make_current_month() -> tuple[Period, Cast]:
    """Return the month around the real now, and a cast who were active in it."""
    now = timezone.now()
    period = make_month(at=now)
    make_product(pv=1_000, cv=10_000)
    cast = make_cast()
    for member in (cast.alice, cast.bob, cast.carl, cast.dora):
        make_order(member, paid_at=now)
    return period, cast


@contextmanager
def slow_order(member: Member) -> Iterator[None]:
    """Place an order in a transaction that takes its time."""
    with transaction.atomic():
        make_order(member, paid_at=timezone.now())
        yield


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Return a real worker with its beat; what it says is shown if the test fails."""
    connection.close()
    app.control.purge()
    books.refresh_started()
    said = tmp_path / "worker.log"
    log = said.open("wb")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "mlm",
            "worker",
            "--concurrency=1",
            "--queues=live,explain,default",
            "--without-mingle",
            "--without-gossip",
            "--beat",
            f"--schedule={tmp_path / 'beat'}",
        ],
        env=environment(),
        cwd=settings.BASE_DIR,
        stderr=log,
        stdout=log,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    log.close()
    sys.stdout.write(said.read_text())


def test_an_order_reaches_the_upline_through_a_real_worker(
    worker: subprocess.Popen[bytes],
) -> None:
    period, _cast = make_current_month()

    assert until(lambda: not Change.objects.exists())

    run = Run.objects.get(period=period, kind=Run.Kind.LIVE)
    assert earned(run) == {"Alice": 2_500, "Bob": 1_000}


def test_many_orders_make_few_runs(worker: subprocess.Popen[bytes]) -> None:
    period, cast = make_current_month()
    now = timezone.now()

    for _ in range(200):
        make_order(cast.dora, paid_at=now)

    assert until(lambda: not Change.objects.exists())
    run = Run.objects.get(period=period, kind=Run.Kind.LIVE)
    assert earned(run)["Bob"] == 201 * 1_000
    assert run.generation < 150


def test_a_killed_worker_loses_nothing() -> None:
    period, cast = make_current_month()
    refresh_changed(at=timezone.now())
    order = make_order(cast.dora, paid_at=timezone.now())
    # A worker took the message and died: the message is gone, the change is not
    books.refresh_started()

    from commissions.tasks import refresh, sweep

    sweep()
    assert not connection.in_atomic_block
    refresh()

    assert order.paid_at is not None
    assert not Change.objects.exists()
    run = Run.objects.get(period=period, kind=Run.Kind.LIVE)
    assert earned(run)["Bob"] == 2_000


def test_the_lock_of_a_killed_worker_is_free_at_once() -> None:
    period, _ = make_current_month()
    held = threading.Event()
    die = threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(3, %s)", [period.pk])
            held.set()
            die.wait(10)
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    thread = threading.Thread(target=hold, daemon=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _: None)
        thread.start()
        assert held.wait(10)
        die.set()
        run = refresh_period(period)
        thread.join(10)

    assert run.generation >= 1


def test_locking_waits_for_a_slow_order_and_sees_it() -> None:
    period, cast = make_current_month()
    after = period.ends_at + timedelta(days=10)

    with somebody_inside(lambda: slow_order(cast.dora)):
        Period.objects.filter(pk=period.pk).update(status=Period.Status.ENDED)
        locking = in_another_session(lambda: periods.lock_period(period, at=after))
        time.sleep(0.5)
        assert locking.is_alive()

    locking.join()
    period.refresh_from_db()
    assert period.locked_sale_id is not None
    with still_snapshot():
        seen = read_books(period, plan_for(period)[1])
    assert len(seen.sales) == 5


def test_a_cold_process_closes_with_the_figures_that_were_live() -> None:
    period, cast = make_current_month()
    refresh_changed(at=timezone.now())
    with somebody_inside(lambda: slow_order(cast.carl)):
        make_order(cast.dora, paid_at=timezone.now())
        refresh_changed(at=timezone.now())
    change_sponsor(
        cast.dora,
        cast.carl,
        effective_from=period.starts_at,
        reason="Mistake",
        actor=None,
        at=timezone.now(),
    )
    (live,) = [run for run in refresh_changed(at=timezone.now()) if run.period_id == period.pk]

    after = period.ends_at + timedelta(days=10)
    in_a_cold_process("close_period", "monthly", period.label, "--at", after.isoformat())
    in_a_cold_process("verify_run")

    final = Run.objects.get(period=period, status=Run.Status.POSTED)
    assert snapshot_of_tables(final) == snapshot_of_tables(live)
    assert Earning.objects.filter(run=final).exists()


def test_a_cold_process_verifies_and_refuses_a_changed_figure() -> None:
    period, _ = make_current_month()
    after = period.ends_at + timedelta(days=10)
    in_a_cold_process("close_period", "monthly", period.label, "--at", after.isoformat())
    run = Run.objects.get(period=period, status=Run.Status.POSTED)
    table = f"commissions_earning_{run.pk}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
        cursor.execute(f"UPDATE {table} SET amount_minor = amount_minor + 1")  # noqa: S608 - own

    with pytest.raises(subprocess.CalledProcessError):
        in_a_cold_process("verify_run")
