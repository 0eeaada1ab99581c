"""What a run finds about each distributor before anybody is paid: volumes, activity, ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.errors import BadSnapshot
from commissions.engine.network import Network
from commissions.engine.plan import Asks, GroupVolume, PersonalVolume, Plan, Requirement
from commissions.engine.sales import Sales, bases, count_customers, summed_by_owner
from commissions.engine.snapshot import Flag, Snapshot

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Standings:
    """Columns in network order. Volumes are hundredths of a point, ranks count from 1 (0: none).

    `volumes` and `counts` have a row for each of `Plan.volumes` and `Plan.counts`.
    """

    names: tuple[str, ...]
    volumes: Int64s
    counts: Int64s
    active: Bools
    rank: NDArray[np.int16]
    paid_as: NDArray[np.int16]

    def volume(self, name: str) -> Int64s:
        """Return a volume by its name in the plan."""
        column: Int64s = self.volumes[self.names.index(name)]
        return column

    @property
    def pv(self) -> Int64s:
        """Return personal volume."""
        return self.volume("PV")

    @property
    def cv(self) -> Int64s:
        """Return commissionable volume."""
        return self.volume("CV")

    @property
    def gv(self) -> Int64s:
        """Return group volume."""
        return self.volume("GV")


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What every step of a run may look at."""

    snapshot: Snapshot
    network: Network
    plan: Plan
    sales: Sales
    flags: NDArray[np.uint8]
    standings: Standings
    bases: dict[int, Int64s]

    def base_of(self, index: int) -> Int64s:
        """Return what each laid-out sale adds to a personal volume; worked out once."""
        if index not in self.bases:
            volume = cast(PersonalVolume, self.plan.volumes[index])
            self.bases[index] = bases(self.snapshot, self.sales, volume)
        return self.bases[index]

    def allowed(self, flag: Flag) -> Bools:
        """Tell for each row whether its state allows this."""
        allowed: Bools = (self.flags & int(flag)) != 0
        return allowed


def lay_ground(snapshot: Snapshot, network: Network, plan: Plan, sales: Sales) -> Ground:
    """Return what the steps work on, with nothing worked out yet."""
    n = len(network.member)
    standings = Standings(
        names=tuple(volume.name for volume in plan.volumes),
        volumes=np.zeros((len(plan.volumes), n), np.int64),
        counts=np.zeros((len(plan.counts), n), np.int64),
        active=np.ones(n, np.bool_),
        rank=np.zeros(n, np.int16),
        paid_as=np.zeros(n, np.int16),
    )
    return Ground(snapshot, network, plan, sales, snapshot.flags[network.order], standings, {})


def work_out_volume(ground: Ground, index: int) -> None:
    """Fill in one volume, and the counts of customers that are made of the same column."""
    volume = ground.plan.volumes[index]
    if isinstance(volume, GroupVolume):
        ground.standings.volumes[index] = tree.downline_total(
            ground.network.sponsor, ground.standings.volumes[volume.of]
        )
        return
    keeps = ground.allowed(Flag.KEEPS_VOLUME)
    ground.standings.volumes[index] = summed_by_owner(
        ground.sales.owner, ground.base_of(index), keeps
    )
    _count_customers(ground, index, keeps)


def _count_customers(ground: Ground, index: int, keeps: Bools) -> None:
    which = [k for k, count in enumerate(ground.plan.counts) if count.volume == index]
    if which:
        at_least = np.array([ground.plan.counts[k].at_least for k in which], np.int64)
        ground.standings.counts[which] = count_customers(
            ground.snapshot, ground.sales, ground.base_of(index), keeps, at_least
        )


def work_out_active(ground: Ground) -> None:
    """Fill in who is active."""
    ground.standings.active = met(ground.standings, ground.plan.active)


def work_out_ranks(ground: Ground) -> None:
    """Fill in ranks: qualified-as by the figures, paid-as with what is set by hand."""
    standings = ground.standings
    rank = np.zeros_like(standings.rank)
    for number, wanted in enumerate(ground.plan.ranks, start=1):
        rank[met(standings, wanted.require)] = number
    override = ground.snapshot.rank_override[ground.network.order]
    if len(override) and override.max() > len(ground.plan.ranks):
        raise BadSnapshot(f"rank_override: the plan has no rank number {override.max()}")
    standings.rank = rank
    standings.paid_as = np.where(override >= 0, override, rank)


def met(standings: Standings, require: tuple[Requirement, ...]) -> Bools:
    """Tell for each row whether all requirements are met; no requirements are met by all."""
    good = np.ones(len(standings.active), np.bool_)
    for requirement in require:
        if requirement.asks == Asks.ACTIVE:
            good &= standings.active
        elif requirement.asks == Asks.VOLUME:
            good &= standings.volumes[requirement.index] >= requirement.need
        else:
            good &= standings.counts[requirement.index] >= requirement.need
    return good
