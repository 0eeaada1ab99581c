"""What every step of a run may look at, and what it may ask for more than once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bounds import Size, refuse_from_limit, size_of
from commissions.engine.columns import gathered, gathered_where
from commissions.engine.errors import BadSnapshot
from commissions.engine.frames import Frame, make_frame, sponsor_frame
from commissions.engine.money import LIMIT, part_of
from commissions.engine.network import Network
from commissions.engine.plan import (
    SPONSOR,
    BonusRule,
    OrderOf,
    Plan,
    SaleFigure,
    SaleMix,
    SaleTime,
    TimeOf,
    UnilevelRule,
    Whose,
)
from commissions.engine.sales import Sales
from commissions.engine.snapshot import Flag, Snapshot
from commissions.engine.standings import Standings, no_standings

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One run's inputs in network order, and its standings as far as they are worked out."""

    snapshot: Snapshot
    network: Network
    plan: Plan
    sales: Sales
    standings: Standings
    flags: NDArray[np.uint8]
    market: NDArray[np.int16]
    own: Bools
    """By place of a sale: the owner bought."""
    frames: dict[int, Frame] = field(default_factory=dict)
    seen_frames: dict[int, Frame] = field(default_factory=dict)
    """Trees as they are seen while ranks are worked out."""
    bases: dict[int, Int64s] = field(default_factory=dict)
    ready: set[int] = field(default_factory=set)
    """Figures that are worked out."""
    sizes: dict[int, Size] = field(default_factory=dict)
    """How large figures are, or can become; as far as somebody asked."""

    @property
    def size(self) -> int:
        """Return how many distributors there are."""
        return len(self.network.member)

    def is_ready(self, figure: int) -> None:
        """Note that a figure is worked out; how large it can become is no longer asked."""
        self.ready.add(figure)
        self.sizes.pop(figure, None)

    def allowed(self, flag: Flag) -> Bools:
        """Tell for each row whether its state allows this."""
        allowed: Bools = (self.flags & int(flag)) != 0
        return allowed

    def frame(self, tree: int) -> Frame:
        """Return a tree of the plan; it is put in order once."""
        if tree not in self.frames:
            self.frames[tree] = make_frame(self.snapshot, self.network, self.plan, tree)
        return self.frames[tree]

    def base_of(self, figure: int) -> Int64s:
        """Return what each laid-out sale adds to a sale figure, whether it counts or not."""
        if figure not in self.bases:
            self.bases[figure] = self._base(figure)
        return self.bases[figure]

    def _base(self, index: int) -> Int64s:
        figure = self.plan.figures[index]
        if isinstance(figure, SaleMix):
            return self._sum_of(figure)
        if not isinstance(figure, SaleFigure):
            raise TypeError(f"{figure.name} is no sale volume")
        column, at = self._column(self.plan.columns[figure.column]), self.sales.at
        if figure.whose == Whose.BOTH:
            base = gathered(column, at)
        else:
            base = gathered_where(column, at, self.own, figure.whose == Whose.OWN)
        if figure.when != SaleTime():
            base[~self.within(figure.when)] = 0
        return base

    def _sum_of(self, figure: SaleMix) -> Int64s:
        total, together = np.zeros(len(self.sales.at), np.int64), 0
        for ppm, of in figure.terms:
            part = part_of(self.base_of(of), ppm)
            together += size_of(part, LIMIT - together).together
            refuse_from_limit(together, f"{figure.name}: all volumes together")
            total += part
        return total

    def _column(self, name: str) -> Int64s:
        if name not in self.snapshot.columns:
            raise BadSnapshot(f"the plan asks for the column {name}, which sales do not have")
        return self.snapshot.columns[name]

    def within(self, when: SaleTime) -> Bools:
        """Tell for each laid-out sale whether it is one of those."""
        at, snapshot = self.sales.at, self.snapshot
        good = np.ones(len(at), np.bool_)
        if when.orders != OrderOf.ALL:
            good &= snapshot.first[at] == (when.orders == OrderOf.FIRST)
        in_days = when.time in (TimeOf.WITHIN_DAYS, TimeOf.AFTER_DAYS)
        if when.time != TimeOf.ALWAYS:
            age = (snapshot.age_days if in_days else snapshot.age_months)[at]
            if when.time in (TimeOf.WITHIN_DAYS, TimeOf.WITHIN_MONTHS):
                good &= (age >= 0) & (age < when.count)
            else:
                good &= age >= when.count
        return good

    def counted(self, figure: int, *, late_too: bool = True) -> Int64s:
        """Return what each laid-out sale adds to the volume: 0 where it is not counted there.

        Late returns are in it if the plan deducts them from volumes, and the caller wants them.
        """
        base = self.base_of(figure)
        if self.snapshot.calm:
            return base
        snapshot, at = self.snapshot, self.sales.at
        good = snapshot.counts[at]
        if not (late_too and self.plan.deducts_late):
            good = good & ~snapshot.late[at]
        return np.where(good, base, 0)

    def paying(self, rule: BonusRule, *, late_too: bool = False) -> Int64s:
        """Return the base of each laid-out sale in a bonus: 0 where it is not paid on."""
        base = self.base_of(rule.pays_on)
        good: Bools | None = None
        if not self.snapshot.calm:
            good = self.snapshot.pays[self.sales.at]
            if not late_too:
                good = good & ~self.snapshot.late[self.sales.at]
        if isinstance(rule, UnilevelRule) and rule.when != SaleTime():
            newcomers = self.within(rule.when)
            good = newcomers if good is None else good & newcomers
        return base if good is None else np.where(good, base, 0)


def lay_ground(
    snapshot: Snapshot,
    network: Network,
    plan: Plan,
    sales: Sales,
    frames: Mapping[int, Frame] | None = None,
) -> Ground:
    """Return what the steps work on, with nothing worked out yet; `frames` are in order already."""
    order = network.order
    ground = Ground(
        snapshot,
        network,
        plan,
        sales,
        no_standings(plan, len(order)),
        gathered(snapshot.flags, order),
        gathered(snapshot.market, order),
        sales.own,
    )
    ground.frames.update(frames or {})
    ground.frames[SPONSOR] = sponsor_frame(network, plan)
    return ground
