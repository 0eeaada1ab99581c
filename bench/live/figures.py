"""`./upline bench --live`: how long after an order's answer an upline's figures have it.

Paid orders come in at a steady rate whatever the answers take, then ten times as many for a while,
then as before. In the end everything is worked out anew in a process that knows nothing, and must
be what was published.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Final

from bench import machine
from bench.live.company import Place, Wanted, company
from bench.live.lags import Placed, placed_orders, published, wrong_looks
from bench.live.load import Answers, send, send_when_due
from bench.live.report import Part, page
from bench.live.samples import chosen, sponsors_of
from bench.live.shopping import (
    SOME,
    Market,
    Order,
    bought_by,
    in_bulk,
    made_orders,
    market_of,
    one_by_one,
    refused_orders,
)
from bench.live.watching import (
    EVERY_SECONDS,
    Publication,
    Reading,
    Sample,
    Watch,
    live_run,
    live_tables,
    look_at_all,
)
from bench.shell import asked_for, page_file

PAGE: Final = "docs/live.md"
QUICK: Final = {
    "members": 2_000, "orders": 2_000, "rate": 20, "minutes": 0.1, "peak_rate": 200,
    "peak_seconds": 3, "after_seconds": 3,
}  # fmt: skip
FULL: Final = {
    "members": 1_000_000, "orders": 2_000_000, "rate": 50, "minutes": 10.0, "peak_rate": 500,
    "peak_seconds": 60, "after_seconds": 60,
}  # fmt: skip
STEADY: Final = "steady"
PEAK: Final = "peak"
AFTER: Final = "after the peak"
WARM_UP: Final = 200


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="./upline bench --live", description=__doc__)
    parser.add_argument("--members", type=int, help="in the network; default: 1,000,000")
    parser.add_argument("--orders", type=int, help="in the month before; default: 2,000,000")
    parser.add_argument("--shape", default="mixed", help="wide, mixed, deep, chain")
    parser.add_argument("--rate", type=int, help="orders a second; default: 50")
    parser.add_argument("--minutes", type=float, help="at that rate; default: 10")
    parser.add_argument("--peak-rate", type=int, help="orders a second; default: 500")
    parser.add_argument("--peak-seconds", type=int, help="at that rate; default: 60; 0: no peak")
    parser.add_argument("--peak-batch", type=int, default=50, help="orders a request then")
    parser.add_argument("--after-seconds", type=int, help="at the first rate again; default: 60")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run, is all there")
    parser.add_argument("--output", help=f"default: {PAGE}; with --quick: shown only")
    return asked_for(parser, given, quick=QUICK, full=FULL)


def main(given: list[str]) -> int:
    """Measure and show or write the page; 1 if an order is missing or a figure is wrong."""
    asked = arguments(given)
    wanted = Wanted("live", asked.members, asked.orders, asked.seed, asked.shape)
    with TemporaryDirectory() as files, company(wanted, Path(files)) as place:
        facts = machine.facts(database_url=place.database_url, seed=asked.seed)
        measured = measure(place, asked)
        wrong = [*measured.wrong, *differences_when_cold(place, live_run(place))]
    facts["load after it"] = machine.load()
    text = page(asked, facts, measured.parts, measured.readings, wrong)
    file = page_file(asked, PAGE)
    if file and not wrong:
        file.write_text(text, encoding="utf-8")
    print(text)
    for what in wrong[:20]:
        print(f"bench: {what}", file=sys.stderr)
    return 1 if wrong else 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many seconds at one rate; each minute of a longer one stands by itself."""

    kind: str
    name: str
    starts: float
    seconds: float
    rate: int

    @property
    def ends(self) -> float:
        """Return when it is over, in seconds from the start of all."""
        return self.starts + self.seconds


def stretches(asked: argparse.Namespace) -> list[Stretch]:
    """Return what is sent when: the steady minutes, the peak, and the time after it."""
    found: list[Stretch] = []
    for kind, seconds, rate in (
        (STEADY, asked.minutes * 60, asked.rate),
        (PEAK, asked.peak_seconds, asked.peak_rate),
        (AFTER, asked.after_seconds, asked.rate),
    ):
        left = float(seconds)
        while left > 0:
            starts = found[-1].ends if found else 0.0
            name = str(len(found) + 1) if kind == STEADY else kind
            found.append(Stretch(kind, name, starts, min(left, 60.0), rate))
            left -= 60.0
    return found


@dataclass(frozen=True, slots=True)
class Planned:
    """Requests in their order: when each is due, from the start of all, and what is in it."""

    due: list[float]
    requests: list[bytes]
    orders: list[range]


def planned(
    place: Place, asked: argparse.Namespace, parts: Sequence[Stretch], orders: Sequence[Order]
) -> Planned:
    """Return all requests: one an order, and so many orders in one at the peak."""
    found, first = Planned([], [], []), 0
    for part in parts:
        count = round(part.seconds * part.rate)
        batch = asked.peak_batch if part.kind == PEAK else 1
        some = orders[first : first + count]
        found.requests.extend(
            one_by_one(place, some) if batch == 1 else in_bulk(place, some, batch)
        )
        for start in range(0, count, batch):
            found.due.append(part.starts + start / part.rate)
            found.orders.append(range(first + start, first + min(start + batch, count)))
        first += count
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """What was seen, stretch by stretch, and everything that was not as it must be."""

    parts: list[Part]
    readings: list[Reading]
    wrong: list[str]


