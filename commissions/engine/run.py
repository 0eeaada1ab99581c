"""One run, from a snapshot to earnings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import pay_bonus
from commissions.engine.bottom_up import work_out_ranks
from commissions.engine.bottom_up.keeping import brought_in
from commissions.engine.caps import cap_bonus, cap_plan, deduct
from commissions.engine.earned import Paid, check_total
from commissions.engine.earnings import Earnings, merged
from commissions.engine.errors import BooksBroken
from commissions.engine.evidence import check_evidence
from commissions.engine.exact import round_together
from commissions.engine.figures import work_out_figure
from commissions.engine.ground import Ground, lay_ground
from commissions.engine.leaving import state_left
from commissions.engine.network import Network, order_network
from commissions.engine.plan import Do, PayKind, Plan, RoundAt
from commissions.engine.requirements import met
from commissions.engine.sales import arrange_sales
from commissions.engine.snapshot import Carried, Snapshot
from commissions.engine.standings import Standings

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """What a run found. Rows are in network order: `network.member` has the outside numbers.

    `paid` has what each of `Plan.pays` pays, by place; what is not paid in this rhythm is missing.
    """

    ground: Ground
    earnings: Earnings
    paid: dict[int, Paid]
    carried: Carried
    total: int

    @property
    def network(self) -> Network:
        """Return the network in the order of the rows."""
        return self.ground.network

    @property
    def standings(self) -> Standings:
        """Return figures, activity and ranks."""
        return self.ground.standings

    @property
    def member(self) -> Int64s:
        """Return the outside number of each row."""
        return self.network.member


def calculate_run(snapshot: Snapshot, plan: Plan, network: Network | None = None) -> RunResult:
    """Work out a run. The same snapshot and plan always give the same figures, in the same order.

    `network` is `order_network(snapshot.member, snapshot.sponsor)`, if it is at hand already.
    """
    network = network or order_network(snapshot.member, snapshot.sponsor)
    ground = lay_ground(snapshot, network, plan, arrange_sales(snapshot, network))
    ground.standings.before = brought_in(ground).paid_as
    paid: dict[int, Paid] = {}
    for step in plan.steps:
        if step.do == Do.FIGURE:
            work_out_figure(ground, step.index)
        elif step.do == Do.ACTIVE:
            ground.standings.active = met(ground, plan.active)
        elif step.do == Do.RANKS:
            work_out_ranks(ground)
        elif plan.bonuses[step.index].cadence == snapshot.cadence:
            _pay(ground, step.index, paid)
    _round_by_earner(ground, paid)
    check_total(paid)
    paid |= cap_plan(ground, paid)
    paid |= deduct(ground, paid)
    check_total(paid)
    earnings = merged(ground.size, paid)
    total = sum(part.total for part in paid.values())
    _check(ground, paid, earnings, total)
    return RunResult(ground, earnings, paid, state_left(ground, paid), total)


def _pay(ground: Ground, index: int, paid: dict[int, Paid]) -> None:
    """Pay one bonus, and take off what its own limits say."""
    rule = ground.plan.bonuses[index]
    part = pay_bonus(ground, index, paid)
    if rule.round_at == RoundAt.BONUS:
        part = round_together(ground, {index: part})[index]
    paid[index] = part
    check_total({index: part})
    if rule.cap is not None:
        paid[_cap_of(ground.plan, index)] = cap_bonus(ground, index, part)


def _cap_of(plan: Plan, bonus: int) -> int:
    return next(
        place for place, pay in enumerate(plan.pays) if pay.kind == PayKind.CAP and pay.of == bonus
    )


def _round_by_earner(ground: Ground, paid: dict[int, Paid]) -> None:
    together = {
        index: paid[index]
        for index, rule in enumerate(ground.plan.bonuses)
        if rule.round_at == RoundAt.EARNER and index in paid
    }
    if together:
        paid |= round_together(ground, together)


def _check(ground: Ground, paid: dict[int, Paid], earnings: Earnings, total: int) -> None:
    """Stop the run if somebody is paid who may not be, on nothing, or if sums do not agree."""
    if int(earnings.amount.sum()) != total:
        raise BooksBroken("the earnings are not the sum of the bonuses")
    check_evidence(ground, paid)
