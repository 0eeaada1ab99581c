"""Two web processes and two live workers over one database: each order counts, once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import ApiKey
from accounts.services import issue_key
from commissions.models import Run
from commissions.services import refreshing
from distributors import books
from distributors.models import Change
from mlm.celery import app
from orders.models import Order
from tests.api.calling import order_of
from tests.commissions.test_live_figures import earned, snapshot_of_tables
from tests.commissions.test_workers import make_current_month
from tests.factories import make_storefront
from tests.sessions import environment, until

pytestmark = pytest.mark.django_db(transaction=True)

WEB = ("-m", "gunicorn", "mlm.wsgi", "--workers=1", "--threads=2", "--no-control-socket")
WORKER = (
    "-m", "celery", "-A", "mlm", "worker", "--queues=live", "--concurrency=1",
    "--without-mingle", "--without-gossip",
)  # fmt: skip
WORKERS = ("worker 0", "worker 1")


@dataclass
class Processes:
    """What was started, and what each says."""

    folder: Path
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        """Start a process of ours on the test's database and broker."""
        with (self.folder / name).open("wb") as log:
            self.started[name] = subprocess.Popen(
                [sys.executable, *arguments],
                env=environment() | {"ALLOWED_HOSTS": "127.0.0.1", "LOG_FORMAT": "json"},
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, name: str) -> str:
        """Return what a process has said so far."""
        return (self.folder / name).read_text()

    def kill(self, name: str) -> None:
        """End a process and its children without a word."""
        with suppress(ProcessLookupError):
            os.killpg(self.started[name].pid, signal.SIGKILL)
        self.started[name].wait()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Return a place to start processes in; all are ended, and heard if the test fails."""
    connection.close()
    app.control.purge()
    books.refresh_started()
    found = Processes(tmp_path)
    yield found
    for name in found.started:
        found.kill(name)
        sys.stdout.write(f"--- {name}\n{found.said(name)}\n")


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
        return True
    return False


def sell(port: int, key: str, body: dict[str, object]) -> int:
    """Send an order to one of the web processes; return the answer's status."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/orders",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"key-{body['external_id']}",
        },
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own address
        return int(answer.status)


def end_all_other_sessions() -> None:
    """Let everybody else find their connection broken, as after a restart of the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


def test_two_web_processes_and_two_workers_are_as_good_as_one_of_each(
    processes: Processes,
) -> None:
    period, cast = make_current_month()
    _, key = issue_key(make_storefront(), "test", ApiKey.Scope.values, None)
    ports = [free_port(), free_port()]
    for number, port in enumerate(ports):
        processes.start(f"web {number}", *WEB, f"--bind=127.0.0.1:{port}")
    for name in WORKERS:
        processes.start(name, *WORKER, "-n", f"{name[-1]}@%h")
    assert until(lambda: all(answers(port) for port in ports))
    assert until(lambda: all("ready" in processes.said(name) for name in WORKERS))

    def sell_some(count: int) -> None:
        first = Order.objects.count()
        for number in range(first, first + count):
            body = order_of(cast.dora, external_id=f"W-{number}") | {"paid_at": ...}
            body["paid_at"] = body["ordered_at"]
            assert sell(ports[number % 2], key, body) == 201
            assert sell(ports[1 - number % 2], key, body) in (200, 201)

    sell_some(20)
    assert until(lambda: not Change.objects.exists())
    warm = [name for name in WORKERS if "period_refreshed" in processes.said(name)]
    assert len(warm) == 1

    processes.kill(warm[0])
    end_all_other_sessions()
    sell_some(20)
    assert until(lambda: not Change.objects.exists())

    assert all("period_refreshed" in processes.said(name) for name in WORKERS)
    run = Run.objects.get(period=period, kind=Run.Kind.LIVE)
    assert Order.objects.count() == 4 + 40
    assert earned(run)["Bob"] == 1_000 + 40 * 2 * 1_000
    followed = snapshot_of_tables(run)
    refreshing.forget()
    refreshing.refresh_period(period)
    assert snapshot_of_tables(run) == followed
