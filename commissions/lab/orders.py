"""sales.csv: what was bought, by whom, and what came back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Plan
from commissions.lab.cells import Moments, figures, moments, needed, words
from commissions.lab.people import People
from commissions.lab.rhythms import Clock
from commissions.lab.tables import Table

NEEDED = ("id", "member", "at", "purpose", "amount")
OPTIONAL = ("order", "returns")
PRODUCT_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
OWN = ("personal_use", "stock")
NO_VOLUME = ("kit", "sales_aid", "fee")
PURPOSES = ("customer_order", *OWN, *NO_VOLUME)
AMOUNT = "amount"

NO_RETURN = -1
"""Instead of a sale's number: a sale."""
ELSEWHERE = -2
"""Instead of a sale's number: the return of a sale that the file does not have."""

Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Every row of sales.csv, by number, which is the place in the file.

    `buyer` is a member's number, -1 for who is not in the network. `columns` are in hundredths.
    `is_sale` tells which rows are sales: no returns, no kits, sales aids and fees. `order` is the
    same number for rows of one order. `returns` is the number of the sale that comes back.
    """

    ids: list[str]
    number: dict[str, int]
    returned_ids: list[str]
    at: Moments
    buyer: Numbers
    own: Bools
    is_sale: Bools
    order: Numbers
    returns: Numbers
    columns: dict[str, Numbers]
    table: Table


def columns_of(plan: Plan) -> list[str]:
    """Return the columns that sales.csv must have for a plan."""
    return list(dict.fromkeys([*NEEDED, *plan.columns]))


def is_product_column(name: str) -> bool:
    """Tell whether sales.csv may have a column of this name: what products may carry."""
    return PRODUCT_COLUMN.fullmatch(name) is not None


def orders_in(table: Table, plan: Plan, people: People, clock: Clock) -> Orders:
    """Return all rows; mistakes are noted in the table.

    Who bought is only held against the network where the run looks at the row.
    """
    ids, members = needed(table, "id"), needed(table, "member")
    at = moments(table, "at", clock.zone)
    buyer = np.array([people.number.get(member, -1) for member in members], np.int64)
    purposes = _purposes(table, people, buyer)
    amount = figures(table, AMOUNT, plan.exponent)
    names = [name for name in table.columns if name not in NEEDED and name not in OPTIONAL]
    columns = {name: figures(table, name, 2) for name in names}
    number = _numbers(table, ids)
    returned_ids = table.texts("returns")
    returns = np.array(
        [number.get(text, ELSEWHERE) if text else NO_RETURN for text in returned_ids], np.int64
    )
    no_volume = np.array([purpose in NO_VOLUME for purpose in purposes], np.bool_)
    orders = Orders(
        ids=ids,
        number=number,
        returned_ids=returned_ids,
        at=at,
        buyer=buyer,
        own=np.array([purpose in OWN for purpose in purposes], np.bool_),
        is_sale=~no_volume & (returns == NO_RETURN),
        order=_orders(table, members),
        returns=returns,
        columns=columns,
        table=table,
    )
    _check_signs(orders, amount, purposes, no_volume)
    if AMOUNT in plan.columns:
        columns[AMOUNT] = amount * 10 ** (2 - plan.exponent)
    return orders


def _purposes(table: Table, people: People, buyer: Numbers) -> list[str]:
    is_customer = np.append(people.row < 0, True)[buyer]
    return [
        word or ("customer_order" if customer else "personal_use")
        for word, customer in zip(
            words(table, "purpose", ["", *PURPOSES]), is_customer.tolist(), strict=True
        )
    ]


def _numbers(table: Table, ids: list[str]) -> dict[str, int]:
    number: dict[str, int] = {}
    for at, id_ in enumerate(ids):
        if id_ and number.setdefault(id_, at) != at:
            table.refuse(at, "id", f'"{id_}" stands in an earlier row already')
    return number


def _orders(table: Table, members: list[str]) -> Numbers:
    """Return the number of each row's order: that of its first row."""
    first: dict[str, int] = {}
    found = []
    for at, text in enumerate(table.texts("order")):
        number = first.setdefault(text, at) if text else at
        if members[number] != members[at]:
            table.refuse(at, "order", f'"{text}" is an order of "{members[number]}"')
        found.append(number)
    return np.array(found, np.int64)


