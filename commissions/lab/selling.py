"""Which rows of sales.csv a run looks at: its sales, net of returns, and what came back late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Plan
from commissions.engine.plan import BinaryRule, OnReturn
from commissions.lab.orders import NO_RETURN, Orders, first_orders
from commissions.lab.people import People
from commissions.lab.rhythms import Clock

Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LateReturn:
    """A row of sales.csv by which something of an earlier period comes back.

    `number` is the row's, `sale` the id of the sale. `pays`: it came back in the run's period, and
    its sale was sold before; `counts`: the same of the stretch that volumes are of. `figures` are
    not above zero.
    """

    number: int
    sale: str
    pays: bool
    counts: bool
    figures: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Owned:
    """What is known of a sale besides its figures; `seller` is an engine row."""

    seller: int
    own: bool
    customer: int
    age_days: int
    age_months: int
    first: bool


@dataclass(frozen=True, slots=True, eq=False)
class Selling:
    """What a run looks at: rows of sales.csv, by number, and late returns in the order of time."""

    rows: Numbers
    pays: Bools
    counts: Bools
    columns: dict[str, Numbers]
    """Net of what came back, by row of sales.csv."""
    late: list[LateReturn]


def selling_of(orders: Orders, clock: Clock, plan: Plan) -> Selling:
    """Return the sales of the run, and the returns of earlier ones."""
    at = orders.at.at
    start, end = clock.period.bounds
    counted_start = clock.counted.bounds[0]
    pays = (at >= start) & (at < end)
    counts = (at >= counted_start) & (at < end)
    looked_at = orders.is_sale & (pays | counts)
    columns = {name: orders.columns[name].copy() for name in columns_told(orders, plan)}
    back = np.flatnonzero((orders.returns != NO_RETURN) & (pays | counts))
    sales = orders.returns[back]
    netted = np.zeros(len(back), np.bool_)
    netted[sales >= 0] = looked_at[sales[sales >= 0]]
    for values in columns.values():
        np.add.at(values, sales[netted], values[back[netted]])
    return Selling(
        rows=np.flatnonzero(looked_at),
        pays=pays,
        counts=counts,
        columns=columns,
        late=_late_returns(orders, back, pays, counts, plan),
    )


def columns_told(orders: Orders, plan: Plan) -> list[str]:
    """Return the columns that the engine is told of.

    They are the plan's own and `pv` and `cv`, which exist everywhere: a sale that has nothing but
    points which no volume counts is a sale all the same.
    """
    told = dict.fromkeys([*plan.columns, "pv", "cv"])
    return [name for name in told if name in orders.columns]


def _late_returns(
    orders: Orders, back: Numbers, pays: Bools, counts: Bools, plan: Plan
) -> list[LateReturn]:
    """Return what came back of sales that were sold before; returns of kits are none."""
    found = []
    for number in back[np.argsort(orders.at.at[back], kind="stable")].tolist():
        sale = int(orders.returns[number])
        is_known = sale >= 0
        if is_known and not orders.is_sale[sale]:
            continue
        late_pay = bool(pays[number]) and not (is_known and pays[sale])
        late_count = bool(counts[number]) and not (is_known and counts[sale])
        if late_pay or late_count:
            told = columns_told(orders, plan)
            figures = {name: int(orders.columns[name][number]) for name in told}
            sale_id = orders.returned_ids[number]
            found.append(LateReturn(number, sale_id, late_pay, late_count, figures))
    return found


def late_matters(plan: Plan, clock: Clock, late: LateReturn) -> bool:
    """Tell whether a late return changes volumes or legs: whether the engine needs to know it."""
    takes_legs = any(
        isinstance(rule, BinaryRule)
        and rule.on_return == OnReturn.VOLUME
        and rule.cadence == clock.cadence
        for rule in plan.bonuses
    )
    return (late.counts and plan.deducts_late) or (late.pays and takes_legs)


def sale_columns(
    orders: Orders, people: People, selling: Selling, late: list[tuple[LateReturn, Owned]]
) -> dict[str, Any]:
    """Return the columns of the snapshot that are of sales.

    A sale that belongs to nobody, because no distributor at all is above the buyer, is left out.
    """
    rows, buyer = selling.rows, orders.buyer[selling.rows]
    own = orders.own[rows]
    seller = np.where(own, people.row[buyer], people.above[buyer])
    kept = seller >= 0
    rows, buyer, own, seller = rows[kept], buyer[kept], own[kept], seller[kept]
    first, joined = first_orders(orders), people.joined
    found: dict[str, Any] = {
        "sale": rows,
        "seller": seller.astype(np.int32),
        "own": own,
        "customer": np.where(own, -1, buyer),
        "age_days": orders.at.day[rows] - joined.day[buyer],
        "age_months": orders.at.month[rows] - joined.month[buyer],
        "first": first[rows],
        "columns": {name: values[rows] for name, values in selling.columns.items()},
    }
    pays, counts = selling.pays[rows], selling.counts[rows]
    if late or not (pays.all() and counts.all()):
        found |= {"pays": pays, "counts": counts, "late": np.zeros(len(rows), np.bool_)}
    return _with_late(found, late) if late else found


def _with_late(found: dict[str, Any], late: list[tuple[LateReturn, Owned]]) -> dict[str, Any]:
    more: dict[str, Any] = {
        name: np.array([getattr(owned, name) for _, owned in late])
        for name in ("seller", "own", "customer", "age_days", "age_months", "first")
    }
    more |= {
        "sale": np.array([back.number for back, _ in late]),
        "pays": np.array([back.pays for back, _ in late]),
        "counts": np.array([back.counts for back, _ in late]),
        "late": np.ones(len(late), np.bool_),
    }
    together = {name: np.concatenate([found[name], values]) for name, values in more.items()}
    columns = {
        name: np.concatenate([values, [back.figures[name] for back, _ in late]])
        for name, values in found["columns"].items()
    }
    return together | {"columns": columns}
