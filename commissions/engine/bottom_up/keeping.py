"""What ranks bring along from earlier periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """Return what the state has; ranks that the plan does not have any more count as its highest."""
    most = len(ground.plan.ranks)
    ranks = [
        np.minimum(_column(ground, f"rank.{name}"), most)
        for name in ("paid_as", "title", "highest")
    ]
    return Kept(*ranks, _column(ground, "rank.grace"), _column(ground, "rank.held"))


def _column(ground: Ground, name: str) -> Ranks:
    row, _, value = rows_of(ground, name)
    column = np.zeros(ground.size, np.int16)
    column[row] = value
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
