"""Running a plan's own examples without keeping anybody waiting.

An example takes milliseconds once the engine's machine code is there, and a minute or more before:
the first one after an upgrade, on a machine that `warm_engine` did not see. So examples run beside
the request, which waits for as long as it likes, and what came out is kept for the next question.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from commissions.plan import read_examples

if TYPE_CHECKING:
    from commissions.lab.examples import ExampleRun

KEPT: Final = 64
PATIENCE_SECONDS: Final = 15
"""How long a page waits: less than any proxy in front of it does."""

_asked: OrderedDict[str, Future[list[ExampleRun]]] = OrderedDict()
_lock: Final = Lock()


def tried_examples(text: str, *, seconds: float | None = None) -> list[ExampleRun] | None:
    """Return how each example of a plan came out, in the order of the text.

    None when they still run after so many seconds: ask again. `PlanError` as for reading the plan.
    """
    if not read_examples(text):
        return []
    future = _future(text)
    try:
        return future.result(timeout=seconds)
    except StillRunning:
        if future.done():
            raise
        return None


def _future(text: str) -> Future[list[ExampleRun]]:
    key = hashlib.sha256(text.encode()).hexdigest()
    with _lock:
        known = _asked.get(key)
        if known is None or (known.done() and known.exception() is not None):
            known = _asked[key] = _one_by_one().submit(_run, text)
        _asked.move_to_end(key)
        while len(_asked) > KEPT:
            _asked.popitem(last=False)
    return known


@cache
def _one_by_one() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="examples")


def _run(text: str) -> list[ExampleRun]:
    from commissions.lab.examples import run_examples  # loads the compiler, so only now

    return run_examples(text)
