"""What ranks bring along from earlier periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.carried import rows_of
from commissions.engine.ground import Ground

Ranks = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Ranks of the period before, by network row, and how long they have been kept."""

    paid_as: Ranks
    title: Ranks
    highest: Ranks
    grace: Ranks
    held: Ranks


def brought_in(ground: Ground) -> Kept:
    """Return what the state has; ranks beyond the plan's count as its highest."""
    most = len(ground.plan.ranks)
    title = "title" if ground.plan.keeping.window_of else "highest"
    return Kept(
        paid_as=np.minimum(_column(ground, "rank.paid_as"), most),
        title=np.minimum(_column(ground, f"rank.{title}"), most),
        highest=np.minimum(_column(ground, "rank.highest"), most),
        grace=_column(ground, "rank.grace"),
        held=_column(ground, "rank.held"),
    )


def _column(ground: Ground, name: str) -> Ranks:
    row, _, value = rows_of(ground, name)
    column = np.zeros(ground.size, np.int16)
    column[row] = np.clip(value, 0, 2**15 - 1)
    return column


def window_misses(ground: Ground, before: Kept) -> Ranks:
    """Return in how many of the window's earlier periods the rank was below the title.

    Only periods since the title was reached count, the one in which it was reached among them.
    """
    size = max(ground.plan.keeping.window_of - 1, 0)
    looked_at = np.minimum(before.held, size)
    row, age, value = rows_of(ground, "rank.qualified")
    good = (age >= 1) & (age <= looked_at[row]) & (value >= before.title[row])
    met = np.bincount(row[good], minlength=ground.size)
    return (looked_at - met).astype(np.int16)


@kernel
def title_held(
    best: int, was: int, held: int, misses: int, window: tuple[int, int], one_step: int
) -> tuple[int, int]:
    """Return the title, and for how many periods it has been held.

    `window` is how many of how many periods must be met (0, 0: none, the title is never lost);
    `misses` are those of earlier periods.

    >>> title_held(2, 2, 4, 1, (3, 5), 1), title_held(1, 3, 6, 1, (3, 5), 1)
    ((2, 5), (3, 7))
    >>> title_held(0, 3, 6, 2, (3, 5), 1), title_held(0, 3, 6, 0, (0, 0), 1)
    ((2, 1), (3, 7))
    """
    met, of = window
    title, since = was, held + 1
    if best > was:
        title, since = best, 1
    elif best < was and of and misses + 1 > of - met:
        title, since = max(best, was - 1 if one_step else best), 1
    return title, since if title else 0


@kernel
def paid_as_rank(
    follows: int, by_hand: int, was: int, was_grace: int, most: int
) -> tuple[int, int]:
    """Return the paid-as rank, and how often in a row it has been kept by grace.

    >>> paid_as_rank(1, -1, 3, 0, 1), paid_as_rank(1, -1, 3, 1, 1), paid_as_rank(1, 0, 3, 0, 1)
    ((3, 1), (1, 0), (0, 0))
    """
    if by_hand >= 0:
        return by_hand, 0
    if follows < was and was_grace < most:
        return was, was_grace + 1
    return follows, 0
