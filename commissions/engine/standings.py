"""What a run finds out about each distributor before anybody is paid."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commissions.engine.plan import Plan

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Ranks = NDArray[np.int16]


@dataclass(slots=True, eq=False)
class Standings:
    """Columns in network order. Ranks count from 1, 0 is none.

    `figures` has a column for each of `Plan.figures`: hundredths of a point, or a number.
    `before` is the paid-as rank of the period before; `grace` the periods in a row that paid-as has
    been kept by grace, `held` the periods that the title has been held, this one included.
    """

    figures: list[Int64s]
    active: Bools
    qualified: Ranks
    paid_as: Ranks
    title: Ranks
    highest: Ranks
    before: Ranks
    grace: Ranks
    held: Ranks
    reserves: dict[int, Int64s] = field(default_factory=dict)
    """What is left in the reserve of each figure that has one."""

    def figure(self, plan: Plan, name: str) -> Int64s:
        """Return a figure by its name in the plan."""
        return self.figures[plan.figure_index(name)]


def no_standings(plan: Plan, n: int) -> Standings:
    """Return standings in which nothing is found out yet and everybody is active."""
    nothing = np.zeros(n, np.int64)
    return Standings(
        figures=[nothing] * len(plan.figures),
        active=np.ones(n, np.bool_),
        qualified=np.zeros(n, np.int16),
        paid_as=np.zeros(n, np.int16),
        title=np.zeros(n, np.int16),
        highest=np.zeros(n, np.int16),
        before=np.zeros(n, np.int16),
        grace=np.zeros(n, np.int16),
        held=np.zeros(n, np.int16),
    )
