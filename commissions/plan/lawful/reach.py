"""Who can be active, and which ranks can be reached, in a world.

Each answer is "somebody can", never "everybody will": what is found possible may need luck with the
order of things, what is found impossible is impossible for any network, any purchases, any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from commissions.engine.plan import (
    AND,
    PEOPLE,
    Asks,
    CustomersFigure,
    Figure,
    JoinedFigure,
    LevelsFigure,
    PeopleFigure,
    Plan,
    RankBeforeFigure,
    Requirement,
    Requirements,
    Term,
    Unit,
)
from commissions.engine.rounding import PPM
from commissions.plan.lawful.inside import PEOPLE_KINDS
from commissions.plan.lawful.made_of import ONE, MadeOf, Part, Region, added
from commissions.plan.lawful.worlds import World

COUNTLESS = 10**18
TIES_MOST = 6
"""Shares that hold only at zero are tried in all combinations up to so many; more are believed."""
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Met:
    """A requirement that can be met, and which of its comparisons are met then."""

    requirement: Requirement
    terms: tuple[Term, ...]


Way = tuple[Met, ...]
"""How a list of requirements can be met."""
ACTIVITY = 0
"""Stands for activity where numbers of ranks are meant."""


@dataclass(slots=True)
class Reached:
    """What oneself can reach in a world, by market (0: none that the plan names).

    `others` are the people below and `earlier` oneself in earlier periods, as far as the world is
    another one for them. `ways` says how each rank (`ACTIVITY`: being active) was first reached, in
    the order in which they were.
    """

    plan: Plan
    made_of: MadeOf
    world: World
    others: Reached | None = None
    earlier: Reached | None = None
    active: list[bool] = field(init=False)
    ranks: list[set[int]] = field(init=False)
    ways: dict[tuple[int, int], Way] = field(default_factory=dict)
    _who: dict[tuple[int, int], Way] = field(default_factory=dict)
    _nobody: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        places = range(len(self.plan.markets) + 1)
        self.active = [False for _ in places]
        self.ranks = [set() for _ in places]
        while any(self._go_on(market) for market in places):
            pass

    def paid_as(self, market: int) -> set[int]:
        """Return the ranks as which one can be paid."""
        keeping = self.plan.keeping
        kept = self.titles(market) if keeping.by_title else set()
        return self.ranks[market] | kept | (self.before(market) if keeping.grace else set())

    def titles(self, market: int) -> set[int]:
        """Return the ranks that can be one's title; in a window it falls through lower ones."""
        held = self.ranks[market] | self.before(market)
        return set(range(1, max(held, default=0) + 1)) if self.plan.keeping.window_of else held

    def before(self, market: int) -> set[int]:
        """Return the ranks that one can have reached in earlier periods."""
        return (self.earlier or self).ranks[market]

    def way(self, requirements: Requirements, market: int, rank: int | None = None) -> Way | None:
        """Return how all of some requirements can be met; None if they cannot.

        `rank` is the own paid-as rank, if that is known.
        """
        return Trial(self, market, rank).way(requirements)

    def way_of_others(self, requirements: Requirements) -> Way | None:
        """Return how somebody below, of any market, can meet some requirements."""
        others = self.others or self
        ways = (others.way(requirements, market) for market in range(len(others.active)))
        return next((way for way in ways if way is not None), None)

    def who(self, index: int, market: int) -> Way | None:
        """Return how one can be whom a figure counts, of people or on levels; None if one cannot.

        What was found once stays; what was not is looked for anew when more has been reached. The
        figures inside are looked at first, from the innermost, so that nothing nests without end.
        """
        for inner in self.made_of.people_inside(index):
            key = (inner, market)
            if key in self._who or key in self._nobody:
                continue
            figure = self.plan.figures[inner]
            way = self.way(figure.who, market) if isinstance(figure, PEOPLE_KINDS) else None
            if way is None:
                self._nobody.add(key)
            else:
                self._who[key] = way
        return self._who.get((index, market))

    def is_anybody(self, index: int) -> bool:
        """Tell whether somebody below, of any market, can be whom a figure counts."""
        others = self.others or self
        return any(others.who(index, market) is not None for market in range(len(others.active)))

    def has(self, figure: int, market: int, *, below: Region | None = None) -> bool:
        """Tell whether a volume can be above zero: one's own, or that of people below."""
        parts = self.made_of.raising(self.made_of.sums[figure])
        return self._is_any_there(parts, market, below)

    def has_sales(self, figure: int, market: int, *, below: Region | None = None) -> bool:
        """Tell whether a single sale can count for more than zero in a volume."""
        parts = [part for part, count in self.made_of.sums[figure].items() if count > 0]
        return self._is_any_there(parts, market, below)

    def _is_any_there(self, parts: list[Part], market: int, below: Region | None) -> bool:
        trial = Trial(self, market)
        return any(trial.is_there(part.below(below) if below else part) for part in parts)

    def _go_on(self, market: int) -> bool:
        """Look once more at activity and all ranks; tell whether anything new was reached."""
        size = len(self.ways)
        if not self.active[market]:
            way = self.way(self.plan.active[market], market)
            self._note(ACTIVITY, market, way)
            self.active[market] = way is not None
        for number, rank in enumerate(self.plan.ranks, start=1):
            if number not in self.ranks[market]:
                way = self.way(rank.require[market], market)
                if way is None and any(held >= number for held in self.before(market)):
                    maintain = rank.maintain[market]
                    way = None if maintain is None else self.way(maintain, market)
                self._note(number, market, way)
                self.ranks[market] |= {number} if way is not None else set()
        return len(self.ways) > size

    def _note(self, rank: int, market: int, way: Way | None) -> None:
        if way is not None:
            self.ways[rank, market] = way
            self._nobody.clear()


