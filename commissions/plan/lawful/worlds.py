"""Worlds in which a plan is tried: who sells to customers, who buys, and who is there.

Nothing is simulated. In a world a part of a figure can be above zero, without any limit, or it is
zero; and a requirement can be met by somebody, or by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is.

    `own_orders`: distributors buy for themselves, as much and as long as they like. `others_sell`:
    people below, and oneself in earlier periods, have customers' orders. `customers` is how many
    customers oneself has in this period at most, None: any number. `months` since joining are at
    least so many. `people`: there is anybody below.
    """

    own_orders: bool = True
    others_sell: bool = True
    customers: int | None = None
    months: int = 0
    people: bool = True


ANYTHING = World()
"""Everything that can be."""

NO_CUSTOMERS = World(others_sell=False, customers=0)
"""Nobody in the whole network has ever sold anything to a customer; all buy for themselves."""

NO_SALES = World(own_orders=False, others_sell=False, customers=0)
"""Nobody has ever bought anything, but there are people, as many as wanted."""

NOBODY = World(own_orders=False, others_sell=False, customers=0, people=False)
"""Nobody has ever bought anything, and nobody is below."""