def measure(place: Place, asked: argparse.Namespace) -> Measured:
    """Send the orders, watch the figures, and return what came of it."""
    run, parts = live_run(place), stretches(asked)
    market = market_of(place, min(SOME, max(100, asked.members // 10)))
    warm_up(place, market, asked)
    orders = made_orders(market, _count(parts), seed=asked.seed)
    sponsors = sponsors_of(place)
    looked = chosen(place, round(parts[-1].ends), buyers=market.ids, sponsors=sponsors)
    for second, (sample, code) in enumerate(looked):
        sample.due, sample.number = float(second), _number_at(parts, second)
        orders[sample.number] = bought_by(orders[sample.number], code)
    samples = [sample for sample, _ in looked]
    plan = planned(place, asked, parts, orders)
    look_at_all(place, run, samples)
    started = perf_counter() + 1.0
    for sample in samples:
        sample.due += started
    ends = [started, *(started + part.ends for part in parts)]
    due = [started + moment for moment in plan.due]
    with Watch(place, run, samples, ends) as watch:
        answers = send_when_due(
            place.address, list(zip(due, plan.requests, strict=True)), connections=asked.connections
        )
        place.wait_for_figures()
        sleep(10 * EVERY_SECONDS)
    name = orders[0]["external_id"].rpartition("-")[0]
    answered = {
        order: (moment, took)
        for number, moment, took in zip(answers.numbers, answers.moments, answers.took, strict=True)
        for order in plan.orders[number]
    }
    placed = placed_orders(place, name, answered)
    moments = published(placed, watch.publications)
    wrong = [*refusals(answers, len(plan.requests)), *wrong_looks(samples, placed, sponsors)]
    if missing := len(orders) - len(moments):
        wrong.append(f"{missing} of {len(orders)} orders are in no publication")
    told = [
        _part(part, _numbers(parts, part), placed, moments, samples, watch.publications, started)
        for part in parts
    ]
    return Measured(told, watch.readings, wrong)


def warm_up(place: Place, market: Market, asked: argparse.Namespace) -> None:
    """Let every process of the company do once what it will do, and the figures have it."""
    orders = made_orders(market, WARM_UP, seed=-asked.seed)
    half = WARM_UP // 2
    requests = [*one_by_one(place, orders[:half]), *in_bulk(place, orders[half:], asked.peak_batch)]
    send(place.address, iter(requests), connections=asked.connections)
    place.wait_for_figures()


def _count(parts: Sequence[Stretch]) -> int:
    return sum(round(part.seconds * part.rate) for part in parts)


def _numbers(parts: Sequence[Stretch], wanted: Stretch) -> range:
    """Return the places of a stretch's orders among all."""
    first = _count(parts[: parts.index(wanted)])
    return range(first, first + _count([wanted]))


def _number_at(parts: Sequence[Stretch], second: float) -> int:
    """Return the place of the order that is due at a second from the start of all."""
    part = next(part for part in parts if second < part.ends)
    return _numbers(parts, part).start + int((second - part.starts) * part.rate)


def _part(
    part: Stretch,
    numbers: range,
    placed: Sequence[Placed],
    moments: Mapping[int, float],
    samples: Sequence[Sample],
    publications: Sequence[Publication],
    started: float,
) -> Part:
    """Return what was seen of a stretch's orders, whenever it was, and of its own refreshes."""
    its = [order for order in placed if order.number in numbers]
    answered = {order.number: order.answered for order in its}
    figures = [
        sample.seen.moment - answered[sample.number]
        for sample in samples
        if sample.seen is not None and sample.number in answered
    ]
    begins, ends = started + part.starts, started + part.ends
    return Part(
        kind=part.kind,
        name=part.name,
        seconds=part.seconds,
        orders=len(its),
        took=[order.took for order in its],
        lags=[
            max(0.0, moments[order.number] - order.answered)
            for order in its
            if order.number in moments
        ],
        figures=[max(0.0, lag) for lag in figures],
        refreshes=[one.timings for one in publications if begins <= one.moment < ends],
    )


def refusals(answers: Answers, sent: int) -> list[str]:
    """Return what was not taken: requests and, in bulk, single orders."""
    found = [f"{number} answers {status}" for status, number in answers.statuses.items()
             if status not in (200, 201)]  # fmt: skip
    if len(answers.bodies) != sent:
        found.append(f"{sent - len(answers.bodies)} requests were not answered")
    return [*found, *(f"refused: {why}" for why in refused_orders(answers))]


def digests(place: Place, run: int) -> dict[str, tuple[int, str]]:
    """Return of each table of a run how many rows it has and a digest of all their columns."""
    return {
        table: place.ask(
            "SELECT count(*), coalesce(md5(string_agg(row, '' ORDER BY row)), '')"
            f" FROM (SELECT md5(t::text) AS row FROM {table} t) rows"
        )[0]
        for table in live_tables(run)
    }


def differences_when_cold(place: Place, run: int) -> list[str]:
    """Work everything out anew in a fresh process; return which tables are other than before."""
    before = digests(place, run)
    place.manage("refresh_periods")
    after = digests(place, run)
    return [
        f"{table} is another after working everything out anew: {before[table]}, {after[table]}"
        for table in before
        if before[table] != after[table] or not before[table][0]
    ]
