"""The table of what to do in the pass from the bottom up, made from the plan's figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.bottom_up.keeping import Kept
from commissions.engine.figures.past import earlier
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    AND,
    Asks,
    CompressedFigure,
    GroupFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    Requirements,
    Scope,
    Term,
)
from commissions.engine.requirements import met_term

Int64s = NDArray[np.int64]
Rows = NDArray[np.int32]

(
    SUM, LARGEST, FRONT, LEVELS, TWO_LEGS, COMPRESSED, PAST, MIX, PEOPLE_FRONT, PEOPLE_DOWN,
    PEOPLE_LEGS, LIMITED, ACTIVE,
) = range(13)  # fmt: skip
"""What is done for a figure; `ACTIVE` is where activity is worked out."""

OP, TREE, OF, RANK, ACC, A, B, C, FIRST, LAST = range(10)
"""Columns of the table of steps.

`OF` and `C` are references: from 0 a figure of this pass, below 0 a column of `Work.base`. `RANK`
leaves people out from that rank on; `ACC` is the first of the step's collecting columns; `A`, `B`
are its own numbers; `FIRST` to `LAST` are conditions or terms in `Work.terms`.
"""

T_ASKS, T_REF, T_NEED, T_PPM, T_OTHER = range(5)
"""Columns of the table of terms; `ASKS_BIT` reads a bit of what is known beforehand."""
ASKS_BIT = 100

NO_RANKS = Kept(*(np.zeros(0, np.int16) for _ in range(5)))


@dataclass(slots=True, eq=False)
class Work:
    """Tables and columns that the pass reads and fills."""

    steps: NDArray[np.int64]
    terms: NDArray[np.int64]
    programs: NDArray[np.int64]
    """Postfix programs one after the other; -1 and, -2 or, -3 the end of one."""
    ranks: NDArray[np.int64]
    """By market and rank from 1: first program and number of `require`, of `maintain` (-1: none)."""
    active: NDArray[np.int64]
    """By market: first program and number."""
    parents: NDArray[np.int32]
    legs: NDArray[np.int32]
    places: NDArray[np.int32]
    """For each tree: place in its order, end of the downline, first child in leg 1 and in leg 2."""
    base: Int64s
    bits: NDArray[np.uint64]
    value: Int64s
    collected: Int64s
    figures: list[int]
    is_ranking: bool

    def results(self) -> Iterator[tuple[int, Int64s]]:
        """Yield each figure's place in the plan with its column."""
        for slot, index in enumerate(self.figures):
            yield index, self.value[slot]


def lay_out(ground: Ground, during: tuple[int, ...], *, ranks: bool) -> Work:
    """Return the tables for these figures of the plan (-1: activity)."""
    return _Layout(ground, during, ranks=ranks).work()


