"""sales.csv: what was bought, by whom, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from commissions.lab.mistakes import Notes
from commissions.lab.people import People
from commissions.lab.tables import Row, read_rows

NEEDED = ("id", "member", "at", "purpose", "amount")
VOLUMES = ("pv", "cv")
OPTIONAL = (*VOLUMES, "returns")
OWN = ("personal_use", "stock")
NO_VOLUME = ("kit", "sales_aid", "fee")
PURPOSES = ("customer_order", *OWN, *NO_VOLUME)


@dataclass(frozen=True, slots=True)
class Sale:
    """One row of sales.csv. `number` is its place in the file, amounts are smallest units."""

    id: str
    number: int
    member: str
    at: datetime | None
    own: bool
    amount: int | None
    pv: int
    cv: int
    returns: str
    row: Row


@dataclass(slots=True)
class Orders:
    """The period's sales and returns, and the returns of earlier sales."""

    sales: list[Sale] = field(default_factory=list)
    netted: list[Sale] = field(default_factory=list)
    late: list[Sale] = field(default_factory=list)
    by_id: dict[str, Sale] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period: half-open, in a time zone."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def read_orders(path: Path, people: People, period: Stretch, decimals: int, notes: Notes) -> Orders:
    """Return what the period is worked out from; sales outside of it are only checked."""
    orders = Orders()
    everything = []
    for number, row in enumerate(read_rows(path, notes, NEEDED, OPTIONAL)):
        sale = _sale(row, number, people, period.zone, decimals)
        if sale.id in orders.by_id:
            row.refuse("id", f'"{sale.id}" stands in an earlier row already')
        else:
            orders.by_id[sale.id] = sale
            everything.append(sale)
    for sale in everything:
        if sale.returns:
            _check_return(sale, orders)
        if sale.at is not None and sale.at in period:
            _check_buyer(sale, people)
            _sort_in(sale, orders, period)
    _check_left(everything, orders, period)
    return orders


def _sale(row: Row, number: int, people: People, zone: ZoneInfo, decimals: int) -> Sale:
    member = row.needed("member")
    buyer = people.by_id.get(member)
    usual = "customer_order" if buyer is None or not buyer.is_distributor else "personal_use"
    purpose = row.word("purpose", PURPOSES, usual)
    amount = row.figure("amount", decimals) if row.text("amount") else None
    volumes = {name: row.figure(name, 2) for name in VOLUMES}
    returns = row.text("returns")
    for name, value in [*volumes.items(), ("amount", amount or 0)]:
        if returns and value > 0:
            row.refuse(name, "what comes back has a negative figure, or none")
        elif not returns and value < 0:
            row.refuse(name, "a negative figure is a return, and names its sale in `returns`")
        elif purpose in NO_VOLUME and name in VOLUMES and value:
            row.refuse(name, f"a {purpose} carries no volume: nothing is ever paid on it")
    return Sale(
        row.needed("id"), number, member, row.moment("at", zone), purpose in OWN, amount,
        volumes["pv"], volumes["cv"], returns, row,
    )  # fmt: skip


def _check_buyer(sale: Sale, people: People) -> None:
    buyer = people.by_id.get(sale.member)
    if not sale.member:
        return
    if buyer is None:
        sale.row.refuse("member", f'there is no member "{sale.member}" in the network')
    elif sale.own and not buyer.is_distributor:
        sale.row.refuse("purpose", f'"{sale.member}" is a customer and has no own orders')
    elif not sale.own and not people.above[sale.member]:
        sale.row.refuse("member", f'no distributor is above "{sale.member}" to be credited')


def _check_return(sale: Sale, orders: Orders) -> None:
    sold = orders.by_id.get(sale.returns)
    if sold is None:
        return
    if sold.returns:
        sale.row.refuse("returns", f'"{sold.id}" is itself a return')
    elif sold.member != sale.member:
        sale.row.refuse("member", f'"{sold.id}" was bought by "{sold.member}"')
    elif sale.at is not None and sold.at is not None and sale.at < sold.at:
        sale.row.refuse("at", f'"{sold.id}" was sold later')


def _sort_in(sale: Sale, orders: Orders, period: Stretch) -> None:
    if not sale.returns:
        orders.sales.append(sale)
        return
    sold = orders.by_id.get(sale.returns)
    if sold is not None and sold.at is not None and sold.at >= period.start:
        orders.netted.append(sale)
    else:
        orders.late.append(sale)


def _check_left(everything: list[Sale], orders: Orders, period: Stretch) -> None:
    """Refuse a return of more than is left of its sale."""
    left = {sale.id: {"pv": sale.pv, "cv": sale.cv} for sale in everything if not sale.returns}
    for sale in everything:
        if not sale.returns or sale.returns not in left or sale.at is None:
            continue
        if sale.at >= period.end:
            continue
        for name, value in (("pv", sale.pv), ("cv", sale.cv)):
            left[sale.returns][name] += value
            if left[sale.returns][name] < 0 and value:
                sale.row.refuse(name, f'more comes back than is left of "{sale.returns}"')
