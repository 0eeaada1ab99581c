"""Which of a plan's volumes people are shown: those that it asks for or pays on, by its own names.

A plan may have dozens of figures; what nothing depends on directly is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from commissions.engine.plan import (
    Asks,
    BonusRule,
    GroupFigure,
    LimitedFigure,
    PastFigure,
    PoolRule,
    Rates,
    Requirements,
    SaleFigure,
    SaleMix,
)
from commissions.models import Standing
from commissions.plan import Plan
from commissions.plan.telling.points import volume_words
from commissions.plan.telling.words import Words
from commissions.selectors.ranks import figures_of


@dataclass(frozen=True, slots=True)
class Volume:
    """One of a plan's volumes: where it stands in the plan's figures, and what it is made of.

    `has_orders` tells whether single orders make it, `is_of_team` whether others' volumes do.
    """

    place: int
    name: str
    meaning: str
    has_orders: bool
    is_of_team: bool


@dataclass(frozen=True, slots=True)
class VolumeHeld:
    """What somebody has of a volume, in hundredths of a point; None before any figures."""

    volume: Volume
    held: int | None


@lru_cache(maxsize=32)
def volumes_of(plan: Plan) -> tuple[Volume, ...]:
    """Return the volumes that people are shown, in the plan's order; its first is always there."""
    used = _used(plan)
    first = plan.volume_order[0]
    return tuple(
        volume(plan, place) for place in plan.volume_order if place == first or place in used
    )


def volume(plan: Plan, place: int) -> Volume:
    """Return one of a plan's volumes by its place in the figures."""
    figure = plan.figures[place]
    return Volume(
        place=place,
        name=figure.name,
        meaning=f"{volume_words(Words(plan), figure)}.",
        has_orders=isinstance(figure, SaleFigure | SaleMix),
        is_of_team=isinstance(figure, GroupFigure),
    )


def volume_named(plan: Plan, name: str) -> Volume | None:
    """Return a volume by its name, without one the first that orders make; None if there is none.

    Only volumes that single orders make.
    """
    found = (volume(plan, place) for place in plan.volume_order)
    return next((one for one in found if one.has_orders and name in ("", one.name)), None)


def team_volumes(plan: Plan) -> tuple[Volume, ...]:
    """Return the volumes that tell of the members of a team: their own, and their group's."""
    shown = volumes_of(plan)
    group = next((one for one in shown[1:] if one.is_of_team), None)
    return shown[:1] if group is None else (shown[0], group)


def held(plan: Plan, standing: Standing | None) -> list[VolumeHeld]:
    """Return what a member has of each volume that is shown."""
    figures = figures_of(plan, standing) if standing else None
    return [
        VolumeHeld(one, None if figures is None else figures[one.place]) for one in volumes_of(plan)
    ]


def _used(plan: Plan) -> frozenset[int]:
    """Return the places of figures that requirements ask for, and that bonuses pay by."""
    asked = [*plan.active]
    for rank in plan.ranks:
        asked += [*rank.require, *(one for one in rank.maintain if one is not None)]
    for rule in plan.bonuses:
        asked += rule.requires
    places = {place for one in asked for place in _asked(one)}
    places |= {place for rule in plan.bonuses for place in _paid_by(rule)}
    return frozenset(inner for place in places for inner in _named_within(plan, place))


def _asked(requirements: Requirements) -> Iterator[int]:
    for requirement in requirements:
        for term in requirement.terms:
            if term.index >= 0:
                yield term.index
            if term.asks == Asks.SHARE:
                yield term.need


def _paid_by(rule: BonusRule) -> Iterator[int]:
    yield rule.pays_on
    if isinstance(rule, PoolRule):
        yield rule.shares
    rates = getattr(rule, "rates", None)
    if isinstance(rates, Rates):
        yield rates.figure


def _named_within(plan: Plan, place: int) -> Iterator[int]:
    """Return a figure and what it limits or adds over time: those may have no name of their own."""
    while place >= 0:
        yield place
        figure = plan.figures[place]
        named = place in plan.volume_order
        place = figure.of if isinstance(figure, LimitedFigure | PastFigure) and not named else -1
