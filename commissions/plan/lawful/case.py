"""A plan as the checks look at it: with its places, and with what each world makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from commissions.engine.plan import Plan
from commissions.plan.lawful.earning import Earned
from commissions.plan.lawful.made_of import MadeOf
from commissions.plan.lawful.places import Places
from commissions.plan.lawful.reach import Reached
from commissions.plan.lawful.worlds import ANYTHING, NO_CUSTOMERS, NO_SALES, NOBODY, World
from commissions.plan.lawful.worst_case import Sales, WorstCase, worst_case


@dataclass
class Case:
    """One plan under review. `markets` are the codes of those whose law is asked about."""

    plan: Plan
    places: Places
    markets: tuple[str, ...]
    _worst: dict[int, WorstCase] = field(default_factory=dict)

    @cached_property
    def made_of(self) -> MadeOf:
        """Return what the plan's figures are made of."""
        return MadeOf(self.plan)

    @cached_property
    def anything(self) -> Earned:
        """Return what can be earned where everything is possible."""
        return Earned(Reached(self.plan, self.made_of, ANYTHING))

    @cached_property
    def no_customers(self) -> Earned:
        """Return what can be earned where nobody ever sold anything to a customer."""
        return Earned(Reached(self.plan, self.made_of, NO_CUSTOMERS))

    @cached_property
    def no_sales(self) -> Earned:
        """Return what can be earned by people alone, where nobody ever bought anything."""
        return Earned(Reached(self.plan, self.made_of, NO_SALES))

    @cached_property
    def nobody(self) -> Earned:
        """Return what can be earned where nobody ever bought anything and nobody is below."""
        return Earned(Reached(self.plan, self.made_of, NOBODY))

    @cached_property
    def sales(self) -> Sales:
        """Return the kinds of sales that the plan's pay tells apart."""
        return Sales(self.plan, self.made_of)

    def worst_case(self, market: int = 0) -> WorstCase:
        """Return the most that earners of a market can be paid of sales."""
        if market not in self._worst:
            self._worst[market] = worst_case(self.anything, self.sales, market)
        return self._worst[market]

    def with_customers(self, customers: int, months: int) -> Earned:
        """Return what somebody can earn who has at most so many customers in this period.

        Everybody else, and oneself in earlier periods, may have any number. `months` is how long
        ago one joined, at least.
        """
        world = World(customers=customers, months=months)
        reached = self.anything.reached
        return Earned(
            Reached(self.plan, self.made_of, world, others=reached, earlier=reached), self.anything
        )

    def market_number(self, code: str) -> int:
        """Return a market's place in tables by market, 0 for one that the plan does not name."""
        return self.plan.market_index(code)

    def market_name(self, number: int) -> str:
        """Return the code of a market that the plan names, nothing for 0."""
        return self.plan.markets[number - 1] if number else ""
