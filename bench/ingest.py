"""`python -m bench.ingest`: how many orders a second come in over the API, one by one and in bulk.

Everything runs on this machine as docs/running.md has it: gunicorn, the live worker, PostgreSQL,
Redis, and the storefront that sends. So the processor's time for an order stands beside the rate.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg2

from bench import machine
from bench.load import Answers, processor_seconds, request, send

WEB: Final = ("-m", "gunicorn", "mlm.wsgi", "--workers", "2", "--threads", "4")
WORKER: Final = ("-m", "celery", "-q", "-A", "mlm", "worker", "-Q", "live", "-c", "1")
QUICK: Final = {"members": 2_000, "orders": 2_000, "singly": 200, "bulk": 2_000, "repeats": 1}
FULL: Final = {
    "members": 1_000_000, "orders": 500_000, "singly": 3_000, "bulk": 60_000, "repeats": 3,
}  # fmt: skip
# Of a hundred buyers: members by code, customers who are known by address, and the rest are new
BY_CODE: Final = 40
KNOWN: Final = 40
SINGLY: Final = "one by one"
IN_BULK: Final = "in bulk"
WARM_UP: Final = 200
PATIENCE_SECONDS: Final = 600


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="./upline bench --ingest", description=__doc__)
    parser.add_argument("--members", type=int, help="in the network; default: 1,000,000")
    parser.add_argument("--orders", type=int, help="that are there before; default: 500,000")
    parser.add_argument("--singly", type=int, help="orders sent one by one; default: 3,000")
    parser.add_argument("--bulk", type=int, help="orders sent in bulk; default: 60,000")
    parser.add_argument("--repeats", type=int, help="the best counts; default: 3")
    parser.add_argument("--batch", type=int, default=1_000, help="orders in one request")
    parser.add_argument("--connections", type=int, default=8, help="that send one by one")
    parser.add_argument("--senders", type=int, default=3, help="connections that send in bulk")
    parser.add_argument("--without-worker", action="store_true", help="leave the live worker out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ingest", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run")
    asked = parser.parse_args(given)
    for name, value in (QUICK if asked.quick else FULL).items():
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


def main(given: list[str]) -> int:
    """Measure and print a table; 1 if an order was not taken or figures did not follow."""
    asked = arguments(given)
    with TemporaryDirectory() as files, company(asked, Path(files)) as place:
        warm = measure(place, asked, SINGLY, WARM_UP) + measure(place, asked, IN_BULK, WARM_UP)
        tries = [
            measure(place, asked, SINGLY, asked.singly),
            measure(place, asked, IN_BULK, asked.bulk),
        ]
        behind = None if asked.without_worker else place.wait_for_figures()
        wanted = asked.orders + sum(row.sent for rows in [warm, *tries] for row in rows)
        made = place.count_orders()
    print(report(asked, [rows[0] for rows in tries], behind))
    failed = sum(row.failed for rows in tries for row in rows)
    if failed or made != wanted:
        print(f"bench: {failed} failed; {made} orders, not {wanted}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class Place:
    """A company that takes orders: where it listens, and whose processes they are."""

    address: tuple[str, int]
    database_url: str
    key: str
    roots: Mapping[str, int]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        connection = psycopg2.connect(self.database_url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def count_orders(self) -> int:
        """Return how many orders there are."""
        return int(self.ask("SELECT count(*) FROM orders_order")[0][0])

    def buyers(self) -> tuple[list[tuple[Any, ...]], list[str], list[str]]:
        """Return codes and referral codes of some members, addresses of some, and what is sold."""
        some = "FROM distributors_member m %s WHERE m.market_id = 'US' ORDER BY m.id % 9973 LIMIT"
        holder = (
            "JOIN distributors_holding h ON h.member_id = m.id AND h.capacity = 'holder'"
            " JOIN distributors_party p ON p.id = h.party_id AND p.email <> ''"
        )
        members = self.ask(f"SELECT m.code, m.referral_code {some.replace('%s', '')} 20000")
        addresses = self.ask(f"SELECT p.email {some.replace('%s', holder)} 20000")
        skus = self.ask(
            "SELECT DISTINCT d.sku FROM orders_product d JOIN orders_price c ON c.product_id = d.id"
            " WHERE c.market_id = 'US' AND d.kind = 'product' AND d.is_active"
            " AND c.effective_from <= now() AND coalesce(c.effective_until, 'infinity') > now()"
        )
        return members, [x for (x,) in addresses], sorted(x for (x,) in skus)

    def postmaster(self) -> int | None:
        """Return the process that PostgreSQL's others come from, if it runs on this machine."""
        connection = psycopg2.connect(self.database_url)
        try:
            backend = connection.get_backend_pid()
            facts = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8")
        except OSError:
            return None
        finally:
            connection.close()
        return int(facts.rpartition(")")[2].split()[1]) if "(postgres" in facts else None

    def wait_for_figures(self) -> float:
        """Return the seconds until all orders are in the live figures."""
        started = time.monotonic()
        while self.ask("SELECT 1 FROM distributors_change LIMIT 1"):
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise SystemExit("bench: the worker does not get the figures up to date")
            time.sleep(0.2)
        return time.monotonic() - started

    def processor_seconds(self) -> dict[str, float]:
        """Return the time each part has had of the processor so far."""
        found = {name: processor_seconds(root) for name, root in self.roots.items()}
        return {**found, "sender": time.process_time()}


