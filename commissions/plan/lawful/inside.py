"""Which figures a figure is made of, down to orders and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commissions.engine.plan import (
    Asks,
    CompressedFigure,
    CustomersFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    ReserveFigure,
    SaleMix,
)

PEOPLE_KINDS = (PeopleFigure, LevelsFigure)
"""Figures that say whom they count."""


def inside(figures: Sequence[Figure], index: int, *, asked: bool = False) -> list[int]:
    """Return a figure and all that it is made of, by their places, the outer ones first, each once.

    `asked`: also what people who are counted, or stand on levels, must have.
    """
    found: dict[int, None] = {}
    waiting = [index]
    while waiting:
        place = waiting.pop()
        if place >= 0 and place not in found:
            found[place] = None
            inner = [*_made_of(figures[place]), *(_asked_by(figures[place]) if asked else ())]
            waiting += reversed(inner)
    return list(found)


def _made_of(figure: Figure) -> list[int]:
    match figure:
        case SaleMix() | MixFigure():
            return [of for _, of in figure.terms]
        case (
            GroupFigure()
            | CompressedFigure()
            | PastFigure()
            | ReserveFigure()
            | LimitedFigure()
            | CustomersFigure()
            | LevelsFigure()
        ):
            return [figure.of]
    return []


def _asked_by(figure: Figure) -> Iterator[int]:
    if isinstance(figure, PEOPLE_KINDS):
        for requirement in figure.who:
            for term in requirement.terms:
                yield term.index
                if term.asks == Asks.SHARE:
                    yield term.need
