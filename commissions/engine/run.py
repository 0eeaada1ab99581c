"""One run, from a snapshot to earnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from commissions.engine.bonuses import pay_bonus
from commissions.engine.bottom_up import work_out_ranks
from commissions.engine.bottom_up.keeping import brought_in
from commissions.engine.caps import cap_bonus, cap_plan, deduct
from commissions.engine.cores import Cores
from commissions.engine.earned import Paid, check_total
from commissions.engine.earnings import Earnings, merged
from commissions.engine.errors import BooksBroken
from commissions.engine.evidence import check_evidence
from commissions.engine.exact import round_together
from commissions.engine.figures import work_out_figure
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground, lay_ground
from commissions.engine.leaving import state_left
from commissions.engine.network import Network, order_network
from commissions.engine.plan import Do, MatchingRule, PayKind, Plan, RoundAt, SaleFigure
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


class Stage(Enum):
    """What a run is busy with, mostly in this order: some figures come after the ranks."""

    SALES = "sales"
    FIGURES = "figures"
    RANKS = "ranks"
    BONUSES = "bonuses"
    LIMITS = "limits"
    BOOKS = "books"


def calculate_run(
    snapshot: Snapshot,
    plan: Plan,
    network: Network | None = None,
    frames: Mapping[int, Frame] | None = None,
    begins: Callable[[Stage], None] = lambda stage: None,
) -> RunResult:
    """Work out a run. The same snapshot and plan always give the same figures, in the same order.

    `network` is `order_network(snapshot.member, snapshot.sponsor)`, and `frames` is
    `order_trees(snapshot, network, plan)`, if they are at hand already. `begins` is told what the
    run turns to; what it raises ends the run.
    """
    network = network or order_network(snapshot.member, snapshot.sponsor)
    begins(Stage.SALES)
    ground = lay_ground(snapshot, network, plan, arrange_sales(snapshot, network), frames)
    with Cores(ground.size + len(snapshot.sale)) as cores:
        paid = _work_out(ground, cores, begins)
        begins(Stage.LIMITS)
        _round_by_earner(ground, paid)
        check_total(paid)
        paid |= cap_plan(ground, paid)
        paid |= deduct(ground, paid)
        check_total(paid)
        begins(Stage.BOOKS)
        carried = cores.take_on(partial(state_left, ground, paid))
        earnings = merged(ground.size, paid)
        total = sum(part.total for part in paid.values())
        _check(ground, paid, earnings, total)
        return RunResult(ground, earnings, paid, carried.result(), total)


def _work_out(ground: Ground, cores: Cores, begins: Callable[[Stage], None]) -> dict[int, Paid]:
    """Take the steps of the plan; return what its bonuses pay, their own caps taken off."""
    plan = ground.plan
    paid: dict[int, Paid] = {}
    begins(Stage.FIGURES)
    before = brought_in(ground)
    ground.standings.before = before.paid_as
    for do, steps in groupby(plan.steps, key=lambda step: step.do):
        begins(STAGES[do])
        indices = [step.index for step in steps]
        if do == Do.FIGURE:
            _work_out_figures(ground, indices, cores)
        elif do == Do.ACTIVE:
            ground.standings.active = met(ground, plan.active)
        elif do == Do.RANKS:
            work_out_ranks(ground, before)
        else:
            paid |= _pay(ground, indices, paid, cores)
    return paid


STAGES: Final = {
    Do.FIGURE: Stage.FIGURES,
    Do.ACTIVE: Stage.FIGURES,
    Do.RANKS: Stage.RANKS,
    Do.BONUS: Stage.BONUSES,
}


def _work_out_figures(ground: Ground, indices: Sequence[int], cores: Cores) -> None:
    """Fill in figures in their order; sums of sales, which ask for no other figure, come first."""
    sums = [index for index in indices if isinstance(ground.plan.figures[index], SaleFigure)]
    for part in [cores.take_on(partial(work_out_figure, ground, index)) for index in sums]:
        part.result()
    for index in indices:
        work_out_figure(ground, index)


def _pay(
    ground: Ground, indices: Sequence[int], before: Mapping[int, Paid], cores: Cores
) -> dict[int, Paid]:
    """Pay the bonuses of the run's rhythm, side by side, and take off what their own limits say.

    Those that others match begin first, and those that match others last, as they have to wait.
    """
    bonuses = ground.plan.bonuses
    here = [index for index in indices if bonuses[index].cadence == ground.snapshot.cadence]
    matches = {
        index: rule.of
        for index, rule in ((index, bonuses[index]) for index in here)
        if isinstance(rule, MatchingRule)
    }
    matched = {of for all_of in matches.values() for of in all_of}
    parts: dict[int, Future[dict[int, Paid]]] = {}
    for index in sorted(here, key=lambda index: (index in matches, index not in matched)):
        waits_for = [parts[of] for of in matches.get(index, ()) if of in parts]
        parts[index] = cores.take_on(partial(_pay_one, ground, index, before, waits_for))
    paid: dict[int, Paid] = {}
    for index in here:
        paid |= parts[index].result()
    return paid


def _pay_one(
    ground: Ground,
    index: int,
    before: Mapping[int, Paid],
    waits_for: Sequence[Future[dict[int, Paid]]],
) -> dict[int, Paid]:
    """Return what a bonus pays and what its own limits take off, by place in `Plan.pays`."""
    rule, paid = ground.plan.bonuses[index], dict(before)
    for other in waits_for:
        paid |= other.result()
    part = pay_bonus(ground, index, paid)
    if rule.round_at == RoundAt.BONUS:
        part = round_together(ground, {index: part})[index]
    check_total({index: part})
    if rule.cap is None:
        return {index: part}
    return {index: part, _cap_of(ground.plan, index): cap_bonus(ground, index, part)}


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