@dataclass(frozen=True, slots=True)
class Row:
    """One try of one way to send: how it went, and the processor's time for an order, by part."""

    kind: str
    rate: float
    answers: Answers
    microseconds: Mapping[str, float]
    sent: int
    failed: int


def measure(place: Place, asked: argparse.Namespace, kind: str, count: int) -> list[Row]:
    """Return several tries, the best first."""
    expected = 201 if kind == SINGLY else 200
    lines = asked.connections if kind == SINGLY else asked.senders
    rows = []
    for attempt in range(asked.repeats):
        requests = written(place, made_orders(place, count, seed=asked.seed + attempt), kind, asked)
        before = place.processor_seconds()
        answers = send(place.address, iter(requests), connections=lines)
        after = place.processor_seconds()
        used = {name: (after[name] - before[name]) / count * 1e6 for name in after}
        failed = len(requests) - answers.statuses[expected] + tell_refusals(answers)
        rows.append(Row(kind, count / answers.seconds, answers, used, count, failed))
    return sorted(rows, key=lambda row: -row.rate)


def tell_refusals(answers: Answers) -> int:
    """Say which orders of bulk requests were refused, and return how many."""
    found = 0
    for body in answers.bodies:
        for result in json.loads(body).get("results", ()):
            if "problem" in result:
                print(f"bench: refused: {result['problem']['detail']}", file=sys.stderr)
                found += 1
    return found


def made_orders(place: Place, count: int, *, seed: int) -> list[dict[str, Any]]:
    """Return bodies of paid orders of one to three lines, of buyers of all kinds."""
    draw = random.Random(seed)
    members, addresses, skus = place.buyers()
    run = uuid.uuid4().hex[:10]
    moment = f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    found = []
    for number in range(count):
        order: dict[str, Any] = {
            "external_id": f"{run}-{number}",
            "ordered_at": moment,
            "paid_at": moment,
            "lines": [
                {"sku": draw.choice(skus), "quantity": draw.randint(1, 3)}
                for _ in range(draw.choice([1, 1, 2, 3]))
            ],
            "shipping": {"amount": "4.50", "currency": "USD"},
        }
        lot = draw.randrange(100)
        if lot < BY_CODE:
            order["buyer"] = draw.choice(members)[0]
        elif lot < BY_CODE + KNOWN:
            order["customer"] = {"name": "Ann Ames", "email": draw.choice(addresses)}
        else:
            order["customer"] = {"name": "Ann Ames", "email": f"{run}-{number}@example.com"}
            order["referral_code"] = draw.choice(members)[1]
        found.append(order)
    return found


def written(
    place: Place, orders: list[dict[str, Any]], kind: str, asked: argparse.Namespace
) -> list[bytes]:
    """Return the requests as they go over the wire, each with a key of its own."""
    if kind == SINGLY:
        path, bodies = "/api/v1/orders", orders
    else:
        path = "/api/v1/orders/bulk"
        bodies = [
            {"orders": orders[start : start + asked.batch]}
            for start in range(0, len(orders), asked.batch)
        ]
    return [
        request(
            path, json.dumps(body).encode(), host="localhost", key=place.key, once=uuid.uuid4().hex
        )
        for body in bodies
    ]


