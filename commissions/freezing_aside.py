"""A run's folder, written in a thread of its own while the database takes the run's rows.

Both take seconds at a million members, one on a core of ours and the other on the server's. Nothing
here asks the database: the transaction is the other thread's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Event
from typing import Final

from commissions import freezing, frozen
from commissions.calculation import Calculated
from commissions.lines import all_lines
from commissions.models import Run

_SECONDS_BETWEEN: Final = 0.2


@dataclass(frozen=True, slots=True)
class Digests:
    """What a run is known by for good."""

    input_digest: str
    result_digest: str
    lines_digest: str


class _Unwanted(Exception):
    """The run that is being frozen will not be posted."""


class Freezing:
    """A folder that is being written."""

    def __init__(self, path: str, run: Run, calculated: Calculated) -> None:
        self._path, self._run, self._calculated = path, run, calculated
        self._unwanted = Event()
        self._lines = 0
        self._written: Future[Digests]

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Begin to write."""
        self._written = pool.submit(self._write)

    def stop(self) -> None:
        """Let the thread end after the part that it is at."""
        self._unwanted.set()

    @property
    def lines(self) -> int:
        """Return how many lines are written by now."""
        return self._lines

    def digests(self, has_written: Callable[[int], None], *, told: int) -> Digests:
        """Wait until the folder is complete; `has_written` is told of more lines, and may raise.

        So many lines were `told` of already.
        """
        is_done = False
        while not is_done:
            is_done = bool(wait([self._written], _SECONDS_BETWEEN).done)
            lines = self._lines
            has_written(lines - told)
            told = lines
        return self._written.result()

    def _write(self) -> Digests:
        """Keep all that the run was worked out from, and every line."""
        calculated = self._calculated
        freezing.write_books(self._path, self._run, calculated.books, self._go_on)
        digests = Digests(
            input_digest=calculated.input_digest,
            result_digest=calculated.found.digest,
            lines_digest=frozen.write_lines(self._path, self._counted()),
        )
        facts: dict[str, object] = {"engine": calculated.engine_version, **asdict(digests)}
        freezing.write_facts(self._path, self._run, calculated.books, facts)
        return digests

    def _counted(self) -> Iterator[frozen.Columns]:
        for part in all_lines(self._calculated):
            yield part
            self._lines += len(part["member_id"])
            self._go_on("lines")

    def _go_on(self, part: str) -> None:
        if self._unwanted.is_set():
            raise _Unwanted(part)


@contextmanager
def frozen_aside(path: str, run: Run, calculated: Calculated) -> Iterator[Freezing]:
    """Write a run's folder meanwhile; nobody writes into it any more when this is left."""
    aside = Freezing(path, run, calculated)
    with ThreadPoolExecutor(1, thread_name_prefix="freezing") as pool:
        aside.begin(pool)
        try:
            yield aside
        except BaseException:
            aside.stop()
            raise
