"""Leaving the processor to others: a refresh that had to wait for it is followed by a rest.

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
_LONGEST_SECONDS: Final = 3.0
"""However crowded it is, figures do not stand still for longer than this between refreshes."""


class Crowding:
    """How long this thread waited for a processor while a block of code ran.

    >>> rest_seconds(0), rest_seconds(100)
    (0.0, 3.0)
    """

    seconds = 0.0

    def __enter__(self) -> Self:
        self._before = waited_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = waited_seconds() - self._before

    def rest_seconds(self) -> float:
        """Return how long to leave the processor alone for that."""
        return rest_seconds(self.seconds)


def rest_seconds(waited: float) -> float:
    """Return the rest that follows so many seconds of waiting: LIVE_REST_PER_CENT of them."""
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