class _Layout:
    """Collects columns, terms and programs while steps are written down."""

    def __init__(self, ground: Ground, during: tuple[int, ...], *, ranks: bool) -> None:
        self.ground = ground
        self.is_ranking = ranks
        self.during = during
        self.figures = [index for index in during if index >= 0]
        self.trees: list[int] = []
        self.base: list[Int64s] = []
        self.base_of: dict[int, int] = {}
        self.terms: list[list[int]] = []
        self.known: list[NDArray[np.bool_]] = []
        self.bit_of: dict[Term, int] = {}
        self.programs: list[int] = []
        self.collecting = 0

    def work(self) -> Work:
        """Return everything that was collected."""
        ground, plan = self.ground, self.ground.plan
        steps = [self.step(index) for index in self.during]
        markets = range(len(plan.active))
        rank_rows = [
            [[*self.listed(rank.require[m]), *self.listed(rank.maintain[m])] for rank in plan.ranks]
            for m in markets
        ]
        n = ground.size
        active = [self.listed(plan.active[m] if -1 in self.during else ()) for m in markets]
        return Work(
            steps=np.array(steps, np.int64).reshape(len(steps), LAST + 1),
            terms=np.array(self.terms, np.int64).reshape(len(self.terms), T_OTHER + 1),
            programs=np.array([*self.programs, -3], np.int64),
            ranks=np.array(rank_rows, np.int64).reshape(len(markets), len(plan.ranks), 4),
            active=np.array(active, np.int64),
            parents=self._parents(),
            legs=self._legs(),
            places=self._places(),
            base=np.array(self.base, np.int64).reshape(len(self.base), n),
            bits=self._bits(),
            value=np.zeros((len(self.figures), n), np.int64),
            collected=np.zeros((self.collecting, n), np.int64),
            figures=self.figures,
            is_ranking=self.is_ranking,
        )

    def step(self, index: int) -> list[int]:
        """Return the row of one step."""
        if index < 0:
            return [ACTIVE, *[0] * LAST]
        figure = self.ground.plan.figures[index]
        row = [0] * (LAST + 1)
        row[ACC] = self.collecting
        write = getattr(self, f"_{type(figure).__name__.lower()}")
        self.collecting += write(row, figure)
        return row

    def _groupfigure(self, row: list[int], figure: GroupFigure) -> int:
        row[TREE], row[OF], row[RANK] = (
            self.tree(figure.tree),
            self.ref(figure.of),
            figure.without_rank,
        )
        scope = figure.scope
        if scope in (Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE):
            row[OP], row[A] = SUM, int(scope == Scope.SELF_AND_DOWNLINE)
            return 1
        if scope in (Scope.LARGEST_LEG, Scope.ALL_BUT_LARGEST):
            row[OP], row[A] = LARGEST, int(scope == Scope.LARGEST_LEG)
            return 2
        if scope in (Scope.FRONTLINE, Scope.SELF_AND_FRONTLINE):
            row[OP], row[A] = FRONT, int(scope == Scope.SELF_AND_FRONTLINE)
            return 1
        if scope == Scope.LEVELS:
            row[OP], row[A], row[B] = LEVELS, figure.high, figure.low
            return figure.high
        row[OP], row[A] = TWO_LEGS, int(scope)
        return 3

    def _compressedfigure(self, row: list[int], figure: CompressedFigure) -> int:
        row[OP], row[TREE], row[OF] = COMPRESSED, self.tree(0), self.ref(figure.of)
        return 1

    def _pastfigure(self, row: list[int], figure: PastFigure) -> int:
        row[OP], row[OF], row[A] = PAST, self.ref(figure.of), int(figure.past)
        row[C] = self.column(earlier(self.ground, figure))
        return 0

    def _mixfigure(self, row: list[int], figure: MixFigure) -> int:
        row[OP], row[FIRST] = MIX, len(self.terms)
        self.terms += [[0, self.ref(of), 0, ppm, 0] for ppm, of in figure.terms]
        row[LAST] = len(self.terms)
        return 0

    def _peoplefigure(self, row: list[int], figure: PeopleFigure) -> int:
        row[TREE] = self.tree(figure.tree)
        terms = [self.term(term) for term in conditions(figure.who)]
        row[FIRST], row[LAST] = len(self.terms), len(self.terms) + len(terms)
        self.terms += terms
        if figure.scope == Scope.FRONTLINE:
            row[OP], row[A] = PEOPLE_FRONT, figure.leg
            row[B] = self.tree(figure.leg_tree) if figure.leg else 0
            return 1
        if figure.scope == Scope.LEGS:
            row[OP] = PEOPLE_LEGS
            return 2
        row[OP], row[A] = PEOPLE_DOWN, figure.levels
        return max(figure.levels, 1)

    def _limitedfigure(self, row: list[int], figure: LimitedFigure) -> int:
        group = self.ground.plan.figures[figure.of]
        if not isinstance(group, GroupFigure):
            raise TypeError(f"{group.name} has no legs to limit")
        row[OP], row[TREE], row[RANK] = LIMITED, self.tree(group.tree), group.without_rank
        row[OF], row[A], row[B] = self.ref(figure.of), figure.most, int(figure.own_too)
        if group.scope == Scope.DOWNLINE:
            row[C], row[FIRST] = self.ref(group.of), 1
        return 2

    def tree(self, index: int) -> int:
        """Return a tree's place among those of this pass."""
        if index not in self.trees:
            self.trees.append(index)
        return self.trees.index(index)

    def ref(self, index: int) -> int:
        """Return a reference to a figure."""
        if index in self.figures:
            return self.figures.index(index)
        if index not in self.base_of:
            self.base_of[index] = self.column(self.ground.standings.figures[index])
        return self.base_of[index]

    def column(self, values: Int64s) -> int:
        """Return a reference to a column that is known beforehand."""
        self.base.append(values)
        return -len(self.base)

    def listed(self, require: Requirements | None) -> tuple[int, int]:
        """Write a list of requirements as programs; return where it begins and how many they are."""
        if require is None:
            return -1, 0
        first = len(self.programs)
        for requirement in require:
            places = [self._place(term) for term in requirement.terms]
            self.programs += [word if word < 0 else places[word] for word in requirement.program]
            self.programs.append(-3)
        return first, len(require)

    def _place(self, term: Term) -> int:
        self.terms.append(self.term(term))
        return len(self.terms) - 1

    def term(self, term: Term) -> list[int]:
        """Return the row of a term: a bit if it is known beforehand."""
        if not self._is_worked_out_here(term):
            if term not in self.bit_of:
                self.bit_of[term] = len(self.known)
                self.known.append(met_term(self.ground, term))
            return [ASKS_BIT, self.bit_of[term], 0, 0, 0]
        if term.asks in (Asks.ACTIVE, Asks.RANK, Asks.TITLE):
            return [int(term.asks), 0, term.need, 0, 0]
        other = self.ref(term.need) if term.asks == Asks.SHARE else 0
        return [int(term.asks), self.ref(term.index), term.need, term.ppm, other]

    def _is_worked_out_here(self, term: Term) -> bool:
        if term.asks == Asks.WAS:
            return False
        if term.asks == Asks.ACTIVE:
            return -1 in self.during
        if term.asks in (Asks.RANK, Asks.TITLE):
            return self.is_ranking
        return term.index in self.figures or (term.asks == Asks.SHARE and term.need in self.figures)

    def _parents(self) -> NDArray[np.int32]:
        frames = [self.ground.frame(index) for index in self.trees]
        return np.array([frame.parent for frame in frames], np.int32).reshape(-1, self.ground.size)

    def _legs(self) -> NDArray[np.int32]:
        n = self.ground.size
        none = np.zeros(n, np.int32)
        found = [self.ground.frame(index).leg for index in self.trees]
        return np.array([none if leg is None else leg for leg in found], np.int32).reshape(-1, n)

    def _places(self) -> NDArray[np.int32]:
        return np.array([self._tree_places(index) for index in self.trees], np.int32).reshape(
            -1, 4, self.ground.size
        )

    def _tree_places(self, index: int) -> list[Rows]:
        frame, n = self.ground.frame(index), self.ground.size
        if frame.leg is None or frame.place is None or frame.row is None:
            return [np.zeros(n, np.int32)] * 4
        end = tree.downline_end(frame.ordered_parent)[frame.place]
        children = []
        for leg in (1, 2):
            child = np.full(n, -1, np.int32)
            here = np.flatnonzero((frame.leg == leg) & (frame.parent >= 0))
            child[frame.parent[here]] = here
            children.append(child)
        return [frame.place, end, *children]

    def _bits(self) -> NDArray[np.uint64]:
        words = np.zeros((len(self.known) // 64 + 1, self.ground.size), np.uint64)
        for bit, known in enumerate(self.known):
            words[bit // 64] |= known.astype(np.uint64) << np.uint64(bit % 64)
        return words


def conditions(who: Requirements) -> list[Term]:
    """Return the terms of a condition, all of which must hold; it has no `or`."""
    found: list[Term] = []
    for requirement in who:
        if any(word < 0 and word != AND for word in requirement.program):
            raise TypeError(f"{requirement.phrase} is no condition about one of several people")
        found += [requirement.terms[word] for word in requirement.program if word >= 0]
    return found
