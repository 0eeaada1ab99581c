"""What figures are made of: sums of parts, each of certain orders, of oneself or people below.

That PV less the own orders leaves customers' orders alone is seen only in sums: the own orders
cancel out. What is no sum (a weaker leg, growth, points on levels) is a part by itself, that rests
on the parts it is worked out from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from commissions.engine.plan import (
    PEOPLE,
    CompressedFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    LimitedFigure,
    MixFigure,
    Past,
    PastFigure,
    Plan,
    ReserveFigure,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    Whose,
)
from commissions.engine.rounding import PPM
from commissions.plan.lawful.inside import PEOPLE_KINDS, inside


class Region(NamedTuple):
    """Which people below: of which tree, and which of them."""

    tree: int
    scope: Scope = Scope.DOWNLINE
    low: int = 0
    high: int = 0
    without_rank: int = 0


ALWAYS = SaleTime()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure: points of orders, or (`figure` from 0) a figure that is no sum.

    `region` None is oneself. `past` has the earlier periods it is from, as the kinds and numbers of
    volumes over time; empty: this period. `compressed` ones have been moved up to who is active.
    """

    column: int = -1
    customers: bool = False
    when: SaleTime = ALWAYS
    figure: int = -1
    region: Region | None = None
    past: tuple[tuple[Past, int], ...] = ()
    compressed: bool = False

    @property
    def is_figure(self) -> bool:
        """Tell whether it is a figure that is no sum."""
        return self.figure >= 0

    def below(self, region: Region) -> Part:
        """Return the same part of people below; what is of people below stays so."""
        return self if self.region is not None else replace(self, region=region)

    def before(self, past: Past, periods: int) -> Part:
        """Return the same part of earlier periods."""
        return replace(self, past=(*self.past, (past, periods)))

    def whole(self) -> Part:
        """Return the part that this one is inside of: of the whole downline of its tree."""
        return self if self.region is None else replace(self, region=Region(self.region.tree))


Sum = Mapping[Part, Fraction]
"""Parts and how often each counts; never with a part that counts for nothing."""

ONE = Fraction(1)
LINEAR = (Scope.FRONTLINE, Scope.DOWNLINE, Scope.LEVELS, Scope.LEFT_LEG, Scope.RIGHT_LEG)
WITH_SELF = {
    Scope.SELF_AND_DOWNLINE: Scope.DOWNLINE,
    Scope.SELF_AND_FRONTLINE: Scope.FRONTLINE,
}


def added(terms: Iterable[tuple[Fraction, Sum]]) -> Sum:
    """Return a sum of sums, each taken so often; parts that cancel out are gone.

    >>> own = {Part(0): ONE}
    >>> added([(ONE, own), (-ONE, own)])
    {}
    """
    total: dict[Part, Fraction] = {}
    for times, terms_of in terms:
        for part, count in terms_of.items():
            total[part] = total.get(part, Fraction(0)) + times * count
    return {part: count for part, count in total.items() if count}


@dataclass(slots=True)
class MadeOf:
    """What each figure of a plan is made of, by its place in `Plan.figures`.

    Counts of people, customers, days and periods are no volumes and have empty sums. `rests_on` has
    the sums that figures are worked out from that are no sums themselves.
    """

    plan: Plan
    sums: list[Sum] = field(default_factory=list)
    rests_on: dict[int, Sum] = field(default_factory=dict)
    _people: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, figure in enumerate(self.plan.figures):
            self.sums.append(self._sum(index, figure))

    def people_inside(self, index: int) -> list[int]:
        """Return the figures that say whom they count inside a figure, it included, inner first."""
        if index not in self._people:
            figures = self.plan.figures
            found = sorted(inside(figures, index, asked=True))
            self._people[index] = [one for one in found if isinstance(figures[one], PEOPLE_KINDS)]
        return self._people[index]

    def support(self, part: Part) -> list[Part]:
        """Return the parts that a figure that is no sum rests on, of the same people and periods.

        Of points on levels only those of the figure that is weighed; who counts is another matter.
        """
        found = self.raising(self.rests_on[part.figure])
        if part.region is not None:
            found = [one.below(part.region) for one in found]
        return [replace(one, past=(*one.past, *part.past)) for one in found]

    def raising(self, sum_of: Sum) -> list[Part]:
        """Return the parts that can make a sum larger: where late returns are taken off, all."""
        late = self.plan.deducts_late
        return [part for part, count in sum_of.items() if count > 0 or late]

    def may_be_negative(self, part: Part) -> bool:
        """Tell whether a part can be below zero: it is worked out from something taken off."""
        return part.is_figure and any(count < 0 for count in self.rests_on[part.figure].values())

    def _sum(self, index: int, figure: Figure) -> Sum:
        match figure:
            case SaleFigure():
                return {
                    Part(figure.column, bit == Whose.CUSTOMERS, figure.when): ONE
                    for bit in (Whose.OWN, Whose.CUSTOMERS)
                    if figure.whose & bit
                }
            case SaleMix() | MixFigure():
                return added((Fraction(ppm, PPM), self.sums[of]) for ppm, of in figure.terms)
            case CompressedFigure():
                return {
                    replace(part, compressed=True): count
                    for part, count in self.sums[figure.of].items()
                }
            case GroupFigure():
                return self._group(index, figure)
            case PastFigure():
                return self._past(index, figure)
            case ReserveFigure() | LimitedFigure() | LevelsFigure():
                return self._alone(index, self._weighed(figure))
        return {}

    def _weighed(self, figure: ReserveFigure | LimitedFigure | LevelsFigure) -> Sum:
        if figure.of == PEOPLE:
            return {}
        base = self.sums[figure.of]
        if isinstance(figure, ReserveFigure):
            return added([(ONE, base), (ONE, _earlier(base, Past.BEFORE, 0))])
        return base

    def _alone(self, index: int, rests_on: Sum) -> Sum:
        """Return a part that is no sum, and remember what it rests on."""
        self.rests_on[index] = rests_on
        return {Part(figure=index): ONE}

    def _group(self, index: int, figure: GroupFigure) -> Sum:
        base = self.sums[figure.of]
        scope = WITH_SELF.get(figure.scope, figure.scope)
        low, high = (figure.low, figure.high) if scope == Scope.LEVELS else (0, 0)
        linear = scope in LINEAR
        region = Region(
            figure.tree, scope if linear else Scope.DOWNLINE, low, high, figure.without_rank
        )
        below = added([(count, {part.below(region): ONE}) for part, count in base.items()])
        if not linear:
            return self._alone(index, below)
        return added([(ONE, base), (ONE, below)]) if figure.scope in WITH_SELF else below

    def _past(self, index: int, figure: PastFigure) -> Sum:
        base = self.sums[figure.of]
        if figure.past == Past.GROWTH:
            return self._alone(index, base)
        earlier = _earlier(base, figure.past, figure.periods)
        if figure.past == Past.BEFORE:
            return earlier
        if figure.past == Past.LAST and figure.periods == 1:
            return base
        return added([(ONE, base), (ONE, earlier)])


def _earlier(base: Sum, past: Past, periods: int) -> Sum:
    return {part.before(past, periods): count for part, count in base.items()}
