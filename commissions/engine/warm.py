"""Compile every kernel ahead, so that the first run of a worker is as fast as the next."""

from __future__ import annotations

from commissions.engine.digest import result_digest, snapshot_digest
from commissions.engine.explain import explain_sale
from commissions.engine.lines import lines_of
from commissions.engine.money import Rounding
from commissions.engine.plan import (
    Asks,
    Column,
    Compression,
    CustomerCount,
    Do,
    GroupVolume,
    Orders,
    PersonalVolume,
    Plan,
    Rank,
    Requirement,
    Step,
    UnilevelRule,
)
from commissions.engine.returns import reverse_lines
from commissions.engine.run import calculate_run
from commissions.engine.snapshot import make_snapshot


def small_plan() -> Plan:
    """Return a plan that uses everything the engine has, for warming up and for tests."""
    return Plan(
        name="Warm", currency="USD", exponent=2, cadence="monthly", point_num=100, point_den=1,
        rounding=Rounding.HALF_AWAY,
        volumes=(
            PersonalVolume("PV", Column.PV, Orders.BOTH),
            PersonalVolume("CV", Column.CV, Orders.BOTH),
            GroupVolume("GV", 0),
        ),
        counts=(CustomerCount(0, 4000, "customers with PV >= 40"),),
        active=(Requirement(Asks.VOLUME, 0, 10000, "PV >= 100"),),
        ranks=(Rank("Bronze", (Requirement(Asks.CUSTOMERS, 0, 1, ""),
                               Requirement(Asks.ACTIVE, 0, 1, "active"))),),
        bonuses=(UnilevelRule("Unilevel", 1, Compression.DYNAMIC,
                              ((50_000, NOT), (50_000, 30_000))),),
        steps=(Step(Do.VOLUME, 0), Step(Do.VOLUME, 1), Step(Do.VOLUME, 2), Step(Do.ACTIVE),
               Step(Do.RANKS), Step(Do.BONUS, 0)),
    )  # fmt: skip


NOT = -1


def warm_up() -> int:
    """Run everything once on three members; return what it pays, which is always the same.

    >>> warm_up()
    800
    """
    snapshot = make_snapshot(
        member=[3, 1, 2], sponsor=[2, -1, 1], sale=[1, 2, 3, 4], seller=[1, 2, 0, 1],
        own=[True, True, True, False], customer=[-1, -1, -1, 9],
        pv=[10000, 10000, 10000, 4000], cv=[10000, 0, 10000, 0],
    )  # fmt: skip
    plan = small_plan()
    result = calculate_run(snapshot, plan)
    lines_of(snapshot, plan, result)
    explain_sale(snapshot, plan, result, 3)
    snapshot_digest(snapshot)
    result_digest(result)
    reverse_lines([100], [5], returned=[50], reversed_already=[0])
    return result.total
