"""standings.csv: everything that a run finds out about each distributor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from commissions.engine import Plan, RunResult
from commissions.engine.plan import Asks, Requirement, RewardRule, Unit
from commissions.lab.figures import points
from commissions.lab.people import People

COUNTING = (Asks.AT_LEAST, Asks.BELOW, Asks.SHARE)


def shown_figures(plan: Plan) -> list[int]:
    """Return the figures that have a column: volumes, then what requirements and rewards count."""
    found = list(plan.volume_order)
    for requirement in _requirements(plan):
        for term in requirement.terms:
            if term.asks in COUNTING:
                found.append(term.index)
            if term.asks == Asks.SHARE:
                found.append(term.need)
    found += [
        rule.for_each
        for rule in plan.bonuses
        if isinstance(rule, RewardRule) and rule.for_each >= 0
    ]
    return list(dict.fromkeys(found))


def _requirements(part: Any) -> Iterator[Requirement]:
    """Yield every requirement in a plan, in the order of its parts."""
    if isinstance(part, Requirement):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _requirements(inner)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _requirements(getattr(part, each.name))


def standings_rows(
    result: RunResult, people: People
) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
    """Return header and rows, in the order of the members."""
    plan, found = result.ground.plan, result.standings
    shown = shown_figures(plan)
    header = [
        "member", *(plan.figures[index].name for index in shown),
        "active", "rank", "paid_as", "title",
    ]  # fmt: skip
    row = result.network.row
    ranks = ["", *(rank.name for rank in plan.ranks)]
    columns: list[Iterable[object]] = [
        [people.ids[number] for number in people.distributors.tolist()]
    ]
    columns += [figure_texts(result, index) for index in shown]
    columns.append(["yes" if active else "no" for active in found.active[row].tolist()])
    for held in (found.qualified, found.paid_as, found.title):
        columns.append([ranks[number] for number in held[row].tolist()])
    return header, zip(*columns, strict=True)


def figure_texts(result: RunResult, index: int) -> list[str]:
    """Return a figure of each distributor as it is written, in the order of the snapshot's rows."""
    values = result.standings.figures[index][result.network.row]
    distinct, place = np.unique(values, return_inverse=True)
    is_points = result.ground.plan.figures[index].unit == Unit.POINTS
    known = [points(value) if is_points else str(value) for value in distinct.tolist()]
    return [known[at] for at in place.tolist()]
