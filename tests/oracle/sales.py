"""Sales net of their returns: whose they are, and what each brings to a sale volume."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from tests.oracle.days import Period, since
from tests.oracle.money import hundredth
from tests.oracle.people import Network, distributor_above
from tests.oracle.phrases import Orders, Sum
from tests.oracle.plan import Plan


@dataclass(frozen=True)
class Sale:
    """A row of sales: an order line, or (with negative figures) the return of one.

    `figures` is in points by column; the column `amount` is in units of the currency. Times are
    those of the company's time zone. Sales without an `order` are each an order of their own.
    """

    id: str
    buyer: str
    at: datetime
    figures: Mapping[str, Fraction]
    is_customer_order: bool = False
    order: str | None = None
    returns: str | None = None


@dataclass(frozen=True, eq=False)
class Sold:
    """A sale with what is left of it, and what must be known to find its base.

    A late return is such a thing, too: the figures are its own, everything else is of the sale.
    """

    id: str
    owner: str | None
    buyer: str
    is_customer_order: bool
    is_first_order: bool
    day: date
    buyer_joined: date
    figures: Mapping[str, Fraction]


@dataclass(frozen=True)
class Late:
    """A return in a period after that of its sale."""

    at: datetime
    back: Sold
    sale: Sale


class Sales:
    """All that was ever sold, in the order of the sales' numbers.

    A sale that came back late may be known from an earlier run only: `earlier` has what those knew.
    """

    def __init__(
        self, network: Network, rows: Sequence[Sale], earlier: "Sequence[Sales]" = ()
    ) -> None:
        self.network = network
        self.earlier = earlier
        self.by_id = {row.id: row for row in rows if row.returns is None and row.buyer in network}
        self.rows = [row for row in rows if row.buyer in network]
        self.first_orders = first_orders(self.by_id.values())

    def net(self, period: Period) -> list[Sold]:
        """Return the sales of a period, with returns inside it taken off."""
        found = {row.id: row for row in self.by_id.values() if period.has(row.at)}
        for row in self.rows:
            if row.returns in found and period.has(row.at):
                found[row.returns] = taken_off(found[row.returns], row)
        return [self.sold(row, row) for row in found.values()]

    def late(self, period: Period) -> list[Late]:
        """Return the returns of a period whose sale was earlier, in the order of time."""
        found = []
        for row in self.rows:
            if row.returns is not None and period.has(row.at):
                known = self.who_knows(row.returns)
                sale = known.by_id.get(row.returns) if known else None
                if known and sale and sale.at.date() < period.start:
                    back = replace(known.sold(sale, row), owner=owner_of(self.network, sale))
                    found.append(Late(row.at, back, sale))
        return sorted(found, key=lambda each: each.at)

    def who_knows(self, sale: str) -> "Sales | None":
        return next((each for each in [self, *self.earlier] if sale in each.by_id), None)

    def sold(self, sale: Sale, figures_of: Sale) -> Sold:
        return Sold(
            id=figures_of.id,
            owner=owner_of(self.network, sale),
            buyer=sale.buyer,
            is_customer_order=sale.is_customer_order,
            is_first_order=self.first_orders[sale.buyer] == order_of(sale),
            day=sale.at.date(),
            buyer_joined=self.network[sale.buyer].joined.date(),
            figures=figures_of.figures,
        )


def taken_off(sale: Sale, back: Sale) -> Sale:
    figures = {
        column: figure + back.figures.get(column, Fraction(0))
        for column, figure in sale.figures.items()
    }
    return replace(sale, figures=figures)


def order_of(sale: Sale) -> tuple[str, str]:
    return ("order", sale.order) if sale.order is not None else ("sale", sale.id)


def first_orders(sales: Iterable[Sale]) -> dict[str, tuple[str, str]]:
    """Return each buyer's first order ever: the earliest by time, then by number."""
    first: dict[str, Sale] = {}
    for sale in sales:
        if sale.buyer not in first or sale.at < first[sale.buyer].at:
            first[sale.buyer] = sale
    return {buyer: order_of(sale) for buyer, sale in first.items()}


def owner_of(network: Network, sale: Sale) -> str | None:
    """Return the distributor of an own order, or the one credited with a customer's."""
    if not sale.is_customer_order:
        return sale.buyer
    credited = distributor_above(network, network[sale.buyer])
    while credited is not None and not network[credited].policies.keeps_customers:
        credited = distributor_above(network, network[credited])
    return credited


def base_of(plan: Plan, volume: str, sold: Sold) -> Fraction:
    """Return what a sale brings to a sale volume, 0 if it is none of its sales.

    A per cent in a sum is rounded to a hundredth of a point, for each sale by itself.
    """
    meaning = plan.volumes[volume]
    if isinstance(meaning, Sum):
        total = Fraction(0)
        for term in meaning.terms:
            base = base_of(plan, term.volume, sold)
            total += term.sign * (base if term.share is None else hundredth(base * term.share))
        return total
    assert isinstance(meaning, Orders), volume
    if is_among(meaning, sold):
        return sold.figures.get(meaning.column, Fraction(0))
    return Fraction(0)


def is_among(orders: Orders, sold: Sold) -> bool:
    """Return whether a sale is one of those that the phrase names."""
    if not (orders.customers if sold.is_customer_order else orders.own):
        return False
    if orders.which != "all" and sold.is_first_order != (orders.which == "first"):
        return False
    if orders.window is None:
        return True
    passed = since(sold.buyer_joined, sold.day, orders.window.unit)
    if orders.window.after:
        return passed >= orders.window.number
    return 0 <= passed < orders.window.number
