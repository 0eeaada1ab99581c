"""The plan as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from commissions.engine.plan.bonuses import BonusRule
from commissions.engine.plan.figures import Figure
from commissions.engine.plan.tests import Requirements
from commissions.engine.plan.trees import TreeRule
from commissions.engine.plan.words import ByMarket
from commissions.engine.rounding import PPM, Rounding, reduced


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank, all that it requires, and (None: nothing else) all that keeping it requires."""

    name: str
    require: ByMarket[Requirements]
    maintain: ByMarket[Requirements | None]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How ranks are kept: `[ranks]` of the language page. A window has `of` periods, or 0."""

    by_title: bool = False
    grace: int = 0
    window_met: int = 0
    window_of: int = 0
    falls_one_step: bool = True


class Do(IntEnum):
    """The kinds of step that a run is made of.

    `RANKS` works out qualified-as, paid-as and title from the bottom up, together with what
    `Plan.during` names.
    """

    FIGURE = 0
    ACTIVE = 1
    RANKS = 2
    BONUS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: which kind, and which figure or bonus."""

    do: Do
    index: int = 0


class PayKind(IntEnum):
    """What a line's bonus is."""

    BONUS = 0
    CAP = 1
    PLAN_CAP = 2
    DEDUCTION = 3


@dataclass(frozen=True, slots=True)
class Pay:
    """A name under which lines are written, and the bonus or deduction that it is of."""

    name: str
    kind: PayKind
    of: int = 0


@dataclass(frozen=True, slots=True)
class PlanCap:
    """The plan's limits; `payout` is an amount, or with `payout_of` parts per million of a figure.

    `inside` has the bonuses (places in `Plan.bonuses`) that the limits are about.
    """

    inside: tuple[int, ...]
    per_earner: ByMarket[int | None] = (None,)
    per_holder: int | None = None
    payout: int | None = None
    payout_of: int = -1


@dataclass(frozen=True, slots=True)
class Deduction:
    """Parts per million of what a member earns, taken off."""

    name: str
    rate_ppm: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides pay, besides the snapshot.

    Ranks are numbered from 1 in the order of `ranks`; 0 is no rank. A point is worth
    `point_num / point_den` of the currency's smallest units. `steps` respects what needs what;
    `during` names figures, and with -1 activity, that are worked out with the ranks, in that
    order, and `rank_trees` the trees whose order that needs.
    """

    name: str
    currency: str
    exponent: int
    cadence: str
    point_num: int
    point_den: int
    rounding: Rounding
    trees: tuple[TreeRule, ...]
    markets: tuple[str, ...]
    columns: tuple[str, ...]
    figures: tuple[Figure, ...]
    volume_order: tuple[int, ...]
    """Places in `figures` of the named volumes, in the order of the text; PV, CV, GV come first."""
    active: ByMarket[Requirements]
    ranks: tuple[Rank, ...]
    keeping: Keeping
    bonuses: tuple[BonusRule, ...]
    pays: tuple[Pay, ...]
    """What lines may be of, in their order: all bonuses (in their places), caps, deductions."""
    cap: PlanCap | None
    deductions: tuple[Deduction, ...]
    steps: tuple[Step, ...]
    during: tuple[int, ...] = ()
    rank_trees: tuple[int, ...] = ()
    deducts_late: bool = False
    text_digest: str = ""

    def figure_index(self, name: str) -> int:
        """Return the place of a figure by its name; `ValueError` if there is none."""
        return [figure.name for figure in self.figures].index(name)

    def tree_index(self, name: str) -> int:
        """Return the place of a tree by its name; `ValueError` if there is none."""
        return [tree.name for tree in self.trees].index(name)

    def rank_name(self, rank: int) -> str:
        """Return what a rank is called, and nothing for no rank."""
        return self.ranks[rank - 1].name if rank else ""

    def amount_of(self, rate_ppm: int, part_ppm: int = PPM) -> tuple[int, int]:
        """Return the fraction that makes money of a base: hundredths in, smallest units out."""
        num = self.point_num * rate_ppm * part_ppm
        return reduced(num, self.point_den * 100 * PPM * PPM)

    def market_index(self, code: str) -> int:
        """Return a market's place in tables by market: 0 for one that the plan does not name."""
        return self.markets.index(code) + 1 if code in self.markets else 0
