"""Runs drawn cases, many at a time; what fails is made small and written down."""

import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

from tests.oracle.covering import Cell, cells_hit
from tests.oracle.drawing.cases import case_of
from tests.oracle.failing import Failure, compared, fails_like
from tests.oracle.saving import FOUND, text_of
from tests.oracle.shrinking import Shrinking

Tell = Callable[[str], object]
LONGEST_SECONDS = 60
"""A case that takes longer hangs."""
ON_FILES = 40
"""Each case of so many is run on files as well."""
WITH_WAYS = 4
"""Of each case of so many it is compared, too, whom sales met on their way up."""
MOST_SAVED = 5
MOST_REFUSED_PER_CENT = 2


@dataclass(frozen=True)
class Result:
    """What came of one case."""

    seed: int
    failure: Failure | None
    hits: frozenset[Cell]


@dataclass
class Report:
    """What came of all of them. Refusals are cases that the reader refused."""

    cases: int = 0
    seconds: int = 0
    failures: list[tuple[int, Failure]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    hits: Counter[Cell] = field(default_factory=Counter)
    saved: list[Path] = field(default_factory=list)

    def take(self, result: Result) -> None:
        """Count a case in."""
        self.cases += 1
        if result.failure is None:
            self.hits.update(result.hits)
        elif result.failure.is_refusal:
            self.refusals[result.failure.kind] += 1
        else:
            self.failures.append((result.seed, result.failure))

    @property
    def is_refused_too_often(self) -> bool:
        return self.refusals.total() * 100 > self.cases * MOST_REFUSED_PER_CENT


class Hangs(Exception):
    """A case takes too long."""


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Stop what takes longer, in the main thread of a process.

    Seconds of the processor's time: a machine that is busy or stopped makes no case fail.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hangs(f"it takes longer than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run_case(seed: int) -> Result:
    """Draw a case, ask both sides, and tell what it touched."""
    case = case_of(seed)
    with alarm(LONGEST_SECONDS):
        failure, answers = compared(
            case, on_files=seed % ON_FILES == 0, ways_too=seed % WITH_WAYS == 0
        )
    hits = frozenset(cells_hit(case, answers)) if failure is None else frozenset()
    return Result(seed, failure, hits)


def fuzz(seeds: Sequence[int], *, jobs: int, seconds: int | None, tell: Tell) -> Report:
    """Run cases, at most for so long; tell now and then how far it is."""
    report, begun = Report(), time.monotonic()
    told = begun
    for result in results(seeds, jobs):
        report.take(result)
        now = time.monotonic()
        if now - told > 10:
            told = now
            tell(progress(report, len(seeds)))
        if seconds is not None and now - begun > seconds:
            break
    report.seconds = round(time.monotonic() - begun)
    return report


def results(seeds: Sequence[int], jobs: int) -> Iterator[Result]:
    """Yield what comes of each case, in so many processes."""
    if jobs < 2:
        yield from map(run_case, seeds)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(run_case, seeds, chunksize=20)


def progress(report: Report, of: int) -> str:
    failed, refused = len(report.failures), report.refusals.total()
    return f"{report.cases:,} of {of:,} cases: {failed:,} failed, {refused:,} refused"


def save_failures(report: Report, tell: Tell, folder: Path = FOUND) -> None:
    """Make one case of each kind of failure small, and write it down as a test for ever."""
    kinds = {failure.kind: (seed, failure) for seed, failure in reversed(report.failures)}
    for seed, failure in list(kinds.values())[:MOST_SAVED]:
        case = Shrinking(case_of(seed), partial(fails_like, failure)).smallest()
        again, _ = compared(case)
        sentences = again.sentences if again else failure.sentences
        tell("\n".join([f"\ncase {seed}: {failure.kind}", *sentences[:20]]))
        try:
            text = text_of(case, f"case {seed}: {sentences[-1]}")
        except Exception as error:
            tell(f"not written down: {error!r}")
            continue
        folder.mkdir(exist_ok=True)
        path = folder / f"case-{seed}.toml"
        path.write_text(text, encoding="utf-8")
        report.saved.append(path)
        tell(text)
