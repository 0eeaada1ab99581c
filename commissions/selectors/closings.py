"""How the closing of a period stands, for staff: what is known of it, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commissions.attending import SILENT_AFTER, heard
from commissions.models import Closing, Period, Run
from commissions.progress import Progress


class ClosingState(StrEnum):
    """What a closing is at, as far as anybody can tell."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    SILENT = "silent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ClosingSeen:
    """The last closing of a period. Without `progress` nothing has been heard of it.

    `silent_for` is how many seconds ago the last was.
    """

    closing: Closing
    state: ClosingState
    progress: Progress | None
    silent_for: int

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is not over."""
        return not self.closing.is_over


def newest_closing(period: Period, *, at: datetime) -> ClosingSeen | None:
    """Return the last closing of a period that is not posted; None without one. One query."""
    found = Closing.objects.filter(period=period).select_related("asked_by", "cancel_asked_by")
    closing = found.order_by("-pk").first()
    if closing is None or closing.outcome == Closing.Outcome.POSTED:
        return None
    progress = None if closing.is_over else heard(closing)
    silent_for = max(0, int(at.timestamp() - progress.at)) if progress else 0
    return ClosingSeen(closing, _state(closing, progress, silent_for), progress, silent_for)


def _state(closing: Closing, progress: Progress | None, silent_for: int) -> ClosingState:
    if closing.is_over:
        return ClosingState(closing.outcome)
    if progress is not None and silent_for > SILENT_AFTER:
        return ClosingState.SILENT
    if closing.is_to_stop:
        return ClosingState.STOPPING
    return ClosingState.WAITING if progress is None else ClosingState.RUNNING


def is_worked_on(period: Period, *, at: datetime) -> bool:
    """Tell whether a closing of a period was heard of a moment ago. One query."""
    seen = newest_closing(period, at=at)
    return seen is not None and seen.state in (ClosingState.RUNNING, ClosingState.STOPPING)


def expected_seconds(period: Period) -> dict[str, float]:
    """Return how long each stage of a period's closing may take; nothing where nothing is known.

    As long as it took at the last posted run of the type, by the number of members and sales, of
    which this period's live run tells how many there are. Two queries.
    """
    runs = Run.objects.filter(period__type_id=period.type_id)
    last = runs.filter(status=Run.Status.POSTED).order_by("-period__starts_at").first()
    live = runs.filter(period=period, kind=Run.Kind.LIVE).first()
    if last is None:
        return {}
    size, size_then = _size(live or last), _size(last)
    times = size / size_then if size and size_then else 1.0
    return {stage: float(seconds) * times for stage, seconds in last.timings.items()}


def _size(run: Run) -> int:
    return run.members_count + run.sales_count
