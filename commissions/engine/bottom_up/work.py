"""The table of what to do in the pass from the bottom up, made from the plan's figures.

The pass works on one matrix of integers, a row for each distributor, so that all that is known of
somebody lies together. Whatever steps and terms refer to is a column of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.bottom_up.keeping import Kept
from commissions.engine.bottom_up.order import seen_frame
from commissions.engine.bottom_up.sets import Nodes, room_for
from commissions.engine.figures.bounding import check_size
from commissions.engine.figures.past import earlier
from commissions.engine.ground import Ground
from commissions.engine.plan import (
    AND,
    Asks,
    ByMarket,
    CompressedFigure,
    GroupFigure,
    LimitedFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    Requirements,
    Scope,
    Term,
    TreeKind,
)
from commissions.engine.requirements import met_term
from commissions.engine.snapshot import Flag

Int64s = NDArray[np.int64]

(
    TEST, SUM, LARGEST, FRONT, LEVELS, TWO_LEGS, COMPRESSED, LIMITED, PEOPLE_FRONT, PEOPLE_DOWN,
    PEOPLE_LEGS, PAST, MIX,
) = range(13)  # fmt: skip
"""What is done in a step: a test of activity or of a rank, or a figure.

Those between `PEOPLE_FRONT` and `PEOPLE_LEGS` count people; `PAST` and `MIX` hand nothing on.
"""

OP, ABOVE, OF, RANK, ACC, A, B, INNER, FIRST, LAST, RESULT, PLACES = range(12)
"""Columns of the table of steps.

`ABOVE` (the parent), `OF` and `INNER` (figures that a step reads), `ACC` (the first of those in
which it collects) and `RESULT` are columns of the matrix. `RANK` leaves people out from that rank
on; `A`, `B` are the step's own numbers; `FIRST` to `LAST` are its conditions in the table of terms.
A test has in `A` the rank (0: activity), in `B` whether it is about keeping the rank. `PLACES`
tells that legs are places: everybody heads one.
"""

T_ASKS, T_COLUMN, T_NEED, T_PPM = range(4)
"""Columns of the table of terms; of `SHARE`, `T_NEED` is a column, too."""
ASKS_BIT = 100
"""A term that is known beforehand: bit `T_NEED` of `T_COLUMN`."""
END = -3
"""Ends a program."""
BITS = 62
"""So many terms that are known beforehand share a column."""

MARKET, MAY, IS_ACTIVE, PAID_AS, TITLE = range(5)
"""The matrix's first columns; `MAY` has the bits of `Flag`. Those that follow are as asked."""

BLOCK = 2**12
"""So many rows of the matrix are filled, and read, at a time."""

NO_RANKS = Kept(*(np.zeros(0, np.int16) for _ in range(5)))


@dataclass(slots=True, eq=False)
class Work:
    """Tables and the matrix that the pass reads and fills."""

    matrix: Int64s
    steps: Int64s
    terms: Int64s
    programs: Int64s
    """Postfix programs one after the other; -1 and, -2 or, `END` the end of one."""
    tests: Int64s
    """By market and step: first program and their number; -1: nothing is enough."""
    results: dict[int, int]
    """The column of each figure that is worked out, by its place in the plan."""
    is_ranking: bool
    sets: Nodes
    """Room for sets of places (`sets`), of which each has so many `bits`."""
    bits: int

    def figures(self) -> Iterator[tuple[int, Int64s]]:
        """Yield each figure's place in the plan with its column."""
        found = {index: np.empty(len(self.matrix), np.int64) for index in self.results}
        for rows in _blocks(len(self.matrix)):
            for index, column in self.results.items():
                found[index][rows] = self.matrix[rows, column]
        yield from found.items()


def _blocks(size: int) -> Iterator[slice]:
    """Yield stretches of rows of which the cache still has the first column when the last comes."""
    for first in range(0, size, BLOCK):
        yield slice(first, first + BLOCK)


def lay_out(
    ground: Ground, during: tuple[int, ...], *, ranks: bool, as_with_ranks: bool = False
) -> Work:
    """Return the tables for these figures of the plan (-1: activity).

    `as_with_ranks`: others are seen as far as those see them who are worked out with ranks.
    """
    return _Layout(ground, during, ranks=ranks, as_with_ranks=ranks or as_with_ranks).work()


