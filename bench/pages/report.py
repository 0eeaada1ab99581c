"""docs/reading.md as `bench --pages` writes it: a table a kind of reader, and query plans."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from django.db import connection

from bench.pages import visits
from bench.pages.visits import DISTRIBUTORS, LEADERS, STAFF, STOREFRONT
from bench.tables import table

if TYPE_CHECKING:
    from bench.pages.answers import Visit
    from bench.pages.audience import Audience

GOAL_MS: Final = 100
_PLANS_AT_MOST: Final = 14
_WIDTH: Final = 150
_NOISE: Final = ("Planning", "Buffers: shared hit", "Storage:", "Index Searches", "Worker ")
_HEAD: Final = """\
# Reading at scale

Written by `./upline bench --pages --plans` ([measuring.md](measuring.md)); do not edit.

How long the server takes for every page, list and answer of the API in a company of a million
members: the time from the request to the whole answer, through middleware, session, view, template
and PostgreSQL. The goal is 100 ms for nineteen of twenty (p95), also for who has the largest
downline and for the house account, which has everybody below it.

**How it is measured.** In one process, without sockets, through the whole application. Each address
is asked for once (*first*), and then many times in turn by several readers of a kind, each in a
place of their own, half a dozen addresses of each kind of page. *Processor* is what an answer costs
this process and its PostgreSQL connection, the better measure on a busy machine; *queries* and the
*slowest* of them are those of one more request. Every address of the URL configuration is asked
for; those left out are at the end, with the reason."""
_LIMITS: Final = """\
## What keeps it so

- **Nothing counts everything.** Lists of the company's side count to five thousand and say so;
  filters that no index serves look through the newest fifty thousand rows, search through all.
- **Each condition has its own index.** One condition over two tables, joined by "or", reads both
  whole: what is typed is looked up first, and the list is asked for what was found.
- **A walk is one look-up a step.** Networks are walked by `LATERAL ... OFFSET 0`: as a plain join,
  PostgreSQL reads all versions once a level as soon as its statistics say so.
- **A walk stops.** A recursive query whose rows nobody has to sort is worked out only as far as
  rows are taken from it; search and the flat list look at the nearest 3,000 at most and say it.
- **A large team is a range.** A run's network is stored in the engine's preorder: all distributors
  below somebody are one range of places, and the first of them in the order of a volume or a rank
  come from an index of the run's figures, however many there are.
- **Open dashboards ask next to nothing.** *pulse* is the same for all, kept for a second and
  answered without a query (304 to who knows it); *own-pulse* tells by three look-ups whether it is
  about oneself. Figures are fetched only then. Hidden pages ask nothing, failed ones less often.
- **What is drawn is a page.** Fifty members, twenty orders, ten lines of each level; the rest is a
  link away."""


def page(
    facts: Mapping[str, str], asked: argparse.Namespace, audience: Audience, found: Sequence[Visit]
) -> str:
    """Return the page's text."""
    parts = [
        _HEAD,
        *_measured_on(facts, asked, audience),
        *_summary(found),
        *_members(found),
        *_others("Of the company's side", STAFF, found),
        *_others("The API", STOREFRONT, found),
        *_answers(audience),
        _LIMITS,
        *(_plans(found) if asked.plans else ()),
        *_left_out(),
    ]
    return "\n\n".join(parts) + "\n"


