"""`./upline bench --pages`: how long every page, list and API answer takes in a large company.

Every address of the URL configuration is asked for, many times, as every kind of reader; what is
left out is named with a reason. Requests go through the whole application in this process:
middleware, session, view, template, PostgreSQL. Only sockets are left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import django

from bench import machine
from bench.databases import own_database
from bench.live.load import percentile
from bench.processes import processor_seconds
from bench.shell import Say, asked_for, page_file, saying

if TYPE_CHECKING:
    from bench.pages.audience import Audience
    from bench.pages.visits import Reader

PAGE: Final = "docs/reading.md"
QUICK: Final = {"members": 2_000, "orders": 4_000, "times": 3}
FULL: Final = {"members": 1_000_000, "orders": 2_000_000, "times": 40}


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for; sizes left out are the full ones, or with --quick tiny ones."""
    parser = argparse.ArgumentParser(prog="./upline bench --pages", description=__doc__)
    parser.add_argument("--members", type=int, help="default: 1,000,000")
    parser.add_argument("--orders", type=int, help="of the closed month; default: 2,000,000")
    parser.add_argument("--times", type=int, help="each address as each kind of reader; default 40")
    parser.add_argument("--here", action="store_true", help="look at the company there is")
    parser.add_argument("--only", default="", help="addresses whose name has this in it")
    parser.add_argument("--plans", action="store_true", help="with how PostgreSQL finds the rows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run")
    parser.add_argument("--output", help=f"default: {PAGE}; with --quick or --only: shown only")
    return asked_for(parser, given, quick=QUICK, full=FULL)


@dataclass
class Statement:
    """One statement of a page: what was asked, and for how many seconds."""

    sql: str
    values: Any
    seconds: float


@dataclass
class Visit:
    """How one address answered one kind of reader."""

    page: str
    variant: str
    role: str
    address: str
    status: int
    first: float
    took: list[float] = field(default_factory=list)
    queries: int = 0
    slowest: Statement | None = None
    processor: float = 0.0
    """Milliseconds of the processor for one answer, PostgreSQL's share included."""

    def percentile(self, per_cent: int) -> float:
        """Return the milliseconds within which so many of a hundred answers came."""
        return percentile(self.took, per_cent) * 1000


def main(given: list[str]) -> int:
    """Measure and write the page; 1 if an address was forgotten or did not answer."""
    asked = arguments(given)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mlm.settings",
        "STATIC_HASHED": "0",
        "API_REQUESTS_PER_MINUTE": str(10**9),
    }
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    say = saying()
    with _database(asked) as (url, files):
        os.environ |= {"DATABASE_URL": url, "FROZEN_DIR": files}
        django.setup()
        from django.db import connection

        from bench.pages import report, visits
        from mlm import loaded

        if forgotten := visits.forgotten():
            print(f"bench: nobody looks at {', '.join(forgotten)}", file=sys.stderr)
            return 1
        audience = _audience(asked, say)
        facts = machine.facts(database_url=url, seed=asked.seed)
        loaded.leave_alone()  # as a web process does
        found = list(look(audience, asked, say))
        facts["load after it"] = machine.load()
        text = report.page(facts, asked, audience, found)
        connection.close()
    if file := page_file(asked, PAGE, is_part=bool(asked.only)):
        file.write_text(text, encoding="utf-8")
    print(text)
    wrong = [visit for visit in found if visit.status not in (200, 204, 302)]
    for visit in wrong:
        print(f"bench: {visit.address} answered {visit.status}", file=sys.stderr)
    return 1 if wrong else 0