def report(asked: argparse.Namespace, rows: list[Row], behind: float | None) -> str:
    """Return the table, with what it was measured on."""
    parts = list(rows[0].microseconds)
    head = [
        "sent",
        "orders a second",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        *(f"{part} µs" for part in parts),
    ]
    lines = [f"| {' | '.join(head)} |", "|---" + "|--:" * (len(head) - 1) + "|"]
    for row in rows:
        times = [f"{row.answers.percentile(part) * 1000:.0f}" for part in (50, 95, 99)]
        used = [f"{row.microseconds[part]:,.0f}" for part in parts]
        lines.append(f"| {' | '.join([row.kind, f'{row.rate:,.0f}', *times, *used])} |")
    followed = "without the live worker" if behind is None else (
        f"live figures had everything {behind:.1f} s after the last answer"
    )  # fmt: skip
    return "\n".join(
        [
            f"{asked.members:,} members, {asked.orders:,} orders before; {asked.connections}"
            f" connections one by one, {asked.senders} in bulk, {asked.batch:,} orders a request;"
            f" best of {asked.repeats}; {followed}.",
            f"Commit {machine.commit()}; {os.cpu_count()} cores, load {machine.load()}.",
            "",
            *lines,
        ]
    )


@contextmanager
def company(asked: argparse.Namespace, files: Path) -> Iterator[Place]:
    """Make a company in a database of its own, start its processes, and end both afterwards."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"{url.path.strip('/')}_ingest"
    environment = {
        **os.environ,
        "DATABASE_URL": url._replace(path=f"/{name}").geturl(),
        "REDIS_URL": urlsplit(os.environ["REDIS_URL"])._replace(path="/7").geturl(),
        "FROZEN_DIR": str(files),
        "API_REQUESTS_PER_MINUTE": str(10**9),
        "LOG_FORMAT": "json",
    }
    with _database(os.environ["DATABASE_URL"], name):
        key = _filled(environment, asked)
        started: dict[str, subprocess.Popen[bytes]] = {}
        try:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                address = free.getsockname()
            web = (*WEB, "--no-control-socket", "--bind", f"127.0.0.1:{address[1]}")
            started["web"] = _start(web, environment, files / "web.log")
            if not asked.without_worker:
                started["worker"] = _start(WORKER, environment, files / "worker.log")
            yield _ready(address, environment, key, started)
        finally:
            for process in started.values():
                process.terminate()
            for process in started.values():
                process.wait()


def _filled(environment: dict[str, str], asked: argparse.Namespace) -> str:
    """Make the network and return a key of its storefront."""
    _manage(environment, "migrate", "--no-input")
    sizes = (f"--members={asked.members}", f"--orders={asked.orders}", f"--seed={asked.seed}")
    _manage(environment, "seed_network", *sizes)
    (storefront,) = Place(("", 0), environment["DATABASE_URL"], "", {}).ask(
        "SELECT code FROM accounts_storefront ORDER BY id LIMIT 1"
    )[0]
    scopes = ("--scope", "orders:write", "--scope", "orders:read")
    return _manage(environment, "issue_key", storefront, *scopes).strip()


def _ready(
    address: tuple[str, int],
    environment: dict[str, str],
    key: str,
    started: Mapping[str, subprocess.Popen[bytes]],
) -> Place:
    """Return the company once it answers and its figures are there."""
    roots = {name: process.pid for name, process in started.items()}
    place = Place(address, environment["DATABASE_URL"], key, roots)
    if postmaster := place.postmaster():
        roots["PostgreSQL"] = postmaster
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(address):
            break
        time.sleep(0.2)
    if "worker" in started:
        _manage(environment, "shell", "-c", "from commissions.tasks import sweep; sweep.delay()")
        place.wait_for_figures()
    return place


@contextmanager
def _database(server: str, name: str) -> Iterator[None]:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.close()


def _start(
    arguments: tuple[str, ...], environment: dict[str, str], log: Path
) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=machine.ROOT, env=environment, stdout=out, stderr=out
        )


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=machine.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(arguments)} failed\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