def _measured_on(
    facts: Mapping[str, str], asked: argparse.Namespace, audience: Audience
) -> Iterator[str]:
    yield "\n".join(f"- {name}: {value}" for name, value in facts.items())
    sizes = [
        f"{role} {', '.join(f'{one.downline:,}' for one in group)}"
        for role, group in audience.readers.items()
    ]
    with connection.cursor() as cursor:
        counts = []
        for table in ("distributors_member", "orders_order", "orders_saleline"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # constants
            counts.append(f"{cursor.fetchone()[0]:,}")
    yield (
        f"{counts[0]} members, {counts[1]} orders, {counts[2]} sales; one month posted, the next"
        f" one live. Each address {asked.times} times."
        f" People below each reader: {'; '.join(sizes)}."
    )


def _summary(found: Sequence[Visit]) -> Iterator[str]:
    slow = [visit for visit in found if visit.percentile(95) > GOAL_MS]
    worst = sorted(found, key=lambda one: -one.percentile(95))[:15]
    yield (
        f"**{len(found) - len(slow)} of {len(found)} within {GOAL_MS} ms** (p95),"
        f" {sum(one.processor <= GOAL_MS for one in found)} by the processor's time. The slowest:"
    )
    yield _table(
        ["page", "by", "p50 ms", "p95 ms", "first", "processor", "queries", "slowest"],
        (
            [_named(one), one.role, *_times(one), f"{one.processor:.0f}", *_queries(one)]
            for one in worst
        ),
    )


def _members(found: Sequence[Visit]) -> Iterator[str]:
    yield "## Pages of members"
    yield "p95 in milliseconds by reader; processor, queries and slowest query by top leaders."
    rows = []
    of_members = [one for one in found if one.page in visits.MEMBER_PAGES]
    for key in dict.fromkeys((one.page, one.variant) for one in of_members):
        by = {one.role: one for one in of_members if (one.page, one.variant) == key}
        roles = (*DISTRIBUTORS, visits.CUSTOMERS)
        shown = by.get(LEADERS) or next(iter(by.values()))
        p95 = [f"{by[role].percentile(95):.0f}" if role in by else "" for role in roles]
        rows.append([_named(shown), *p95, f"{shown.processor:.0f}", *_queries(shown)])
    head = ["page", *DISTRIBUTORS, visits.CUSTOMERS, "processor", "queries", "slowest"]
    yield _table(head, rows)


def _others(title: str, role: str, found: Sequence[Visit]) -> Iterator[str]:
    yield f"## {title}"
    head = ["page", "p50 ms", "p95 ms", "first", "processor", "queries", "slowest"]
    yield _table(
        head,
        (
            [_named(one), *_times(one), f"{one.processor:.0f}", *_queries(one)]
            for one in found
            if one.role == role
        ),
    )


def _answers(audience: Audience) -> Iterator[str]:
    yield "## Why: the lines behind an amount"
    yield (
        "Pages never calculate. Lines are looked up by a worker, once a question, while the page"
        " says that they are; then they are a page as any other (above: *lines*, *missed*), which"
        " takes the longer the more lines an earner has. Of a posted month the worker reads its"
        " file; of a live one it brings the figures up to date first. The first row of each month"
        " is by a worker that has just started."
    )
    rows = (
        [role, label, f"{seconds:.1f}", f"{lines:,}"]
        for role, label, seconds, lines in audience.answered
    )
    yield _table(["asked by", "month", "seconds", "lines"], rows)


def _plans(found: Sequence[Visit]) -> Iterator[str]:
    """Yield how PostgreSQL finds the rows of the slowest statements, one a page."""
    yield "## Query plans"
    yield (
        "Of the pages whose slowest statement takes longest, for the largest downline or the"
        " company's side: `EXPLAIN (ANALYZE, BUFFERS)`, long lines cut."
    )
    chosen: dict[str, Visit] = {}
    by_time = sorted(found, key=lambda one: -(one.slowest.seconds if one.slowest else 0))
    for visit in by_time:
        if visit.role in (LEADERS, STAFF, STOREFRONT) and visit.slowest is not None:
            chosen.setdefault(visit.page, visit)
    for visit in list(chosen.values())[:_PLANS_AT_MOST]:
        yield f"### {_named(visit)}, {visit.role}"
        yield "```\n" + "\n".join(_plan(visit)) + "\n```"


def _plan(visit: Visit) -> Iterator[str]:
    if visit.slowest is None or not visit.slowest.sql.lstrip().upper().startswith(
        ("SELECT", "WITH")
    ):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {visit.slowest.sql}", visit.slowest.values)
        for (line,) in cursor.fetchall():
            if not line.strip().startswith(_NOISE[2:]):
                yield (
                    line[:_WIDTH].replace("(cost=", "(cost ").split(" (cost ")[0]
                    + (f" ({line.split('(actual')[1].strip(' )')})" if "(actual" in line else "")
                    if "(cost=" in line
                    else line[:_WIDTH]
                )


def _left_out() -> Iterator[str]:
    yield "## Not asked for"
    by_reason: dict[str, list[str]] = {}
    for name in visits.names():
        if why := visits.reason(name):
            by_reason.setdefault(why, []).append(name)
    yield "\n".join(f"- {why}: {', '.join(names)}" for why, names in by_reason.items())


def _named(visit: Visit) -> str:
    return f"{visit.page} {visit.variant}".strip().replace("|", "&#124;")


def _times(visit: Visit) -> list[str]:
    return [
        f"{visit.percentile(50):.0f}",
        f"{visit.percentile(95):.0f}",
        f"{visit.first * 1000:.0f}",
    ]


def _queries(visit: Visit) -> list[str]:
    slowest = f"{visit.slowest.seconds * 1000:.1f}" if visit.slowest else ""
    return [str(visit.queries), slowest]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(table(head, rows, to_the_right=True))
