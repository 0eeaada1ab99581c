"""The figures as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from bench.closing import Closings
from bench.engine.alone import Alone, section
from bench.engine.earnings import Best, Paid
from bench.engine.hybrid import Measured
from bench.engine.witness import SMALL
from bench.plots import chart
from bench.rivals.comparing import OURS, Compared
from bench.rivals.storing import SUMS, WHATS, Stored
from bench.tables import table

HEAD: Final = """# Benchmarks

Written by `./upline bench`; [measuring.md](measuring.md) says what is inside each figure and how to
take it again. Every figure is the best of its repetitions, in seconds by the clock; in brackets the
processor's time of the measuring process alone, which is what a machine that does nothing else
would come near. Before any time was written down, everybody's sums agreed to the cent.
"""
ENGINE: Final = """
## The engine alone

One month under [plans/evergreen.toml](../plans/evergreen.toml) (personal and group volume,
activity, six ranks, a unilevel of seven levels with dynamic compression, every line rounded), warm,
from arrays to sums per earner and level. All members are distributors. *Order* is putting the
network in order; *every line* writes down each single line as well.
"""
RIVALS: Final = """
## The same month in other ways

Seconds, and in brackets how many times longer than the engine (its *order* and *calculate*
together). Loading the data, for the databases, and indexing it are not counted. A dash: not tried,
as it would take very long or not end. The statements are in `bench/rivals/statements.py`, run on
DuckDB and PostgreSQL alike, in two forms; what is written with Django's ORM is in
`bench/rivals/orm.py`.
"""
MEMORY: Final = """
Peak memory in MiB, each in a process of its own that has nothing else to do; where PostgreSQL does
the work, also that of its process, with the shared buffers that it touched. Python itself, what it
imports, and the month as arrays are in the first figure.
"""
PLOT: Final = "\n![{shape}: seconds by members](images/bench-{shape}.svg)"
STORED: Final = """
## With what is paid stored in PostgreSQL

Seconds from the month in place (arrays, or tables indexed and analysed) to the commit of a new
table: *sums* per earner, level and rate with their primary key, which is how Upline stores a run;
or *every line* in a table, which Upline leaves to files. DuckDB's answers and Upline's are written
by COPY, PostgreSQL's by CREATE TABLE AS. What was stored was read back and agreed to the cent.
"""
HYBRID: Final = """
## Everything at once

One month under [bench/engine/hybrid.toml](../bench/engine/hybrid.toml): six ranks, five of them by
legs that count up to a share and legs with a rank in them, retail, a unilevel of seven levels with
dynamic compression, a differential, a binary whose lots are carried and expire, matching of levels
and binary, a pool, caps by rank, of the bonus and of the plan. It is the second month of its
network: the first one left as many rows of state (*carried*: lots and ranks) as the table says. The
binary tree is grown by spillover; *deep* are both trees. Before, standings, every line and all
state of both months agreed with the oracle, which is written from the language page alone, in
networks of {least} to {most} members.

Warm and from arrays, as above, in a process of its own on two cores; in brackets is the time of
both together. *Order* is putting both trees in order, once for as long as nobody joins or moves;
the columns after *calculate* are its parts.
"""
CLOSING: Final = """
## Closing a month, from PostgreSQL to PostgreSQL

