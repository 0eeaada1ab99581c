"""Leaving the processor to orders that pour in: a refresh that had to wait for it takes a rest.

Refreshes follow each other without a pause as long as orders come in. Where web processes, database
and worker share a machine, that is good as long as there is processor for all. When orders pour in
there is not, and then fewer refreshes that each have more to do cost the orders less. How crowded
the machine is, the system tells: it counts how long a thread was ready to run and could not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from django.conf import settings

_COUNTED: Final = Path("/proc/thread-self/schedstat")
_POURING: Final = 150
"""Sales a second from which on orders come first. Below, figures do: whoever crowds the machine."""
_LONGEST_SECONDS: Final = 3.0
"""However crowded it is, figures do not stand still for longer than this between refreshes."""


class Crowding:
    """How long this thread waited for a processor while a block of code ran."""

    seconds = 0.0

    def __enter__(self) -> Self:
        self._before = waited_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = waited_seconds() - self._before


class Flow:
    """How fast sales come in.

    >>> flow = Flow()
    >>> flow.per_second(1_000, at=10.0), flow.per_second(1_300, at=12.0)
    (0.0, 150.0)
    """

    def __init__(self) -> None:
        self._sales = 0
        self._at: float | None = None

    def per_second(self, sales: int, *, at: float) -> float:
        """Return how many came in each second since this was last told how many there are."""
        before, since = self._sales, self._at
        self._sales, self._at = sales, at
        return 0.0 if since is None or at <= since else max(0, sales - before) / (at - since)


def rest_seconds(waited: float, sales_per_second: float) -> float:
    """Return the rest that follows so many seconds of waiting: LIVE_REST_PER_CENT of them.

    >>> rest_seconds(100, 149), rest_seconds(0, 150), rest_seconds(100, 150)
    (0.0, 0.0, 3.0)
    """
    if sales_per_second < _POURING:
        return 0.0
    return min(waited * settings.LIVE_REST_PER_CENT / 100, _LONGEST_SECONDS)


def waited_seconds() -> float:
    """Return how long this thread has waited for a processor since it began.

    0 where the system does not count it: then nobody rests.
    """
    try:
        _, waited, _ = _COUNTED.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0.0
    return int(waited) / 1e9
