"""What needs ranks of the downline, and in which order distributors are worked out for them."""

from collections.abc import Callable, Iterable, Iterator
from functools import singledispatch
from heapq import heappop, heappush

from tests.oracle.phrases import (
    AtLeast,
    AtLeastShare,
    Compressed,
    Count,
    Group,
    HasRank,
    HasTitle,
    IsActive,
    LegLimit,
    Orders,
    OverTime,
    People,
    Requirement,
    Reserve,
    Sum,
    Volume,
    Weighted,
    single,
)
from tests.oracle.plan import Plan
from tests.oracle.run import Run

Figure = str | People | LegLimit
"""A volume by its name, people that are counted, a leg limit, or `active`."""


def asks(requirement: Requirement) -> Iterator[Figure]:
    """Yield the figures that a requirement looks at."""
    for each in single(requirement):
        if isinstance(each, IsActive):
            yield "active"
        elif isinstance(each, AtLeast):
            yield each.volume
        elif isinstance(each, LegLimit):
            yield each
        elif isinstance(each, AtLeastShare):
            yield from (each.volume, each.of)
        elif isinstance(each, Count):
            yield each.people


def asks_for_own_rank(requirement: Requirement) -> bool:
    return any(isinstance(each, HasRank | HasTitle) for each in single(requirement))


@singledispatch
def made_of(meaning: Volume) -> Iterable[Figure]:
    """Return the figures that a volume is made of."""
    raise NotImplementedError(meaning)


@made_of.register
def _(meaning: Orders) -> Iterable[Figure]:
    return []


@made_of.register
def _(meaning: Sum) -> Iterable[Figure]:
    return [term.volume for term in meaning.terms]


@made_of.register(Group)
@made_of.register(OverTime)
@made_of.register(Reserve)
def _(meaning: Group | OverTime | Reserve) -> Iterable[Figure]:
    return [meaning.of]


@made_of.register
def _(meaning: Compressed) -> Iterable[Figure]:
    return [meaning.of, "active"]


@made_of.register
def _(meaning: Weighted) -> Iterable[Figure]:
    return [*([meaning.of] if meaning.of else []), *asks(meaning.who)]


class Needs:
    """The figures of a plan, and which of them are worked out together with ranks."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        markets = plan.markets.values()
        self.activity = [plan.active, *(each.active for each in markets if each.active)]
        self.known: dict[tuple[str, Figure], bool] = {}

    def inside(self, figure: Figure) -> Iterable[Figure]:
        """Return what a figure needs directly."""
        if figure == "active":
            return [each for requirement in self.activity for each in asks(requirement)]
        if isinstance(figure, People):
            return [each for condition in figure.conditions for each in asks(condition)]
        if isinstance(figure, LegLimit):
            return [figure.volume]
        return made_of(self.plan.volumes[figure])

    def asks_somewhere(self, what: str, asks_here: Callable[[Figure], bool], of: Figure) -> bool:
        """Return whether a figure, or one of those it needs, asks for something."""
        key = what, of
        if key not in self.known:
            self.known[key] = asks_here(of) or any(
                self.asks_somewhere(what, asks_here, each) for each in self.inside(of)
            )
        return self.known[key]

    def comes_after_ranks(self, figure: Figure) -> bool:
        return self.asks_somewhere("after", self.is_after_ranks, figure)

    def is_after_ranks(self, figure: Figure) -> bool:
        """Return whether it is weighted levels that ask for the own rank, or go with ranks."""
        meaning = self.meaning(figure)
        return isinstance(meaning, Weighted) and (
            asks_for_own_rank(meaning.who) or self.goes_with_ranks(figure)
        )

    def goes_with_ranks(self, figure: Figure) -> bool:
        return self.asks_somewhere("ranks", self.asks_others, figure)

    def asks_others(self, figure: Figure) -> bool:
        """Return whether people are counted, legs limited, or broken-away groups left out."""
        if isinstance(figure, People):
            return figure.whom != "customers"
        if isinstance(figure, LegLimit):
            return True
        meaning = self.meaning(figure)
        return isinstance(meaning, Group) and meaning.without is not None

    def meaning(self, figure: Figure) -> Volume | None:
        return self.plan.volumes.get(figure) if isinstance(figure, str) else None

    def with_ranks(self) -> list[Figure]:
        """Return what is worked out together with ranks, distributor by distributor.

        It is all that counts people, limits legs or leaves out broken-away groups, and what these
        and ranks are made of, as far as it needs any such thing itself; not weighted levels.
        """
        to_do: list[Figure] = ["active", *self.plan.people_for_each()]
        to_do += [name for name in self.plan.volumes if self.asks_others(name)]
        for requirement in self.plan.requirements():
            to_do += [each for each in asks(requirement) if not isinstance(each, str)]
        for requirement in rank_requirements(self.plan):
            to_do += asks(requirement)
        found: dict[Figure, None] = {}
        while to_do:
            figure = to_do.pop(0)
            if figure not in found and self.is_with_ranks(figure):
                found[figure] = None
                to_do += self.inside(figure)
        return list(found)

    def is_with_ranks(self, figure: Figure) -> bool:
        return self.goes_with_ranks(figure) and not self.comes_after_ranks(figure)

    def tree_of(self, figure: Figure) -> str | None:
        """Return the tree in which a figure looks at others."""
        if isinstance(figure, People):
            return "enroller" if figure.whom == "enrolled" else figure.tree
        if isinstance(figure, LegLimit):
            return self.tree_of(figure.volume)
        meaning = self.meaning(figure)
        if isinstance(meaning, Group | Weighted):
            return meaning.tree
        return "sponsor" if isinstance(meaning, Compressed) else None


def rank_requirements(plan: Plan) -> Iterator[Requirement]:
    for rank in plan.ranks:
        yield from (each for each in (rank.require, rank.maintain) if each is not None)
    for market in plan.markets.values():
        for pair in market.ranks.values():
            yield from (each for each in pair if each is not None)


def working_order(run: Run, trees: set[str]) -> list[str]:
    """Return distributors, everybody after those directly below in all these trees.

    Where trees contradict each other, the one who comes last in the preorder of the sponsor tree
    is next, of all who are left; and so of all for whom it could be the turn.
    """
    from_the_last = run.trees["sponsor"].preorder()[::-1]
    places = {id: place for place, id in enumerate(from_the_last)}
    waits_for = {
        id: {each for tree in trees for each in run.trees[tree].below(id)} for id in from_the_last
    }
    ready = [places[id] for id in from_the_last if not waits_for[id]]
    order: dict[str, None] = {}
    left = 0
    while len(order) < len(from_the_last):
        while from_the_last[left] in order:
            left += 1
        id = from_the_last[heappop(ready) if ready else left]
        order[id] = None
        for above in {run.trees[tree].above(id) for tree in trees}:
            if above is not None and above not in order:
                waits_for[above].discard(id)
                if not waits_for[above]:
                    heappush(ready, places[above])
    return list(order)