A company made by `seed_network`: {members:,} members, of whom {distributors:,} are distributors,
{orders:,} orders in the month, {shape}; {size} in the database. Its month is refreshed live in a
fresh process, refreshed again after one more order, closed in another fresh process, and verified
in a third. Seeding took {seed:.0f} s.
"""


def page(
    facts: dict[str, str],
    compared: Sequence[Compared],
    hybrids: Sequence[Measured],
    closings: Closings | None,
    stored: Sequence[Stored] = (),
    alone: Alone | None = None,
) -> str:
    """Return the whole page."""
    parts = [HEAD, *_facts(facts)]
    if compared:
        parts += [ENGINE, *_engine(compared), RIVALS, *_rivals(compared)]
        parts += [PLOT.format(shape=shape) for shape in _shapes(compared)]
        parts += [MEMORY, *_memory(compared)]
    if stored:
        parts += [STORED, *_stored(stored)]
    if hybrids:
        parts += _hybrids(hybrids)
    if alone:
        parts += section(alone)
    if closings:
        parts += _closing(closings)
    return "\n".join(parts).rstrip("\n") + "\n"


def _facts(facts: dict[str, str]) -> Iterator[str]:
    yield from table(("measured", "on"), facts.items())


def _engine(compared: Sequence[Compared]) -> Iterator[str]:
    yield from table(
        ("shape", "members", "orders", "lines", "order", "calculate", "every line"),
        (
            (
                one.month.shape,
                f"{len(one.month.sponsor):,}",
                f"{len(one.month.seller):,}",
                f"{one.engine.lines_count:,}",
                _best(one.engine.order),
                f"**{one.engine.calculate.wall:.3f}** ({one.engine.calculate.work:.3f})",
                _best(one.engine.lines),
            )
            for one in compared
        ),
    )


def _rivals(compared: Sequence[Compared]) -> Iterator[str]:
    names = _names(compared)
    yield from table(
        ("shape", "members", "engine", *names),
        (
            (
                one.month.shape,
                f"{len(one.month.sponsor):,}",
                f"{_engine_seconds(one):.3f}",
                *(_times(one, name) for name in names),
            )
            for one in compared
        ),
    )


def _stored(stored: Sequence[Stored]) -> Iterator[str]:
    names = list(dict.fromkeys(name for one in stored for name, _ in one.seconds))
    yield from table(
        ("shape", "members", "stored", "rows", *names),
        (
            (
                one.month.shape,
                f"{len(one.month.sponsor):,}",
                what,
                f"{one.sums if what == SUMS else one.lines:,}",
                *(_seconds(one.seconds.get((name, what))) for name in names),
            )
            for one in stored
            for what in WHATS
        ),
    )


def _seconds(found: float | None) -> str:
    return "–" if found is None else f"{found:.2f}"


def _engine_seconds(one: Compared) -> float:
    return one.engine.order.wall + one.engine.calculate.wall


def _shapes(compared: Sequence[Compared]) -> list[str]:
    return list(dict.fromkeys(one.month.shape for one in compared))


def pictures(compared: Sequence[Compared]) -> dict[str, str]:
    """Return a picture for each shape, by the name of its file."""
    return {
        f"bench-{shape}.svg": _picture([one for one in compared if one.month.shape == shape])
        for shape in _shapes(compared)
    }


def _picture(compared: Sequence[Compared]) -> str:
    lines: dict[str, list[tuple[float, float]]] = {OURS: []}
    for one in compared:
        members = float(len(one.month.sponsor))
        lines[OURS].append((members, _engine_seconds(one)))
        for name, paid in one.rivals.items():
            lines.setdefault(name, []).append((members, paid.seconds))
    title = f"One month, {compared[0].month.shape} network"
    return chart(title, lines, across="members", up="seconds")


def _memory(compared: Sequence[Compared]) -> Iterator[str]:
    names = _names(compared)
    yield from table(
        ("shape", "members", OURS, *names),
        (
            (
                one.month.shape,
                f"{len(one.month.sponsor):,}",
                _peaks(one.ours),
                *(_peaks(one.rivals[name]) if name in one.rivals else "–" for name in names),
            )
            for one in compared
        ),
    )


def _peaks(paid: Paid) -> str:
    seen = [peak for peak in (paid.client_mib, paid.server_mib) if peak is not None]
    return " + ".join(f"{peak:,.0f}" for peak in seen) or "not visible"


def _names(compared: Sequence[Compared]) -> list[str]:
    return list(dict.fromkeys(name for one in compared for name in one.rivals))


def _times(one: Compared, name: str) -> str:
    if name not in one.rivals:
        return "–"
    seconds = one.rivals[name].seconds
    ratio = seconds / _engine_seconds(one)
    return f"{seconds:.2f} ({ratio:,.0f}×)" if ratio >= 10 else f"{seconds:.2f} ({ratio:.1f}×)"


def _hybrids(hybrids: Sequence[Measured]) -> Iterator[str]:
    yield HYBRID.format(least=min(SMALL.values()), most=max(SMALL.values()))
    stages = list(hybrids[0].stages)
    yield from table(
        ("shape", "members", "orders", "deep", "carried", "lines", "order", "calculate", *stages,
         "peak memory"),
        (_hybrid(one) for one in hybrids),
    )  # fmt: skip


def _hybrid(one: Measured) -> Iterator[str]:
    yield one.size.shape
    yield from (f"{number:,}" for number in (one.size.members, one.size.orders))
    yield f"{one.depth:,}, {one.placed_depth:,}"
    yield from (f"{number:,}" for number in (one.carried, one.lines))
    order = Best(one.order.wall + one.trees.wall, one.order.work + one.trees.work)
    yield _best(order)
    yield f"**{one.calculate.wall:.2f}** ({one.calculate.work:.2f})"
    yield from (f"{seconds:.2f}" for seconds in one.stages.values())
    yield _mib([one.peak_mib])


def _closing(closings: Closings) -> Iterator[str]:
    yield CLOSING.format(
        members=closings.members,
        distributors=closings.closes[0]["members"],
        orders=closings.orders,
        shape=closings.shape,
        size=closings.size,
        seed=closings.seed_seconds,
    )
    steps = {
        "close": closings.closes,
        "live, first time": [told["first"] for told in closings.refreshes],
        "live, one order later": [told["one order later"] for told in closings.refreshes],
        "live, nothing new": [told["again"] for told in closings.refreshes],
    }
    stages = list(dict.fromkeys(stage for told in steps.values() for stage in told[0]["stages"]))
    yield from table(
        ("", "in all", *stages, "client's peak memory", "server's process"),
        (_step(name, told, stages) for name, told in steps.items()),
    )
    verified = min(closings.verify_seconds)
    yield (
        f"\n`verify_run`, a process's start included: {verified:.1f} s. *In all* is more than the\n"
        "stages: it has the locks, the commit and what is published. A close freezes in a thread\n"
        "of its own, beside writing and posting: *freeze* is what that took longer. The server's\n"
        "process is counted with the shared buffers that it touched; in brackets its work.\n"
    )


def _step(name: str, repeated: list[dict[str, Any]], stages: list[str]) -> Iterator[str]:
    """Return a row: the quickest repetition with its own stages, and the largest memory of all."""
    best = min(repeated, key=lambda told: float(told["wall"]))
    yield name
    yield f"**{best['wall']:.1f}** ({best['work']:.1f})"
    for stage in stages:
        yield f"{best['stages'][stage]:.1f}" if stage in best["stages"] else ""
    yield _mib(told["client_mib"] for told in repeated)
    worked = "" if best["server_work"] is None else f" ({best['server_work']:.1f} s)"
    yield _mib(told["server_mib"] for told in repeated) + worked


def _mib(values: Iterable[float | None]) -> str:
    seen = [value for value in values if value is not None]
    return f"{max(seen):,.0f} MiB" if seen else "not visible"


def _best(best: Best) -> str:
    return f"{best.wall:.3f} ({best.work:.3f})"