@dataclass(frozen=True, slots=True)
class Trial:
    """Tries requirements on oneself, of a market, maybe with a certain paid-as rank.

    `zero` are parts that must be zero because a share is only met then, `ties` those shares.
    """

    reached: Reached
    market: int
    rank: int | None = None
    zero: frozenset[Part] = frozenset()
    ties: frozenset[Term] = frozenset()

    def way(self, requirements: Requirements) -> Way | None:
        """Return how all requirements can be met together; None if they cannot."""
        way = self._together(requirements)
        return way if way is not None else self._with_ties(requirements)

    def is_there(self, part: Part) -> bool:
        """Tell whether a part can be above zero."""
        if part in self.zero or part.whole() in self.zero:
            return False
        if part.region is not None and not self.reached.world.people:
            return False
        if part.is_figure:
            return self._figure_is_there(part)
        if part.compressed:
            return self._compressed_is_there(part)
        return self._orders_are_there(part)

    def _with_ties(self, requirements: Requirements) -> Way | None:
        """Try which shares could be met by both sides being zero."""
        ties = [term for term in dict.fromkeys(_terms(requirements)) if self._is_tie(term)]
        if len(ties) > TIES_MOST:
            return Trial(self.reached, self.market, self.rank, ties=frozenset(ties))._together(
                requirements
            )
        for size in range(1, len(ties) + 1):
            for chosen in combinations(ties, size):
                zero = frozenset(part for term in chosen for part in self._against(term))
                trial = Trial(self.reached, self.market, self.rank, zero, frozenset(chosen))
                way = trial._together(requirements)
                if way is not None:
                    return way
        return None

    def _together(self, requirements: Requirements) -> Way | None:
        found = []
        for requirement in requirements:
            terms = self._terms_met(requirement)
            if terms is None:
                return None
            found.append(Met(requirement, terms))
        return tuple(found)

    def _terms_met(self, requirement: Requirement) -> tuple[Term, ...] | None:
        """Return comparisons that make a requirement met; of two ways the first."""
        stack: list[tuple[Term, ...] | None] = []
        for step in requirement.program:
            if step >= 0:
                term = requirement.terms[step]
                stack.append((term,) if self._can_be_met(term) else None)
                continue
            second, first = stack.pop(), stack.pop()
            if step == AND:
                stack.append(None if first is None or second is None else (*first, *second))
            else:
                stack.append(second if first is None else first)
        return stack.pop()

    def _can_be_met(self, term: Term) -> bool:
        reached = self.reached
        match term.asks:
            case Asks.ACTIVE:
                return reached.active[self.market]
            case Asks.RANK:
                ranks = reached.paid_as(self.market) if self.rank is None else {self.rank}
                return any(rank >= term.need for rank in ranks)
            case Asks.TITLE:
                return any(rank >= term.need for rank in reached.titles(self.market))
            case Asks.WAS:
                return any(rank >= term.need for rank in reached.before(self.market))
            case Asks.SHARE:
                return term in self.ties or not self._against(term)
        return self._compares(term)

    def _compares(self, term: Term) -> bool:
        figure = self.reached.plan.figures[term.index]
        if term.asks == Asks.BELOW:
            return self._least(figure) < term.need
        if term.need <= 0:
            return True
        if figure.unit == Unit.NUMBER:
            return self._most(term.index) >= term.need
        made_of = self.reached.made_of
        return any(map(self.is_there, made_of.raising(made_of.sums[term.index])))

    def _most(self, index: int) -> int:
        """Return how many there can be of what is counted."""
        match figure := self.reached.plan.figures[index]:
            case CustomersFigure():
                sold = self.reached.made_of.sums[figure.of]
                if not any(part.customers and self.is_there(part) for part in sold):
                    return 0
                customers = self.reached.world.customers
                return COUNTLESS if customers is None else customers
            case PeopleFigure():
                there = self.reached.world.people and self.reached.is_anybody(index)
                return COUNTLESS if there else 0
            case RankBeforeFigure():
                held = self.reached.before(self.market)
                return figure.periods if any(rank >= figure.rank for rank in held) else 0
        return COUNTLESS

    def _least(self, figure: Figure) -> int:
        months = self.reached.world.months
        if not isinstance(figure, JoinedFigure):
            return 0
        return months if figure.in_months else max(0, (months - 1) * SHORTEST_MONTH + 1)

    def _against(self, term: Term) -> list[Part]:
        """Return what must be zero for a share to be met; nothing if it can be met with more."""
        sums = self.reached.made_of.sums
        share = Fraction(term.ppm, PPM)
        difference = added([(ONE, sums[term.index]), (-share, sums[term.need])])
        there = [part for part in difference if self.is_there(part)]
        may_be_negative = self.reached.made_of.may_be_negative
        if any(difference[part] > 0 or may_be_negative(part) for part in there):
            return []
        return there

    def _is_tie(self, term: Term) -> bool:
        return term.asks == Asks.SHARE and bool(self._against(term))

    def _figure_is_there(self, part: Part) -> bool:
        figure = self.reached.plan.figures[part.figure]
        if not isinstance(figure, LevelsFigure):
            return any(self.is_there(one) for one in self.reached.made_of.support(part))
        oneself = part.region is None
        base = self.reached.made_of.support(part)
        below = [one.below(Region(figure.tree)) for one in base]
        anybody = self.reached.is_anybody(part.figure)
        if figure.self_weight > 0 and self._weighed(figure, base):
            here = self.reached.who(part.figure, self.market) is not None
            if here if oneself else anybody:
                return True
        weighs = any(weight > 0 for weight in figure.weights) and self.reached.world.people
        return weighs and anybody and self._weighed(figure, below)

    def _weighed(self, figure: LevelsFigure, base: Iterable[Part]) -> bool:
        return figure.of == PEOPLE or any(self.is_there(one) for one in base)

    def _compressed_is_there(self, part: Part) -> bool:
        """Tell whether orders can have come up to somebody active, from oneself or from below."""
        others = self.reached.others or self.reached
        active = self.reached.active[self.market] if part.region is None else any(others.active)
        plain = Part(part.column, part.customers, part.when, region=part.region, past=part.past)
        return active and (
            self._orders_are_there(plain)
            or (self.reached.world.people and self._orders_are_there(plain.below(Region(0))))
        )

    def _orders_are_there(self, part: Part) -> bool:
        world = self.reached.world
        if not part.customers:
            return world.own_orders
        if part.region is None and not part.past:
            return world.customers != 0
        return world.others_sell


def _terms(requirements: Requirements) -> Iterator[Term]:
    for requirement in requirements:
        yield from requirement.terms