def _check_signs(orders: Orders, amount: Numbers, purposes: list[str], no_volume: Bools) -> None:
    comes_back = orders.returns != NO_RETURN
    for name, values in [*orders.columns.items(), (AMOUNT, amount)]:
        for at in np.flatnonzero(comes_back & (values > 0)).tolist():
            orders.table.refuse(at, name, "what comes back has a negative figure, or none")
        for at in np.flatnonzero(~comes_back & (values < 0)).tolist():
            orders.table.refuse(
                at, name, "a negative figure is a return, and names its sale in `returns`"
            )
        if name != AMOUNT:
            for at in np.flatnonzero(no_volume & (values != 0)).tolist():
                problem = f"a {purposes[at]} carries no volume: nothing is ever paid on it"
                orders.table.refuse(at, name, problem)


def check_orders(orders: Orders, people: People, clock: Clock) -> None:
    """Note who bought in the period without being there, and returns that fit no sale."""
    start = min(clock.period.bounds[0], clock.counted.bounds[0])
    at, end = orders.at.at, clock.period.bounds[1]
    looked_at = (at >= start) & (at < end)
    texts = orders.table.texts("member")
    nobody_is_known = not people.ids and orders.table.notes.found
    for row in np.flatnonzero(looked_at & (orders.buyer < 0)).tolist():
        if texts[row] and not nobody_is_known:
            orders.table.refuse(row, "member", f'there is no member "{texts[row]}" in the network')
    known = looked_at & (orders.buyer >= 0) & (orders.returns == NO_RETURN)
    is_customer = np.append(people.row < 0, False)[orders.buyer]
    for row in np.flatnonzero(known & orders.own & is_customer).tolist():
        problem = f'"{texts[row]}" is a customer and has no own orders'
        orders.table.refuse(row, "purpose", problem)
    for row in np.flatnonzero(orders.returns >= 0).tolist():
        _check_return(orders, row, texts)
    _check_left(orders, end)


def _check_return(orders: Orders, row: int, members: list[str]) -> None:
    sale = int(orders.returns[row])
    if orders.returns[sale] != NO_RETURN:
        orders.table.refuse(row, "returns", f'"{orders.ids[sale]}" is itself a return')
    elif members[sale] != members[row]:
        problem = f'"{orders.ids[sale]}" was bought by "{members[sale]}"'
        orders.table.refuse(row, "member", problem)
    elif orders.at.at[row] < orders.at.at[sale]:
        orders.table.refuse(row, "at", f'"{orders.ids[sale]}" was sold later')


def _check_left(orders: Orders, end: int) -> None:
    """Note returns, up to the period's end, of more than is left of their sale."""
    returned = np.flatnonzero((orders.returns >= 0) & (orders.at.at < end))
    returned = returned[orders.returns[orders.returns[returned]] == NO_RETURN]
    for name, values in orders.columns.items():
        for row in _that_take_too_much(orders.returns[returned], returned, values):
            problem = f'more comes back than is left of "{orders.returned_ids[row]}"'
            orders.table.refuse(row, name, problem)


def _that_take_too_much(sales: Numbers, returned: Numbers, values: Numbers) -> Iterator[int]:
    """Yield the returns, in the order of the file, that leave less than nothing of a sale."""
    back = np.minimum(values[returned], 0)
    total = values.copy()
    np.add.at(total, sales, back)
    left = {sale: int(values[sale]) for sale in sales[total[sales] < 0].tolist()}
    for row, sale, figure in zip(returned.tolist(), sales.tolist(), back.tolist(), strict=True):
        if sale in left and figure:
            left[sale] += figure
            if left[sale] < 0:
                yield row


def first_orders(orders: Orders) -> Bools:
    """Tell for each row whether it is of its buyer's first order: the earliest, then by number.

    Kits, sales aids and fees alone are no order.
    """
    sales = np.flatnonzero(orders.is_sale & (orders.buyer >= 0))
    sequence = sales[np.lexsort((sales, orders.at.at[sales], orders.buyer[sales]))]
    buyers, first = np.unique(orders.buyer[sequence], return_index=True)
    of_buyer = np.full(int(orders.buyer.max(initial=0)) + 1, -1, np.int64)
    of_buyer[buyers] = orders.order[sequence[first]]
    found: Bools = (orders.buyer >= 0) & (of_buyer[orders.buyer] == orders.order)
    return found
