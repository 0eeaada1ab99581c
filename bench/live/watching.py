"""Eyes on a company's live figures, on connections of their own, while orders come in.

One sees each publication of the live run, one the figures of some members, and one, at the ends of
stretches, how large everything has become. What they see they only write down;
`bench.live.lags` reads it afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

import psycopg2
from typing_extensions import override

from bench.live.company import Place
from bench.processes import largest_bytes

EVERY_SECONDS: Final = 0.02
_LIVE: Final = (
    "SELECT r.id FROM commissions_run r JOIN commissions_period p ON p.id = r.period_id"
    " WHERE r.kind = 'live' AND p.starts_at <= now() AND p.ends_at > now()"
    " ORDER BY p.ends_at - p.starts_at DESC LIMIT 1"
)
_PUBLISHED: Final = "SELECT as_of, generation, snapshot, timings FROM commissions_run WHERE id = %s"
_FIGURES: Final = (
    "SELECT r.snapshot, s.member_id, s.pv, s.gv FROM commissions_run r"
    " JOIN commissions_standing s ON s.run_id = r.id"
    " WHERE r.id = %s AND s.run_id = %s AND s.member_id = ANY(%s)"
)
_SIZES: Final = (
    "SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid)), sum(n_dead_tup)"
    " FROM pg_stat_user_tables WHERE relname = ANY(%s)"
)
_CHANGES: Final = "SELECT count(*), pg_current_wal_lsn() - '0/0'::pg_lsn FROM distributors_change"


@dataclass(frozen=True, slots=True)
class Publication:
    """A refresh that another session could read, and when it first did."""

    moment: float
    generation: int
    snapshot: str
    timings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Look:
    """A member's PV and an upline's GV, read at once with the snapshot that they come from."""

    moment: float
    snapshot: str
    pv: int
    gv: int


@dataclass(slots=True)
class Sample:
    """An order whose figures are looked at: whose PV and whose GV it raises, and what was seen.

    `before` is what they had when measuring began, `seen` the first look at more PV than that.
    """

    member: int
    upline: int
    due: float = 0.0
    number: int = -1
    before: Look | None = None
    seen: Look | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How large everything was at a moment. Sizes are bytes; `processor` seconds, by part."""

    moment: float
    processor: Mapping[str, float]
    worker: int
    tables: int
    indexes: int
    dead_rows: int
    changes: int
    wal: int


def live_run(place: Place) -> int:
    """Return the live run of the period that is open now."""
    ((run,),) = place.ask(_LIVE)
    return int(run)


def live_tables(run: int) -> list[str]:
    """Return the names of a run's own tables."""
    return [f"commissions_{what}_{run}" for what in ("standing", "earning", "state")]


def look_at_all(place: Place, run: int, samples: Sequence[Sample]) -> None:
    """Note what every sample's members have before its order is there, all in one snapshot."""
    members = [who for sample in samples for who in (sample.member, sample.upline)]
    rows = place.ask(_FIGURES, [run, run, members])
    moment = perf_counter()
    figures = {who: (pv, gv) for _, who, pv, gv in rows}
    for sample in samples:
        pv, gv = figures[sample.member][0], figures[sample.upline][1]
        sample.before = Look(moment, rows[0][0], pv, gv)


@dataclass
class Watch:
    """Looks at a company until it is told to stop: `with Watch(...) as watch`."""

    place: Place
    run: int
    samples: Sequence[Sample]
    ends: Sequence[float]
    publications: list[Publication] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stopped = threading.Event()
        self._eyes = [
            _Eye(self.place, look)
            for look in (self._see_publications, self._see_figures, self._see_sizes)
        ]

    def __enter__(self) -> Watch:
        for eye in self._eyes:
            eye.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for eye in self._eyes:
            eye.join()
            if eye.failure is not None:
                raise eye.failure

    def _ticks(self) -> Iterator[float]:
        while not self._stopped.wait(EVERY_SECONDS):
            yield perf_counter()

    def _see_publications(self, cursor: Any) -> None:
        last = None
        for _ in self._ticks():
            cursor.execute(_PUBLISHED, [self.run])
            as_of, generation, snapshot, timings = cursor.fetchone()
            if as_of != last:
                took = {stage: float(seconds) for stage, seconds in timings.items()}
                self.publications.append(Publication(perf_counter(), generation, snapshot, took))
            last = as_of

    def _see_figures(self, cursor: Any) -> None:
        unseen = sorted(self.samples, key=lambda sample: sample.due)
        for now in self._ticks():
            due = [sample for sample in unseen if sample.due <= now]
            if not due:
                continue
            members = [who for sample in due for who in (sample.member, sample.upline)]
            cursor.execute(_FIGURES, [self.run, self.run, members])
            rows = cursor.fetchall()
            moment, figures = perf_counter(), {who: (pv, gv) for _, who, pv, gv in rows}
            for sample in due:
                pv, gv = figures[sample.member][0], figures[sample.upline][1]
                if sample.before is not None and pv > sample.before.pv:
                    sample.seen = Look(moment, rows[0][0], pv, gv)
            unseen = [sample for sample in unseen if sample.seen is None]

    def _see_sizes(self, cursor: Any) -> None:
        for end in self.ends:
            if self._stopped.wait(max(0.0, end - perf_counter())):
                return
            self.readings.append(self._reading(cursor))

    def _reading(self, cursor: Any) -> Reading:
        processor = self.place.processor_seconds()
        cursor.execute(_SIZES, [live_tables(self.run)])
        tables, indexes, dead = cursor.fetchone()
        cursor.execute(_CHANGES)
        changes, wal = cursor.fetchone()
        worker = largest_bytes(self.place.roots["worker"])
        return Reading(
            perf_counter(), processor, worker, int(tables), int(indexes), int(dead), changes,
            int(wal),
        )  # fmt: skip


class _Eye(threading.Thread):
    """One thread with a connection of its own that ends with whatever went wrong in it."""

    def __init__(self, place: Place, look: Any) -> None:
        super().__init__(daemon=True)
        self._place = place
        self._look = look
        self.failure: Exception | None = None

    @override
    def run(self) -> None:
        try:
            with closing(psycopg2.connect(self._place.database_url)) as connection:
                connection.autocommit = True
                with connection.cursor() as cursor:
                    self._look(cursor)
        except Exception as failure:
            self.failure = failure
