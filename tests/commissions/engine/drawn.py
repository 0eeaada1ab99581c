"""Runs of drawn cases: plans over the whole language, with whoever and whatever the dice say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from commissions.engine import RunResult, Snapshot
from tests.oracle.drawing.cases import case_of
from tests.oracle.lab_side import lab_outcomes

CASES = 150


class Drawn(NamedTuple):
    """One run of a drawn case; `name` tells which."""

    name: str
    snapshot: Snapshot
    result: RunResult


@lru_cache(1)
def drawn_runs() -> tuple[Drawn, ...]:
    """Return the last run of every case, which has a state that those before it left."""
    return tuple(_runs())


def _runs() -> Iterator[Drawn]:
    for number in range(CASES):
        *_, last = lab_outcomes(case_of(number))
        yield Drawn(f"case {number}", last.snapshot, last.result)
