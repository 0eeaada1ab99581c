"""What of the books a plan asks for: only that is read, so that a plain plan costs little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commissions.columns import AMOUNT
from commissions.engine.plan import (
    ENROLLER,
    BinaryRule,
    BonusRule,
    JoinedFigure,
    MatchingRule,
    OnReturn,
    OrderOf,
    Plan,
    PoolRule,
    RewardRule,
    SaleFigure,
    SaleTime,
    TimeOf,
    TreeKind,
    UnilevelRule,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run of a plan looks at besides sponsors, states of life, PV and CV.

    `legs` and `volumes` tell whether late returns change legs or volumes. `matched` are bonuses of
    shorter rhythms (places in `Plan.bonuses`) whose posted pay is matched.
    """

    amount: bool
    enroller: bool
    joined: bool
    market: bool
    holder: bool
    ages: bool
    first: bool
    legs: bool
    volumes: bool
    matched: tuple[int, ...]


def asked_by(plan: Plan, cadence: str) -> Asked:
    """Return what a run in this rhythm (empty: the plan's own) looks at."""
    rules = [rule for rule in plan.bonuses if rule.cadence == cadence]
    times = list(_times(plan, rules))
    trees = trees_used(plan, rules)
    return Asked(
        amount=AMOUNT in plan.columns,
        enroller=ENROLLER in trees,
        joined=any(plan.trees[tree].kind == TreeKind.PASS_UP for tree in trees)
        or any(isinstance(figure, JoinedFigure) for figure in plan.figures)
        or any(_asks_when_joined(rule) for rule in rules),
        market=bool(plan.markets),
        holder=any(rule.cap is not None and rule.cap.per_holder is not None for rule in rules)
        or (plan.cap is not None and plan.cap.per_holder is not None),
        ages=any(when.time != TimeOf.ALWAYS for when in times),
        first=any(when.orders != OrderOf.ALL for when in times),
        legs=any(
            isinstance(rule, BinaryRule) and rule.on_return == OnReturn.VOLUME for rule in rules
        ),
        volumes=plan.deducts_late,
        matched=_matched(plan, rules, cadence),
    )


def _times(plan: Plan, rules: list[BonusRule]) -> Iterator[SaleTime]:
    yield from (figure.when for figure in plan.figures if isinstance(figure, SaleFigure))
    yield from (rule.when for rule in rules if isinstance(rule, UnilevelRule))


def _asks_when_joined(rule: BonusRule) -> bool:
    if isinstance(rule, RewardRule):
        return bool(rule.within_days or rule.within_months)
    return isinstance(rule, PoolRule) and bool(rule.places_ppm)


def _matched(plan: Plan, rules: list[BonusRule], cadence: str) -> tuple[int, ...]:
    found = {
        of
        for rule in rules
        if isinstance(rule, MatchingRule)
        for of in rule.of
        if plan.bonuses[of].cadence != cadence
    }
    return tuple(sorted(found))


def trees_used(plan: Plan, rules: list[BonusRule]) -> set[int]:
    """Return the trees that figures and bonuses look at, and those that they are made of."""
    found = set(plan.rank_trees)
    for part in [*plan.figures, *rules]:
        found |= {getattr(part, name, -1) for name in ("tree", "leg_tree")}
    found.discard(-1)
    for tree in list(found):
        while plan.trees[tree].kind == TreeKind.PASS_UP:
            tree = plan.trees[tree].of
            found.add(tree)
    return found
