"""What a run leaves to the next: the state of docs/plan-language.md, key by key."""

from __future__ import annotations

from collections.abc import Mapping

from commissions.engine.carried import Leaving, rows_of
from commissions.engine.columns import add_by_row
from commissions.engine.earned import Paid
from commissions.engine.ground import Ground
from commissions.engine.plan import Past, PastFigure, PayKind, Plan, RankBeforeFigure
from commissions.engine.snapshot import Carried

RANKS = ("paid_as", "title", "highest")
VOLUMES = ("lifetime.", "past.", "reserve.")
QUALIFIED = "rank.qualified"


def state_left(ground: Ground, paid: Mapping[int, Paid]) -> Carried:
    """Return what this run leaves; in a shorter rhythm nothing of volumes and ranks."""
    leaving = Leaving()
    if not ground.snapshot.cadence:
        _leave_volumes(ground, leaving)
        _leave_ranks(ground, leaving)
        _pass_on(ground, leaving)
    for place, part in paid.items():
        pay = ground.plan.pays[place]
        if pay.kind == PayKind.BONUS:
            for left in part.left:
                leaving.put_rows(f"{pay.name}.{left.key}", left.row, left.age, left.value)
    return leaving.carried(ground.network.row)


def _leave_volumes(ground: Ground, leaving: Leaving) -> None:
    """Leave volumes over time as far as the next period asks for them, and reserves."""
    plan, found = ground.plan, ground.standings
    for of in _lifetimes(plan):
        name = f"lifetime.{plan.figures[of].name}"
        total = found.figures[of].copy()
        row, _, value = rows_of(ground, name)
        add_by_row(total, row, value)
        leaving.put(name, total)
    for of, periods in _asked_of_the_past(plan).items():
        name = f"past.{plan.figures[of].name}"
        leaving.put(name, found.figures[of], age=0)
        _leave_older(ground, leaving, name, periods)
    for index, reserve in found.reserves.items():
        leaving.put(f"reserve.{plan.figures[index].name}", reserve)


def _lifetimes(plan: Plan) -> list[int]:
    """Return the figures of which the plan asks the lifetime, in their order."""
    return sorted(
        {
            figure.of
            for figure in plan.figures
            if isinstance(figure, PastFigure) and figure.past == Past.LIFETIME
        }
    )


def _asked_of_the_past(plan: Plan) -> dict[int, int]:
    """Return by figure how many earlier periods the next one asks for, where it is one or more."""
    asked: dict[int, int] = {}
    for figure in plan.figures:
        if isinstance(figure, PastFigure) and figure.past != Past.LIFETIME:
            periods = figure.periods - 1 if figure.past == Past.LAST else 1
            asked[figure.of] = max(asked.get(figure.of, 0), periods)
    return {of: asked[of] for of in sorted(asked) if asked[of] > 0}


def _leave_older(ground: Ground, leaving: Leaving, name: str, periods: int) -> None:
    """Leave earlier periods, so that with this one there are `periods` of them."""
    row, age, value = rows_of(ground, name)
    kept = (age >= 1) & (age < periods)
    leaving.put_rows(name, row[kept], age[kept], value[kept])


def _leave_ranks(ground: Ground, leaving: Leaving) -> None:
    plan, found = ground.plan, ground.standings
    if not plan.ranks:
        return
    kept = [*RANKS]
    kept += ["grace"] if plan.keeping.grace else []
    kept += ["held"] if plan.keeping.window_of else []
    for name in kept:
        leaving.put(f"rank.{name}", getattr(found, name))
    periods = _asked_of_ranks(plan)
    if periods:
        leaving.put(QUALIFIED, found.qualified, age=0)
        _leave_older(ground, leaving, QUALIFIED, periods)


def _asked_of_ranks(plan: Plan) -> int:
    """Return how many earlier qualified-as ranks the next period asks for."""
    asked = [max(plan.keeping.window_of - 1, 0)]
    asked += [figure.periods for figure in plan.figures if isinstance(figure, RankBeforeFigure)]
    return max(asked)


def _pass_on(ground: Ground, leaving: Leaving) -> None:
    """Pass on what came in of ranks and volumes for which this plan has no use."""
    asked = set(leaving.names)
    for name in ground.snapshot.carried.names:
        if name not in asked and (name.startswith(VOLUMES) or name.startswith("rank.")):
            row, age, value = rows_of(ground, name)
            leaving.put_rows(name, row, age, value)
