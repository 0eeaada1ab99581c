"""Compile every kernel ahead, so that the first run of a worker is as fast as the next."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from commissions.engine.comparing import rows_that_differ
from commissions.engine.digest import result_digest, snapshot_digest
from commissions.engine.errors import BadNetwork
from commissions.engine.explain import explain_sale
from commissions.engine.lines import lines_of
from commissions.engine.missed import missed_by
from commissions.engine.network import order_network
from commissions.engine.plan import Plan
from commissions.engine.run import calculate_run
from commissions.engine.snapshot import NOT_IN_TREE, Carried, Placement, Snapshot, make_snapshot
from commissions.engine.warm_plans import small_plan, wide_plan

__all__ = ["small_plan", "warm_up", "wide_plan"]

MEMBERS = 7
"""Two levels of a binary tree, filled."""


def warm_up() -> int:
    """Run everything once on a few members; return what it pays, which is always the same.

    >>> warm_up() == warm_up()
    True
    """
    paid = 0
    for snapshot in (_snapshot(late=False), _snapshot(late=True)):
        for plan in (wide_plan(), small_plan()):
            paid += _run(snapshot, plan)
    with suppress(BadNetwork):
        order_network(np.array([1, 2]), np.array([1, 0], np.int32))
    return paid


def _run(snapshot: Snapshot, plan: Plan) -> int:
    result = calculate_run(snapshot, plan)
    lines_of(result)
    lines_of(result, rows=range(1, 3))
    explain_sale(result, 3)
    missed_by(result, 1)
    snapshot_digest(snapshot)
    result_digest(result)
    rows_that_differ(result, result)
    return result.total


def _snapshot(*, late: bool) -> Snapshot:
    """Return a network of seven in a binary tree, with state; the last one has customers too."""
    parent = [-1, 0, 0, 1, 1, 2, 2]
    legs = [0, 1, 2, 1, 2, 1, 2]
    sales = 2 * MEMBERS
    own = [True] * MEMBERS + [False] * MEMBERS
    return make_snapshot(
        member=[3, 1, 2, 4, 5, 6, 7],
        sponsor=parent,
        enroller=[-1, 0, 0, 0, 1, 1, 2],
        joined=list(range(MEMBERS)),
        holder=[1, 1, 2, 2, 3, 4, 5],
        rank_override=[-1, 1, -1, -1, -1, -1, 0],
        sale=list(range(1, sales + 1)),
        seller=[*range(MEMBERS), *range(MEMBERS)],
        own=own,
        customer=[-1] * MEMBERS + list(range(100, 100 + MEMBERS)),
        columns={"pv": [10_000] * sales, "cv": [-500 if n == 9 else 9_000 for n in range(sales)]},
        first=[n % 2 == 0 for n in range(sales)],
        pays=[True] * sales if late else None,
        counts=[True] * sales if late else None,
        late=[n == 9 for n in range(sales)] if late else None,
        placements={
            name: Placement(np.array(above, np.int32), np.array(legs, np.int32))
            for name, above in (("binary", parent), ("matrix", [*parent[:-1], NOT_IN_TREE]))
        },
        carried=_state(),
        last_day=100,
        last_month=3,
    )


def _state() -> Carried:
    """Return state of every key of the wide plan, for the top member."""
    names = (
        "lifetime.PV", "past.PV", "reserve.EV", "rank.paid_as", "rank.title", "rank.highest",
        "rank.grace", "rank.held", "rank.qualified", "B1.left", "B1.right", "B2.left", "B2.cycles",
        "F2.level", "R2.rank",
    )  # fmt: skip
    dated = [name in ("past.PV", "rank.qualified") or name[0] == "B" for name in names]
    return Carried(
        names,
        np.arange(len(names), dtype=np.int32),
        np.zeros(len(names), np.int32),
        np.where(dated, 1, -1).astype(np.int32),
        np.ones(len(names), np.int64),
    )