class _Layout:
    """Gives out columns, and collects terms and programs, while steps are written down."""

    def __init__(
        self, ground: Ground, during: tuple[int, ...], *, ranks: bool, as_with_ranks: bool
    ) -> None:
        self.ground = ground
        self.as_with_ranks = as_with_ranks
        self.is_ranking = ranks
        self.during = during
        found = ground.standings
        self.filled: list[NDArray[np.generic] | None] = [
            ground.market, ground.flags, found.active, found.paid_as, found.title,
        ]  # fmt: skip
        self.results = {index: self.empty() for index in during if index >= 0}
        self.known: dict[int, int] = {}
        self.above: dict[int, int] = {}
        self.terms: list[list[int]] = []
        self.bit_of: dict[Term, tuple[int, int]] = {}
        self.bits = np.zeros(0, np.int64)
        self.bits_column = 0
        self.programs: list[int] = []
        self.handed_on = 0
        """How many people are counted in legs by more than the one directly above."""
        self.place_bits = ground.size.bit_length()

    def work(self) -> Work:
        """Return everything that was collected."""
        plan = self.ground.plan
        steps = [self.step(index) for index in self.during]
        tests = [
            self.tests_of(plan.active) if index < 0 else self.no_tests() for index in self.during
        ]
        if self.is_ranking:
            for number in range(len(plan.ranks), 0, -1):
                rank = plan.ranks[number - 1]
                steps += [[TEST, *self._about(number, 0)], [TEST, *self._about(number, 1)]]
                tests += [self.tests_of(rank.require), self.tests_of(rank.maintain)]
        for row, first in zip(steps, self._collecting(steps), strict=True):
            row[ACC] = first
        shape = (len(steps), len(plan.active), 2)
        return Work(
            matrix=self.matrix(),
            steps=np.array(steps, np.int64).reshape(len(steps), PLACES + 1),
            terms=np.array(self.terms, np.int64).reshape(len(self.terms), T_PPM + 1),
            programs=np.array([*self.programs, END], np.int64),
            tests=np.ascontiguousarray(np.array(tests, np.int64).reshape(shape).swapaxes(0, 1)),
            results=self.results,
            is_ranking=self.is_ranking,
            sets=room_for(self.handed_on, self.place_bits),
            bits=self.place_bits,
        )

    @staticmethod
    def _about(rank: int, keeping: int) -> list[int]:
        """Return a test's row after its first place."""
        row = [0] * (PLACES + 1)
        row[A], row[B] = rank, keeping
        return row[1:]

    def tests_of(self, require: ByMarket[Requirements | None]) -> list[tuple[int, int]]:
        """Return where each market's requirements begin, and how many they are."""
        return [self.listed(of_market) for of_market in require]

    def no_tests(self) -> list[tuple[int, int]]:
        """Return the row of a step that is no test."""
        return [(0, 0)] * len(self.ground.plan.active)

    def matrix(self) -> Int64s:
        """Return the matrix with what is known beforehand filled in."""
        matrix = np.zeros((self.ground.size, len(self.filled)), np.int64)
        for rows in _blocks(len(matrix)):
            for column, values in enumerate(self.filled):
                if values is not None:
                    matrix[rows, column] = values[rows]
        return matrix

    def empty(self, count: int = 1) -> int:
        """Return the first of so many new columns of zeros."""
        self.filled += [None] * count
        return len(self.filled) - count

    def column(self, values: NDArray[np.generic]) -> int:
        """Return a new column with these values."""
        self.filled.append(values)
        return len(self.filled) - 1

    def figure(self, index: int) -> int:
        """Return the column of a figure: one of this pass, or one that is known beforehand."""
        if index in self.results:
            return self.results[index]
        if index not in self.known:
            self.known[index] = self.column(self.ground.standings.figures[index])
        return self.known[index]

    def parent(self, tree_index: int) -> int:
        """Return the column of everybody's parent in a tree."""
        if tree_index not in self.above:
            seen = seen_frame if self.as_with_ranks else Ground.frame
            self.above[tree_index] = self.column(seen(self.ground, tree_index).parent)
        return self.above[tree_index]

    def step(self, index: int) -> list[int]:
        """Return the row of one step."""
        row = [0] * (PLACES + 1)
        if index < 0:
            return row
        figure = self.ground.plan.figures[index]
        row[RESULT] = self.results[index]
        write = getattr(self, f"_{type(figure).__name__.lower()}")
        row[ACC] = write(row, figure)
        before = self.filled[row[INNER]] if isinstance(figure, PastFigure) else None
        check_size(self.ground, index, None if before is None else before.astype(np.int64))
        return row

    def _collecting(self, steps: list[list[int]]) -> list[int]:
        """Return the first column of each step's collecting ones, of which it wants `ACC` many.

        They lie together: what is handed on to a parent then touches as little memory as can be.
        """
        counts = [row[ACC] for row in steps]
        first = self.empty(sum(counts))
        return [first + sum(counts[:k]) for k in range(len(counts))]

    def _groupfigure(self, row: list[int], figure: GroupFigure) -> int:
        row[ABOVE], row[OF] = self.parent(figure.tree), self.figure(figure.of)
        row[RANK] = figure.without_rank
        scope = figure.scope
        if scope in (Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE):
            row[OP], row[A] = SUM, int(scope == Scope.SELF_AND_DOWNLINE)
            return 1
        if scope in (Scope.LARGEST_LEG, Scope.ALL_BUT_LARGEST):
            row[OP], row[A] = LARGEST, int(scope == Scope.LARGEST_LEG)
            row[PLACES] = self.has_places(figure.tree)
            return 2
        if scope in (Scope.FRONTLINE, Scope.SELF_AND_FRONTLINE):
            row[OP], row[A] = FRONT, int(scope == Scope.SELF_AND_FRONTLINE)
            return 1
        if scope == Scope.LEVELS:
            row[OP], row[A], row[B] = LEVELS, figure.high, figure.low
            return figure.high
        row[OP], row[A] = TWO_LEGS, int(scope)
        leg = self.ground.frame(figure.tree).leg
        row[INNER] = self.column(np.zeros(self.ground.size, np.int32) if leg is None else leg)
        return 3

    def _compressedfigure(self, row: list[int], figure: CompressedFigure) -> int:
        row[OP], row[ABOVE], row[OF] = COMPRESSED, self.parent(0), self.figure(figure.of)
        return 1

    def _pastfigure(self, row: list[int], figure: PastFigure) -> int:
        row[OP], row[OF], row[A] = PAST, self.figure(figure.of), int(figure.past)
        row[INNER] = self.column(earlier(self.ground, figure))
        return 0

    def _mixfigure(self, row: list[int], figure: MixFigure) -> int:
        terms = [[0, self.figure(of), 0, ppm] for ppm, of in figure.terms]
        row[OP], row[FIRST] = MIX, len(self.terms)
        self.terms += terms
        row[LAST] = len(self.terms)
        return 0

    def _peoplefigure(self, row: list[int], figure: PeopleFigure) -> int:
        row[ABOVE] = self.parent(figure.tree)
        terms = [self.term(term) for term in conditions(figure.who)]
        row[FIRST], row[LAST] = len(self.terms), len(self.terms) + len(terms)
        self.terms += terms
        if figure.scope == Scope.FRONTLINE:
            row[OP], row[A] = PEOPLE_FRONT, figure.leg
            if figure.leg:
                row[INNER] = self._ranges(figure.leg_tree, figure.leg)
                self._hand_on(row[ABOVE])
                return 2
            return 1
        if figure.scope == Scope.LEGS:
            row[OP], row[PLACES] = PEOPLE_LEGS, self.has_places(figure.tree)
            return 2
        row[OP], row[A] = PEOPLE_DOWN, figure.levels
        return max(figure.levels, 1)

    def _limitedfigure(self, row: list[int], figure: LimitedFigure) -> int:
        group = self.ground.plan.figures[figure.of]
        if not isinstance(group, GroupFigure):
            raise TypeError(f"{group.name} has no legs to limit")
        row[OP], row[ABOVE], row[RANK] = LIMITED, self.parent(group.tree), group.without_rank
        row[OF], row[A], row[PLACES] = (
            self.figure(group.of),
            figure.most,
            self.has_places(group.tree),
        )
        row[B] = int(figure.own_too) + 2 * (group.scope == Scope.SELF_AND_DOWNLINE)
        return 3

    def has_places(self, tree_index: int) -> int:
        """Tell whether legs are places in a tree: then everybody heads one."""
        kind = self.ground.plan.trees[tree_index].kind
        return int(kind in (TreeKind.BINARY, TreeKind.MATRIX))

    def _hand_on(self, above: int) -> None:
        """Make room for who is counted by people further up than the one directly above."""
        parent = self.filled[above]
        if parent is not None:
            is_leg = self.ground.allowed(Flag.COUNTS_AS_LEG)
            through = np.append(~is_leg, False)[parent]
            self.handed_on += int((is_leg & through).sum())

    def _ranges(self, tree_index: int, leg: int) -> int:
        """Return the first of three columns: place in a binary tree, a leg's begin and end."""
        frame, n = self.ground.frame(tree_index), self.ground.size
        first, last = np.zeros(n, np.int64), np.zeros(n, np.int64)
        place = np.arange(n)
        if frame.leg is not None and frame.place is not None:
            place = frame.place.astype(np.int64)
            end = tree.downline_end(frame.ordered_parent)[frame.place]
            heads = np.flatnonzero((frame.leg == leg) & (frame.parent >= 0))
            first[frame.parent[heads]], last[frame.parent[heads]] = place[heads], end[heads]
        begins = self.column(place)
        self.column(first)
        self.column(last)
        return begins

    def listed(self, require: Requirements | None) -> tuple[int, int]:
        """Write requirements down as programs; return where they begin and how many they are."""
        if require is None:
            return -1, 0
        first = len(self.programs)
        for requirement in require:
            places = [self._place(term) for term in requirement.terms]
            self.programs += [word if word < 0 else places[word] for word in requirement.program]
            self.programs.append(END)
        return first, len(require)

    def _place(self, term: Term) -> int:
        self.terms.append(self.term(term))
        return len(self.terms) - 1

    def term(self, term: Term) -> list[int]:
        """Return the row of a term: a bit if it is known beforehand."""
        if not self._is_worked_out_here(term):
            return [ASKS_BIT, *self._bit(term), 0]
        if term.asks == Asks.ACTIVE:
            return [int(Asks.AT_LEAST), IS_ACTIVE, 1, 0]
        if term.asks in (Asks.RANK, Asks.TITLE):
            column = PAID_AS if term.asks == Asks.RANK else TITLE
            return [int(Asks.AT_LEAST), column, term.need, 0]
        need = self.figure(term.need) if term.asks == Asks.SHARE else term.need
        return [int(term.asks), self.figure(term.index), need, term.ppm]

    def _is_worked_out_here(self, term: Term) -> bool:
        if term.asks == Asks.WAS:
            return False
        if term.asks == Asks.ACTIVE:
            return -1 in self.during
        if term.asks in (Asks.RANK, Asks.TITLE):
            return self.is_ranking
        return term.index in self.results or (term.asks == Asks.SHARE and term.need in self.results)

    def _bit(self, term: Term) -> tuple[int, int]:
        """Return the column and the bit of a term that is known beforehand."""
        if term not in self.bit_of:
            bit = len(self.bit_of) % BITS
            if bit == 0:
                self.bits = np.zeros(self.ground.size, np.int64)
                self.bits_column = self.column(self.bits)
            self.bits |= met_term(self.ground, term).astype(np.int64) << bit
            self.bit_of[term] = (self.bits_column, bit)
        return self.bit_of[term]


def conditions(who: Requirements) -> list[Term]:
    """Return the terms of a condition, all of which must hold; it has no `or`."""
    found: list[Term] = []
    for requirement in who:
        if any(word < 0 and word != AND for word in requirement.program):
            raise TypeError(f"{requirement.phrase} is no condition about one of several people")
        found += [requirement.terms[word] for word in requirement.program if word >= 0]
    return found
