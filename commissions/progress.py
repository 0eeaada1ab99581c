"""How far a closing is, and how it is stopped: between two of its steps, or in a statement.

What is left is an estimate, and is only given where something is known: how long the last closing
took, by size, or how many of so many rows are done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from time import time
from typing import Final

STAGES: Final = ("wait", "read", "calculate", "write", "post", "freeze")
"""What a closing does, in its order. Freezing begins with writing; what it takes longer is last."""
_NAMES: Final = {
    "wait": "waiting for orders that are being written",
    "read": "reading",
    "calculate": "calculating",
    "freeze": "keeping what it was worked out from",
    "write": "writing figures",
    "post": "posting",
    "export": "writing lines",
}


class Stopped(Exception):
    """A closing was asked to stop, and has come to a place where it can."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a closing is, or where a stage of it came to an end. Moments are seconds since 1970.

    `part` says more closely what the stage is at. `done` of `total` rows are done, of what `unit`
    says; a total of 0 is not known. `left` is an estimate of the seconds that the closing still
    takes, or of the stage alone where `is_of_stage`; None: not known.
    """

    stage: str
    began: float
    stage_began: float
    at: float
    part: str = ""
    unit: str = ""
    done: int = 0
    total: int = 0
    left: float | None = None
    is_of_stage: bool = False
    is_over: bool = False

    @property
    def seconds(self) -> float:
        """Return how long the stage has taken so far."""
        return self.at - self.stage_began

    @property
    def name(self) -> str:
        """Return what people call the stage, and the part of it that it is at."""
        return f"{_NAMES[self.stage]}: {self.part}" if self.part else _NAMES[self.stage]

    @property
    def number(self) -> int:
        """Return which of a closing's stages it is, from 1; what is no closing has but one."""
        return STAGES.index(self.stage) + 1 if self.stage in STAGES else len(STAGES)

    @property
    def rate(self) -> int | None:
        """Return how many rows a second the stage has done so far; None for none."""
        return int(self.done / self.seconds) if self.done and self.seconds > 0 else None

    @property
    def counted(self) -> str:
        """Return how many rows are done, and how many that is a second; nothing for none.

        >>> Progress("read", 0, 0, at=2, unit="rows", done=5000, total=9000).counted
        '5,000 of 9,000 rows, 2,500 a second'
        """
        if not self.done:
            return ""
        of = f" of {self.total:,}" if self.total and not self.is_over else ""
        rate = f", {self.rate:,} a second" if self.rate else ""
        return f"{self.done:,}{of} {self.unit}{rate}"

    @property
    def remaining(self) -> str:
        """Return how long it may still take, as an estimate; nothing where that is not known.

        >>> Progress("read", 0, 0, 0, left=75.2).remaining
        'about 1 min 15 s left'
        >>> Progress("read", 0, 0, 0, left=0.3, is_of_stage=True).remaining
        'about 1 s left of this step'
        """
        if self.left is None:
            return ""
        return f"about {told(self.left)} left{' of this step' if self.is_of_stage else ''}"


def told(seconds: float) -> str:
    """Return so many seconds for people, at least one.

    >>> told(0), told(59.6), told(3725)
    ('1 s', '1 min 0 s', '1 h 2 min')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def estimated(progress: Progress, expected: Mapping[str, float]) -> Progress:
    """Return progress with what is left; `expected` has the seconds of each stage, where known.

    >>> now = Progress("write", began=0, stage_began=10, at=12, done=50, total=200)
    >>> estimated(now, {"post": 1.0, "freeze": 0.5}).left, estimated(now, {}).left
    (7.5, 6.0)
    >>> estimated(replace(now, total=0), {}).left is None
    True
    """
    here: float | None = None
    if progress.done and progress.total:
        here = progress.seconds * max(0, progress.total - progress.done) / progress.done
    elif progress.stage in expected:
        here = max(0.0, expected[progress.stage] - progress.seconds)
    later = STAGES[progress.number :]
    if here is None:
        return replace(progress, left=None)
    if all(stage in expected for stage in later):
        return replace(progress, left=here + sum(expected[stage] for stage in later))
    return replace(progress, left=here, is_of_stage=True)


def nobody(progress: Progress) -> None:
    """Tell nobody."""


class Watch:
    """Keeps where a closing is, and ends it where it was asked to stop.

    `expected` has the seconds that each stage may take, `tell` is told when a stage begins and when
    it is over. Other threads may read `progress` and call `stop` at any time.
    """

    def __init__(self, tell: Callable[[Progress], None] = nobody) -> None:
        now = time()
        self.expected: Mapping[str, float] = {}
        self.timings: dict[str, str] = {}
        self.reason_to_stop = ""
        self.tell = tell
        self._end: Callable[[], None] | None = None
        self._ending = Lock()
        self._now = Progress("wait", began=now, stage_began=now, at=now)

    @property
    def progress(self) -> Progress:
        """Return where it is at this moment, with what is left."""
        return estimated(replace(self._now, at=time()), self.expected)

    def begin(self, stage: str, *, unit: str = "", total: int = 0) -> None:
        """End the stage before, and begin another one of so many rows."""
        self.end()
        self.go_on()
        now = time()
        self._now = Progress(
            stage, began=self._now.began, stage_began=now, at=now, unit=unit, total=total
        )
        self.tell(self.progress)

    def end(self) -> None:
        """Note how long the stage took, as text; waiting is no work and is left out."""
        ended = replace(self._now, at=time(), is_over=True)
        if ended.stage != "wait":
            self.timings[ended.stage] = f"{ended.seconds:.3f}"
        self.tell(ended)

    def turn_to(self, part: str) -> None:
        """Say what the stage is at."""
        self.go_on()
        self._now = replace(self._now, part=part)

    def count(self, rows: int, part: str = "") -> None:
        """Count rows that are done, of a part of the stage."""
        self.go_on()
        self._now = replace(self._now, done=self._now.done + rows, part=part or self._now.part)

    def is_busy_with(self, end: Callable[[], None] | None) -> None:
        """Say how what is being done can be ended at once; None: it cannot, or nothing is."""
        with self._ending:
            self._end = end

    def stop(self, reason: str) -> None:
        """Ask the closing to stop, and end what it is busy with. From any other thread."""
        self.reason_to_stop = self.reason_to_stop or reason
        with self._ending:  # held until that is done, so that nothing later is ended instead
            if self._end is not None:
                self._end()

    def go_on(self) -> None:
        """Raise `Stopped` if the closing was asked to stop."""
        if self.reason_to_stop:
            raise Stopped(self.reason_to_stop)
