"""Made-up months as arrays: networks of any size and shape with orders, the same for every rival.

Prices are odd numbers of cents so that halves come up in rounding; half of all orders are by
customers, of whom each distributor has a few who come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from commissions.engine import Carried, Placement, Snapshot, make_snapshot
from commissions.engine.snapshot import NOTHING_CARRIED
from office.demo.shapes import SHAPES

Ints = npt.NDArray[np.int64]

CUSTOMERS_EACH: Final = 6
FIRST_SALE: Final = 10**9


@dataclass(frozen=True, slots=True)
class Month:
    """A month to be paid: who sponsors whom (the top is row 0, its sponsor -1) and every sale.

    A customer is -1 for an own order. Volumes are hundredths of a point.
    """

    shape: str
    sponsor: Ints
    seller: Ints
    customer: Ints
    pv: Ints
    cv: Ints

    @property
    def own(self) -> npt.NDArray[np.bool_]:
        """Tell which sales are distributors' own orders."""
        return self.customer < 0

    @override
    def __str__(self) -> str:
        return f"{self.shape}: {len(self.sponsor):,} members, {len(self.seller):,} orders"


def make_month(*, members: int, orders: int, shape: str, seed: int, number: int = 1) -> Month:
    """Return a month of so many distributors and orders; the same seed gives the same month.

    The months of one seed, by `number`, have the same network and other orders.
    """
    random = np.random.default_rng([seed, members, orders])
    sponsor = SHAPES[shape](members, random)
    if number > 1:
        random = np.random.default_rng([seed, members, orders, number])
    seller = random.integers(0, members, orders)
    ordinal = random.integers(0, CUSTOMERS_EACH, orders)
    by_customer = random.random(orders) < 0.5
    pv = random.integers(1_501, 9_000, orders)
    return Month(
        shape=shape,
        sponsor=sponsor.astype(np.int64),
        seller=seller,
        customer=np.where(by_customer, members + seller * CUSTOMERS_EACH + ordinal, -1),
        pv=pv,
        cv=pv * random.integers(60, 101, orders) // 100,
    )


def snapshot_of(
    month: Month,
    placements: Mapping[str, Placement] | None = None,
    carried: Carried = NOTHING_CARRIED,
) -> Snapshot:
    """Return the month as the engine takes it."""
    return make_snapshot(
        member=np.arange(len(month.sponsor), dtype=np.int64),
        sponsor=month.sponsor.astype(np.int32),
        sale=FIRST_SALE + np.arange(len(month.seller), dtype=np.int64),
        seller=month.seller.astype(np.int32),
        own=month.own,
        customer=month.customer,
        columns={"pv": month.pv, "cv": month.cv},
        placements=placements or {},
        carried=carried,
    )
