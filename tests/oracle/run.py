"""A question (plan, people, sales, a period) and what is known so far of its answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.days import Period, start_of_longer
from tests.oracle.people import Member, Network, distributors
from tests.oracle.plan import Plan
from tests.oracle.sales import Sale, Sales, Sold, base_of
from tests.oracle.state import Row, State
from tests.oracle.trees import Seen, Tree, trees_of

if TYPE_CHECKING:
    from tests.oracle.lines import Answer


@dataclass(frozen=True)
class Question:
    """Everything that decides an answer.

    `period` has the rhythm of the run. `so_far_from` is the first day of the longer period in a
    run of a shorter rhythm. `prior` are earlier runs of the same rhythm, which may have paid what
    comes back now; `shorter` those of shorter rhythms whose last day lies in this period.
    """

    plan: Plan
    network: Network
    sales: Sequence[Sale]
    period: Period
    state: Sequence[Row] = ()
    so_far_from: date | None = None
    prior: "Sequence[Answer]" = ()
    shorter: "Sequence[Answer]" = ()


@dataclass
class RankStanding:
    """Ranks as numbers from 1 for the lowest; 0 is no rank."""

    qualified: int = 0
    title: int = 0
    paid_as: int = 0
    highest: int = 0
    grace: int = 0
    held: int = 0


class Run:
    """One question while it is worked out: facts, and figures that are known already."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.plan = question.plan
        self.network = question.network
        self.period = question.period
        self.longer = longer_period(question)
        self.members = distributors(self.network)
        self.numbers = {id: number for number, id in enumerate(self.network)}
        self.trees = trees_of(self.network, self.plan.trees)
        self.state = State(question.state)
        earlier: list[Sales] = [answer.run.sales for answer in question.prior]
        self.sales: Sales = Sales(self.network, question.sales, earlier)
        self.paying = self.sales.net(self.period)
        """The sales that bonuses look at."""
        self.counted = self.sales.net(self.longer)
        """The sales that volumes are made of: in a shorter rhythm, of the longer period so far."""
        self.late = self.sales.late(self.period)
        self.owned = self.of_owners()
        self.values: dict[tuple[str, str], Fraction] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self.limited: dict[tuple[str, str], Fraction] = {}
        self.active: dict[str, bool] = {}
        self.ranks: dict[str, RankStanding] = {}
        self.dependent: set[str] = set()
        """Figures, by name or phrase, that are worked out together with ranks."""
        self.turns: dict[str, int] = {}
        """The order in which distributors are worked out for that."""

    def of_owners(self) -> dict[str, list[Sold]]:
        """Return what volumes are made of, by owner; with late returns, if they are deducted."""
        owned: dict[str, list[Sold]] = defaultdict(list)
        deducted = []
        if self.plan.late_returns == "deduct volume":
            deducted = [late.back for late in self.sales.late(self.longer)]
        for sold in [*self.counted, *deducted]:
            if sold.owner is not None:
                owned[sold.owner].append(sold)
        return owned

    @property
    def is_of_plans_rhythm(self) -> bool:
        return self.period.cadence == self.plan.cadence

    def member(self, id: str) -> Member:
        return self.network[id]

    def base(self, volume: str, sold: Sold) -> Fraction:
        return base_of(self.plan, volume, sold)

    def seen_for(self, figure: str, tree: Tree) -> Seen:
        """Return who is seen by a figure, with those below, by all who are above in a tree.

        What is worked out together with ranks does not see who is worked out later than the one
        directly above.
        """
        if figure not in self.dependent:
            return lambda _: True
        return lambda id: self.is_worked_out_before(id, tree.above(id))

    def is_worked_out_before(self, id: str, above: str | None) -> bool:
        return above is None or self.turns[id] < self.turns[above]


def longer_period(question: Question) -> Period:
    """Return the plan's own period, so far: to the end of the run's."""
    plan, period = question.plan, question.period
    if period.cadence == plan.cadence:
        return period
    start = question.so_far_from or start_of_longer(plan.cadence, period.last_day)
    return Period(start, period.end, plan.cadence)
