"""Work on two cores: parts of a run that do not look at each other, side by side in two threads.

Kernels let go of the interpreter while they run, so threads are enough. What a run finds does not
depend on which of them is first: each part writes only what it gives back.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Found = TypeVar("Found")

CORES: Final = 2
"""Hardly a plan has more to do at the same time; each thread needs memory of its own, too."""
MANY: Final = 100_000
"""From so many members and sales on a thread saves more than it costs."""


class Cores:
    """Takes parts of a run on; `with` waits for all of them.

    A part may wait for another that was taken on before it, for no other.
    """

    def __init__(self, rows: int) -> None:
        self._pool = ThreadPoolExecutor(CORES) if rows >= MANY else None

    def __enter__(self) -> Cores:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def take_on(self, part: Callable[[], Found]) -> Future[Found]:
        """Work out a part: at once if there is little to do, otherwise as soon as a core is free.

        What it raises is raised when its result is asked for.
        """
        if self._pool is not None:
            return self._pool.submit(part)
        done: Future[Found] = Future()
        try:
            done.set_result(part())
        except Exception as problem:
            done.set_exception(problem)
        return done