@contextmanager
def _database(asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield a database and a folder of frozen files: those that are there, or new ones."""
    server = os.environ["DATABASE_URL"]
    if asked.here:
        yield server, os.environ["FROZEN_DIR"]
        return
    with TemporaryDirectory() as files, own_database(server, "pages") as url:
        yield url, files


def _audience(asked: argparse.Namespace, say: Say) -> Audience:
    from django.core.management import call_command
    from django.utils import timezone

    from bench.pages import audience

    at = timezone.now()
    if not asked.here:
        call_command("migrate", verbosity=0)
        audience.make_company(
            members=asked.members, sold=asked.orders, seed=asked.seed, at=at, say=say
        )
    return audience.gather(at=at, say=say)


def look(audience: Audience, asked: argparse.Namespace, say: Say) -> Iterator[Visit]:
    """Yield how each address answered each kind of reader, in the order of addresses."""
    from bench.pages import visits

    for name in visits.names():
        if visits.reason(name) or asked.only not in name:
            continue
        say(name)
        for role, readers in _who_looks(name, audience):
            for (page, variant), addresses in _addresses(name, readers, audience).items():
                yield _visited(audience, page, variant, role, addresses, asked.times)


def _who_looks(name: str, audience: Audience) -> Iterator[tuple[str, Sequence[Reader]]]:
    from bench.pages import visits

    everybody = audience.readers
    if name in visits.MEMBER_PAGES:
        roles, _ = visits.MEMBER_PAGES[name]
        yield from ((role, everybody[role]) for role in roles if everybody[role])
    elif name in visits.API_PAGES:
        mixed = [one for role in visits.DISTRIBUTORS for one in everybody[role]]
        yield visits.STOREFRONT, mixed
    else:
        mixed = [*everybody[visits.MIDDLE], *everybody[visits.LEADERS]]
        yield visits.STAFF, mixed


def _addresses(
    name: str, readers: Sequence[Reader], audience: Audience
) -> Mapping[tuple[str, str], list[tuple[Reader, str]]]:
    """Return by variant the addresses to ask for, each with who asks."""
    from bench.pages import visits

    found: dict[tuple[str, str], list[tuple[Reader, str]]] = defaultdict(list)
    if name in ("lines", "missed", "level-lines"):
        readers = readers[:1]  # only the first of each kind has asked
    for reader in readers:
        if name in visits.MEMBER_PAGES:
            where = visits.MEMBER_PAGES[name][1](reader, audience.scene)
        elif name in visits.API_PAGES:
            where = visits.API_PAGES[name](reader, audience.scene)
        else:
            where = visits.staff_pages(name, reader, audience.scene)
        for variant, address in where:
            found[name, variant].append((reader, address))
    return found


def _visited(
    audience: Audience,
    page: str,
    variant: str,
    role: str,
    addresses: Sequence[tuple[Reader, str]],
    times: int,
) -> Visit:
    from django.db import connection

    from bench.pages.visits import STAFF, STOREFRONT

    def ask(turn: int) -> tuple[float, Any]:
        reader, address = addresses[turn % len(addresses)]
        client = audience.staff if role in (STAFF, STOREFRONT) else audience.clients[reader.pk]
        headers = {"Authorization": f"Bearer {audience.key}"} if role == STOREFRONT else {}
        started = perf_counter()
        response = client.get(address, headers=headers)
        return perf_counter() - started, response

    first, response = ask(0)
    visit = Visit(page, variant, role, addresses[0][1], response.status_code, first)
    before = _processor_seconds(connection)
    visit.took = [ask(turn)[0] for turn in range(times)]
    visit.processor = (_processor_seconds(connection) - before) / times * 1000
    with connection.execute_wrapper(_counting(visit)):
        for turn in range(min(3, len(addresses))):
            visit.queries = 0
            ask(turn)
    return visit


def _processor_seconds(connection: Any) -> float:
    """Return the time this process and its database connection have had of the processor."""
    connection.ensure_connection()
    backend = connection.connection.get_backend_pid()
    return time.process_time() + processor_seconds(backend)


def _counting(visit: Visit) -> Callable[..., Any]:
    """Return what notes the number of statements, and the slowest of them."""

    def noted(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = perf_counter() - started
            visit.queries += 1
            if visit.slowest is None or seconds > visit.slowest.seconds:
                visit.slowest = Statement(sql, params, seconds)

    return noted
