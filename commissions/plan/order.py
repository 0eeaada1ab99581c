"""The steps of a run, put in order by what each needs, and what comes together with the ranks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from commissions.engine.plan import (
    PEOPLE,
    SPONSOR,
    Asks,
    CompressedFigure,
    CustomersFigure,
    Do,
    Figure,
    GroupFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    Requirement,
    ReserveFigure,
    SaleMix,
    Step,
)
from commissions.plan.meaning import ACTIVITY

Work = int | Literal["ranks"]
"""Something to be worked out: a figure by its place, `ACTIVITY`, or the ranks."""

RANKS: Literal["ranks"] = "ranks"
WITH_RANKS = (PeopleFigure, LimitedFigure)
"""Kinds of figures that the engine works out from the bottom up, together with the ranks."""
NEVER_WITH_RANKS = (LevelsFigure,)
"""Kinds that can only come before the ranks or after them."""


class Circle(Exception):
    """Things need each other: `path` ends where it begins."""

    def __init__(self, path: list[Work]) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Order:
    """The steps before the bonuses, what is worked out with the ranks, and by which trees."""

    steps: tuple[Step, ...]
    during: tuple[int, ...]
    trees: tuple[int, ...]


def terms_need(requirements: Iterable[Requirement]) -> tuple[set[Work], bool]:
    """Return what requirements of oneself need, and whether ranks are among it."""
    needs: set[Work] = set()
    asks_ranks = False
    for requirement in requirements:
        for term in requirement.terms:
            if term.asks == Asks.ACTIVE:
                needs.add(ACTIVITY)
            elif term.asks in {Asks.RANK, Asks.TITLE}:
                asks_ranks = True
            elif term.asks != Asks.WAS:
                needs.add(term.index)
                if term.asks == Asks.SHARE:
                    needs.add(term.need)
    return needs, asks_ranks


def figure_needs(figure: Figure) -> set[Work]:
    """Return what must be known before a figure, of everybody or of everybody below."""
    match figure:
        case SaleMix() | MixFigure():
            return {of for _, of in figure.terms}
        case CompressedFigure():
            return {figure.of, ACTIVITY}
        case GroupFigure() | PastFigure() | ReserveFigure() | CustomersFigure() | LimitedFigure():
            return {figure.of}
        case PeopleFigure():
            return terms_need(figure.who)[0]
        case LevelsFigure():
            needs, asks_ranks = terms_need(figure.who)
            own: set[Work] = set() if figure.of == PEOPLE else {figure.of}
            return needs | own | ({RANKS} if asks_ranks else set())
    return set()


def in_order(
    figures: Sequence[Figure], active: Iterable[Requirement], ranks: Iterable[Requirement]
) -> Order:
    """Return the order of everything before the bonuses; `Circle` if there is none.

    Figures stand so that each comes after those it is made of; only activity and ranks may stand
    between them.
    """
    graph: dict[Work, set[Work]] = {index: figure_needs(one) for index, one in enumerate(figures)}
    graph[ACTIVITY] = terms_need(active)[0]
    graph[RANKS] = terms_need(ranks)[0]
    sorting = Sorting(figures, graph)
    sorting.sort()
    return sorting.order()


@dataclass(slots=True)
class Sorting:
    """Sorts what is to be worked out into before, with and after the ranks."""

    figures: Sequence[Figure]
    graph: dict[Work, set[Work]]
    sequence: list[Work] = field(default_factory=list)
    """Everything, each after all that it needs."""
    after: set[Work] = field(default_factory=set)
    during: set[Work] = field(default_factory=set)

    def sort(self) -> None:
        """Put everything in order and tell apart when it comes."""
        for work in self.graph:
            self._visit(work, [])
        for work in self.sequence:
            if work == RANKS:
                continue
            if self._comes_after(work):
                self.after.add(work)
            elif self._comes_with_ranks(work) or self.graph[work] & self.during:
                self.during.add(work)
        self._refuse_what_comes_too_late()
        self._postpone()

    def _comes_after(self, work: Work) -> bool:
        needs = self.graph[work]
        is_late = isinstance(self._figure(work), NEVER_WITH_RANKS) and needs & self.during
        return RANKS in needs or bool(needs & self.after or is_late)

    def _visit(self, work: Work, path: list[Work]) -> None:
        if work in path:
            raise Circle([*path[path.index(work) :], work])
        if work in self.sequence:
            return
        for needed in sorted(self.graph[work], key=str):
            self._visit(needed, [*path, work])
        self.sequence.append(work)

    def _comes_with_ranks(self, work: Work) -> bool:
        figure = self._figure(work)
        leaves_out = isinstance(figure, GroupFigure) and figure.without_rank > 0
        return leaves_out or isinstance(figure, WITH_RANKS)

    def _postpone(self) -> None:
        """Let what only depends on ranks, but that nothing with them needs, come after them."""
        needed = set(self.graph[RANKS])
        for work in reversed(self.sequence):
            if work == RANKS or work not in self.during:
                continue
            if work == ACTIVITY or self._comes_with_ranks(work) or work in needed:
                needed |= self.graph[work]
            else:
                self.during.discard(work)
                self.after.add(work)

    def _refuse_what_comes_too_late(self) -> None:
        """Refuse ranks that ask for something that can only be known after them."""
        if not self.graph[RANKS] & self.after:
            return
        for work in self.sequence:
            why, way = self.graph[work] & self.during, self._way(work)
            if work in self.after and why and way:
                raise Circle([RANKS, *way, min(why, key=str), RANKS])

    def _figure(self, work: Work) -> Figure | None:
        return self.figures[work] if isinstance(work, int) and work != ACTIVITY else None

    def _way(self, goal: Work) -> list[Work]:
        """Return how the ranks come to need something, ending with it; nothing if they do not."""
        ways: list[list[Work]] = [[RANKS]]
        seen: set[Work] = set()
        for way in ways:
            if way[-1] == goal:
                return way[1:]
            further = self.graph[way[-1]] - seen
            seen |= further
            ways += [[*way, needed] for needed in sorted(further, key=str)]
        return []

    def order(self) -> Order:
        """Return the steps."""
        before: list[Step] = []
        after: list[Step] = []
        for work in self.sequence:
            if work == RANKS or work in self.during:
                continue
            step = Step(Do.ACTIVE) if work == ACTIVITY else Step(Do.FIGURE, int(work))
            (after if work in self.after else before).append(step)
        during = tuple(int(work) for work in self.sequence if work in self.during)
        return Order((*before, Step(Do.RANKS), *after), during, self._trees(during))

    def _trees(self, during: Sequence[int]) -> tuple[int, ...]:
        found = set()
        for index in during:
            figure = self._figure(index)
            if isinstance(figure, LimitedFigure):
                figure = self.figures[figure.of]
            if isinstance(figure, GroupFigure | PeopleFigure):
                found.add(figure.tree)
            elif isinstance(figure, CompressedFigure):
                found.add(SPONSOR)
        return tuple(sorted(found)) or (SPONSOR,)
