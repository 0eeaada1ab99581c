"""Random networks, sales and plans; small figures and round rates, where the halves are."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import strategies as st

from commissions.engine import Plan, Snapshot, make_snapshot
from commissions.engine.money import Rounding
from commissions.engine.plan import (
    Asks,
    Compression,
    CustomerCount,
    Rank,
    Requirement,
    UnilevelRule,
)
from commissions.engine.warm import small_plan

RATES = st.sampled_from([0, 10_000, 50_000, 125_000, 333_300])


@st.composite
def sponsors(draw: st.DrawFn, size: int) -> list[int]:
    """Draw sponsors of any shape: chains, stars, forests; rows in any order."""
    shape = draw(st.sampled_from(["chain", "star", "any"]))
    above = [-1]
    for row in range(1, size):
        if shape == "chain":
            above.append(row - 1)
        elif shape == "star":
            above.append(0)
        else:
            above.append(draw(st.integers(-1, row - 1)))
    order = draw(st.permutations(range(size)))
    place = {row: at for at, row in enumerate(order)}
    return [place[above[row]] if above[row] >= 0 else -1 for row in order]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw a period of up to ten distributors and fifteen sales."""
    size = draw(st.integers(1, 10))
    count = draw(st.integers(0, 15))
    own = [draw(st.booleans()) for _ in range(count)]
    return make_snapshot(
        member=draw(st.permutations(range(100, 100 + size))),
        sponsor=draw(sponsors(size)),
        flags=[draw(st.sampled_from([31, 31, 31, 30, 29, 23, 15, 4, 0])) for _ in range(size)],
        rank_override=[draw(st.sampled_from([-1, -1, -1, 0, 1, 2])) for _ in range(size)],
        sale=draw(st.permutations(range(500, 500 + count))),
        seller=[draw(st.integers(0, size - 1)) for _ in range(count)],
        own=np.array(own, np.bool_),
        customer=[-1 if mine else draw(st.integers(0, 3)) for mine in own],
        pv=[draw(st.integers(-30, 200)) for _ in range(count)],
        cv=[draw(st.integers(-30, 200)) for _ in range(count)],
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan with two ranks and two unilevels."""

    def rates(depth: int, covered: int) -> tuple[int, ...]:
        return tuple(draw(RATES) if level < covered else -1 for level in range(depth))

    def rule(name: str, pays_on: int) -> UnilevelRule:
        depth = draw(st.integers(1, 4))
        table = tuple(rates(depth, draw(st.integers(0, depth))) for _ in range(3))
        return UnilevelRule(name, pays_on, draw(st.sampled_from(list(Compression))), table)

    bonuses = (rule("One", 1), rule("Two", 0))
    plan = small_plan()
    return dataclasses.replace(
        plan,
        point_num=draw(st.sampled_from([1, 7, 100])),
        rounding=draw(st.sampled_from(list(Rounding))),
        counts=(CustomerCount(0, 50, ""), CustomerCount(1, 100, "")),
        active=(Requirement(Asks.VOLUME, 0, draw(st.integers(-20, 100)), ""),),
        ranks=(
            Rank("Low", (Requirement(Asks.VOLUME, 2, 100, ""),)),
            Rank("High", (Requirement(Asks.CUSTOMERS, draw(st.integers(0, 1)), 1, ""),)),
        ),
        bonuses=bonuses,
        steps=(*plan.steps, dataclasses.replace(plan.steps[-1], index=1)),
    )
