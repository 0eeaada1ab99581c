"""Plans and periods as the engine sees them, built by hand: defaults, and what a test changes.

Members are numbered from 1 in the order of the snapshot's rows. Figures 0, 1 and 2 are PV, CV and
GV; those that a test adds come after them. Amounts are cents: a point is a dollar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from commissions.engine import Snapshot, make_snapshot
from commissions.engine.plan import (
    NOT_COVERED,
    Asks,
    BonusRule,
    Deduction,
    Do,
    Figure,
    GradeBy,
    GroupFigure,
    Keeping,
    Pay,
    PayKind,
    Plan,
    PlanCap,
    Rank,
    Rates,
    Requirement,
    SaleFigure,
    Scope,
    Step,
    Term,
    TreeKind,
    TreeRule,
    Whose,
)
from commissions.engine.rounding import Rounding
from commissions.engine.run import RunResult
from commissions.engine.snapshot import Carried, Placement

PV, CV, GV = range(3)
BINARY, MATRIX = 2, 2
"""Places of the first tree that a test adds."""

ACTIVE = Requirement("active", (Term(Asks.ACTIVE),))


def at_least(figure: int, points: int) -> Requirement:
    """Return the requirement of so many points, or of so many people, hundredths or numbers."""
    return Requirement(f"figure {figure} >= {points}", (Term(Asks.AT_LEAST, figure, points),))


def has_rank(rank: int) -> Requirement:
    """Return the requirement of a paid-as rank."""
    return Requirement(f"rank {rank}", (Term(Asks.RANK, need=rank),))


def rates(*levels: int, money: bool = False) -> Rates:
    """Return rates (parts per million, or cents) by level, for everybody."""
    return Rates(GradeBy.PAID_AS, ((tuple(levels),),), is_money=money)


def by_rank(*grades: Sequence[int], money: bool = False, by: GradeBy = GradeBy.PAID_AS) -> Rates:
    """Return rates by rank, from no rank on; an empty list is not covered."""
    depth = max(len(grade) for grade in grades)
    table = tuple((*grade, *[NOT_COVERED] * (depth - len(grade))) for grade in grades)
    return Rates(by, (table,), is_money=money)


def tree(name: str, kind: TreeKind, width: int = 0) -> TreeRule:
    """Return a placement tree."""
    return TreeRule(name, kind, width)


def build_plan(
    *bonuses: BonusRule,
    figures: Sequence[Figure] = (),
    late_figures: Sequence[Figure] = (),
    trees: Sequence[TreeRule] = (),
    ranks: Sequence[Rank] = (),
    cap: PlanCap | None = None,
    deductions: Sequence[Deduction] = (),
    rounding: Rounding = Rounding.HALF_AWAY,
    **others: Any,
) -> Plan:
    """Return a plan of these bonuses; `late_figures` are worked out after the ranks."""
    before = (
        SaleFigure("PV", 0, Whose.BOTH),
        SaleFigure("CV", 1, Whose.BOTH),
        GroupFigure("GV", PV, Scope.SELF_AND_DOWNLINE),
        *figures,
    )
    last = len(before) + len(late_figures)
    steps = (
        *(Step(Do.FIGURE, index) for index in range(len(before))),
        Step(Do.ACTIVE),
        Step(Do.RANKS),
        *(Step(Do.FIGURE, index) for index in range(len(before), last)),
        *(Step(Do.BONUS, index) for index in range(len(bonuses))),
    )
    given: dict[str, Any] = {
        "name": "Plan",
        "currency": "USD",
        "exponent": 2,
        "cadence": "monthly",
        "point_num": 100,
        "point_den": 1,
        "markets": (),
        "columns": ("pv", "cv"),
        "volume_order": (PV, CV, GV),
        "active": ((),),
        "keeping": Keeping(),
        "steps": steps,
    }
    return Plan(
        trees=(
            TreeRule("sponsor", TreeKind.SPONSOR),
            TreeRule("enroller", TreeKind.ENROLLER),
            *trees,
        ),
        rounding=rounding,
        figures=(*before, *late_figures),
        ranks=tuple(ranks),
        bonuses=bonuses,
        pays=_pays(bonuses, cap, deductions),
        cap=cap,
        deductions=tuple(deductions),
        **(given | others),
    )


def _pays(
    bonuses: Sequence[BonusRule], cap: PlanCap | None, deductions: Sequence[Deduction]
) -> tuple[Pay, ...]:
    limited = [index for index, rule in enumerate(bonuses) if rule.cap is not None]
    return (
        *(Pay(rule.name, PayKind.BONUS, index) for index, rule in enumerate(bonuses)),
        *(Pay(f"Cap on {bonuses[index].name}", PayKind.CAP, index) for index in limited),
        *((Pay("Payout cap", PayKind.PLAN_CAP),) if cap else ()),
        *(Pay(rule.name, PayKind.DEDUCTION, index) for index, rule in enumerate(deductions)),
    )


def rank(name: str, *require: Requirement) -> Rank:
    """Return a rank that is the same in all markets."""
    return Rank(name, (require,), (None,))


Sale = tuple[int, int, int]
"""Who owns it, which customer bought (0: the owner), and its PV and CV, in hundredths."""


def build_period(sponsor: Sequence[int], sales: Sequence[Sale] = (), **others: Any) -> Snapshot:
    """Return a period; `sponsor` holds numbers of members, 0 at the top.

    Sales are numbered from 1. `placements`, `carried` and other columns are those of a snapshot.
    """
    points = [volume for _, _, volume in sales]
    given: dict[str, Any] = {
        "sale": np.arange(1, len(sales) + 1),
        "own": np.array([customer == 0 for _, customer, _ in sales], np.bool_),
        "customer": [customer or -1 for _, customer, _ in sales],
        "columns": {"pv": points, "cv": points},
    }
    return make_snapshot(
        member=np.arange(1, len(sponsor) + 1),
        sponsor=[number - 1 for number in sponsor],
        seller=[owner - 1 for owner, _, _ in sales],
        **(given | others),
    )


def placed(parent: Sequence[int], leg: Sequence[int]) -> Placement:
    """Return a placement tree; parents are numbers of members, 0 at the top, -1: no place."""
    above = [number - 1 for number in parent]
    return Placement(np.array(above, np.int32), np.array(leg, np.int32))


def state(*rows: tuple[str, int, int, int]) -> Carried:
    """Return a state of rows of key, member, age (-1: undated) and value."""
    names = tuple(dict.fromkeys(name for name, _, _, _ in rows))
    return Carried(
        names,
        np.array([names.index(name) for name, _, _, _ in rows], np.int32),
        np.array([member - 1 for _, member, _, _ in rows], np.int32),
        np.array([age for _, _, age, _ in rows], np.int32),
        np.array([value for _, _, _, value in rows], np.int64),
    )


def state_of(result: RunResult) -> set[tuple[str, int, int, int]]:
    """Return what a run leaves, as the rows of `state`."""
    left = result.carried
    return {
        (left.names[key], row + 1, age, value)
        for key, row, age, value in zip(
            left.key.tolist(), left.row.tolist(), left.age.tolist(), left.value.tolist(),
            strict=True,
        )
    }  # fmt: skip


def paid(result: RunResult, name: str) -> Mapping[tuple[int, int], int]:
    """Return what members are paid under a name, by member and level."""
    places = [place for place, pay in enumerate(result.ground.plan.pays) if pay.name == name]
    earnings = result.earnings
    found: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(np.isin(earnings.bonus, places)).tolist():
        key = int(result.member[earnings.earner[row]]), int(earnings.level[row])
        found[key] = found.get(key, 0) + int(earnings.amount[row])
    return found
