"""Figures: every number about a distributor that a run works out, volumes and counts alike.

`name` is the volume's name, or the phrase in which a requirement asks. Figures stand in
`Plan.figures` so that each comes after those that it is made of; references are places there.
Points are in hundredths, parts in millionths; parts are rounded half away from zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan.tests import Requirements
from commissions.engine.plan.trees import SPONSOR
from commissions.engine.plan.words import OrderOf, Past, Scope, TimeOf, Unit, Whose

PEOPLE = -1
"""Instead of a figure: each person counts as one."""


@dataclass(frozen=True, slots=True)
class SaleTime:
    """Which sales: which of the buyer's orders, and when after joining (`count` days, months)."""

    orders: OrderOf = OrderOf.ALL
    time: TimeOf = TimeOf.ALWAYS
    count: int = 0


@dataclass(frozen=True, slots=True)
class SaleFigure:
    """A column of the sales that one owns (`Plan.columns[column]`)."""

    name: str
    column: int
    whose: Whose
    when: SaleTime = SaleTime()
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class SaleMix:
    """A sum of sale figures, each taken by a part (may be negative), rounded sale by sale."""

    name: str
    terms: tuple[tuple[int, int], ...]
    """(parts per million, figure)"""
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class MixFigure:
    """A sum of figures of one person, each taken by a part (may be negative), rounded each."""

    name: str
    terms: tuple[tuple[int, int], ...]
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """Another figure, added over people below in a tree; `low` to `high` are levels.

    `without_rank` leaves out whoever of the downline has that paid-as rank or a higher one, with
    everybody below them; 0 leaves nobody out.
    """

    name: str
    of: int
    scope: Scope
    tree: int = SPONSOR
    low: int = 0
    high: int = 0
    without_rank: int = 0
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class CompressedFigure:
    """A sale figure, moved up from who is not active to the nearest active one of the upline."""

    name: str
    of: int
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class PastFigure:
    """Another figure over time; `periods` includes this one (`LAST`). The state has the past."""

    name: str
    of: int
    past: Past
    periods: int = 0
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class LevelsFigure:
    """Points that people on levels bring: weights by level, of figure `of` or of `PEOPLE`.

    Weights are parts per million of the figure, or hundredths of a point for each person.
    `skips` tells whether who does not meet `who` is looked through or uses a level up.
    """

    name: str
    of: int
    self_weight: int
    weights: tuple[int, ...]
    who: Requirements
    skips: bool
    tree: int = SPONSOR
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class ReserveFigure:
    """What counts at once of each sale, and what is drawn from the reserve."""

    name: str
    of: int
    at_once: int
    most: int
    draws_to: int
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class CustomersFigure:
    """How many customers have bought at least so much of a sale figure."""

    name: str
    of: int
    at_least: int
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True, slots=True)
class PeopleFigure:
    """How many of the frontline, the downline or the legs (`scope`) meet a condition.

    `levels` limits the downline (0: all of it). With `leg_tree`, only those count who sit in leg
    `leg` (1, 2) of that binary tree.
    """

    name: str
    scope: Scope
    who: Requirements
    tree: int = SPONSOR
    levels: int = 0
    leg_tree: int = -1
    leg: int = 0
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True, slots=True)
class LimitedFigure:
    """A group figure (self and downline, downline) of which no leg counts for more than `most`."""

    name: str
    of: int
    most: int
    own_too: bool = False
    unit: Unit = Unit.POINTS


@dataclass(frozen=True, slots=True)
class JoinedFigure:
    """Days or calendar months from joining to the period's last day."""

    name: str
    in_months: bool
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True, slots=True)
class RankBeforeFigure:
    """In how many of the `periods` before this one the qualified-as rank was at least `rank`."""

    name: str
    rank: int
    periods: int
    unit: Unit = Unit.NUMBER


Figure = (
    SaleFigure
    | SaleMix
    | MixFigure
    | GroupFigure
    | CompressedFigure
    | PastFigure
    | LevelsFigure
    | ReserveFigure
    | CustomersFigure
    | PeopleFigure
    | LimitedFigure
    | JoinedFigure
    | RankBeforeFigure
)
