"""What is bought, as columns: orders and their lines, priced as the catalogue says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from distributors.models import Market
from mlm.copying import Rows
from office.demo.columns import (
    DAY,
    LINES,
    NEVER,
    ORDER_STATUSES,
    ORDERS,
    PURPOSES,
    SECOND,
    Flags,
    Ints,
)
from orders.models import Product
from orders.selectors import prices_at

PAID, WAITING, CANCELLED = range(3)

_SHIPPED: Final = ORDER_STATUSES.index("shipped")
_STATUS_OF_PAYMENT: Final = np.array(
    [ORDER_STATUSES.index(status) for status in ("paid", "placed", "cancelled")]
)

SHIPPING_MINOR: Final = 495
SHIPPING_FREE_FROM_MINOR: Final = 6_000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products on sale in every market, a row each; prices and volumes by product and market.

    A market is its row in `markets`. Money is in the smallest unit of that market's currency.
    """

    markets: tuple[str, ...]
    currencies: tuple[str, ...]
    skus: tuple[str, ...]
    product_ids: Ints
    kinds: tuple[str, ...]
    amount_minor: Ints
    pv: Ints
    cv: Ints

    def of_kind(self, kind: Product.Kind) -> Ints:
        """Return the rows of the products of one kind."""
        return np.flatnonzero(np.array(self.kinds) == kind.value)


def read_catalogue(*, at: datetime) -> Catalogue:
    """Return what is on sale in every market at a moment."""
    markets = list(Market.objects.order_by("-code"))
    by_market = [{price.product_id: price for price in prices_at(m, at=at)} for m in markets]
    everywhere = sorted(set.intersection(*(set(prices) for prices in by_market)))
    products = [by_market[0][product_id].product for product_id in everywhere]

    def table(column: str) -> Ints:
        return np.array(
            [[getattr(prices[key], column) for prices in by_market] for key in everywhere],
            dtype=np.int64,
        )

    return Catalogue(
        markets=tuple(market.code for market in markets),
        currencies=tuple(market.currency for market in markets),
        skus=tuple(product.sku for product in products),
        product_ids=np.array(everywhere, dtype=np.int64),
        kinds=tuple(product.kind for product in products),
        amount_minor=table("amount_minor"),
        pv=table("pv"),
        cv=table("cv"),
    )


@dataclass(frozen=True, slots=True)
class Purchases:
    """What is bought: columns by order, and by line which order, what of the catalogue, how many.

    Orders are in order of time and lines in order of their orders. A market is its row in the
    catalogue's markets, a product its row in the catalogue; `payment` is one of PAID, WAITING and
    CANCELLED.
    """

    buyer_id: Ints
    credited_id: Ints
    is_distributor: Flags
    is_resale: Flags
    market: Ints
    ordered_at: Ints
    payment: Ints
    discount_per_cent: Ints
    line_order: Ints
    line_product: Ints
    line_quantity: Ints


def purchase_rows(
    bought: Purchases, catalogue: Catalogue, *, first_id: int, first_line_id: int, now: int
) -> tuple[Rows, Rows]:
    """Return orders and their lines, with ids in a row from the given ones."""
    order_ids = np.arange(first_id, first_id + len(bought.buyer_id))
    lines = _line_rows(bought, catalogue, order_ids)
    lines["line_id"] = np.arange(first_line_id, first_line_id + len(lines))
    gross = lines["unit_price_minor"] * lines["quantity"]
    orders = _order_rows(bought, catalogue, order_ids, now=now)
    np.add.at(orders["goods_minor"], bought.line_order, gross)
    np.add.at(orders["discount_minor"], bought.line_order, lines["discount_minor"])
    is_free = orders["goods_minor"] - orders["discount_minor"] >= SHIPPING_FREE_FROM_MINOR
    orders["shipping_minor"] = np.where(is_free, 0, SHIPPING_MINOR)
    for column in ("buyer_id", "credited_id", "is_distributor", "currency", "paid_at"):
        lines[column] = orders[column][bought.line_order]
    return orders, lines


def _order_rows(bought: Purchases, catalogue: Catalogue, order_ids: Ints, *, now: int) -> Rows:
    """Return the orders, paid within two minutes and shipped after a day or two; no money yet."""
    rows = np.zeros(len(order_ids), dtype=ORDERS)
    rows["order_id"] = order_ids
    rows["buyer_id"] = bought.buyer_id
    rows["credited_id"] = bought.credited_id
    rows["is_distributor"] = bought.is_distributor
    rows["market"] = np.array(catalogue.markets, dtype="S2")[bought.market]
    rows["currency"] = np.array(catalogue.currencies, dtype="S3")[bought.market]
    rows["ordered_at"] = bought.ordered_at
    is_paid = bought.payment == PAID
    paid_at = np.minimum(bought.ordered_at + order_ids % 97 * SECOND, now)
    shipped_at = bought.ordered_at + DAY + order_ids % 7 * DAY // 4
    is_shipped = is_paid & (shipped_at < now)
    rows["paid_at"] = np.where(is_paid, paid_at, NEVER)
    rows["shipped_at"] = np.where(is_shipped, shipped_at, NEVER)
    rows["status"] = np.where(is_shipped, _SHIPPED, _STATUS_OF_PAYMENT[bought.payment])
    return rows


def _line_rows(bought: Purchases, catalogue: Catalogue, order_ids: Ints) -> Rows:
    """Return the lines; a discount cuts their volumes in proportion, rounded down."""
    rows = np.zeros(len(bought.line_order), dtype=LINES)
    market = bought.market[bought.line_order]
    rows["order_id"] = order_ids[bought.line_order]
    rows["position"] = _positions(bought.line_order)
    rows["product_id"] = catalogue.product_ids[bought.line_product]
    rows["purpose"] = _purposes(bought, catalogue)
    rows["quantity"] = bought.line_quantity
    rows["unit_price_minor"] = catalogue.amount_minor[bought.line_product, market]
    gross = rows["unit_price_minor"] * bought.line_quantity
    rows["discount_minor"] = gross * bought.discount_per_cent[bought.line_order] // 100
    net = gross - rows["discount_minor"]
    for column, table in (("pv", catalogue.pv), ("cv", catalogue.cv)):
        volume = table[bought.line_product, market] * bought.line_quantity
        rows[column] = volume * net // np.maximum(gross, 1)
    return rows


def _positions(line_order: Ints) -> Ints:
    """Return each line's number in its order, from 1.

    >>> _positions(np.array([0, 0, 1, 2, 2, 2]))
    array([1, 2, 1, 1, 2, 3])
    """
    place = np.arange(len(line_order))
    return place - np.searchsorted(line_order, line_order) + 1


def _purposes(bought: Purchases, catalogue: Catalogue) -> Ints:
    by_kind = {kind: PURPOSES.index(kind) for kind in set(catalogue.kinds) & set(PURPOSES)}
    special = np.array([by_kind.get(kind, -1) for kind in catalogue.kinds])[bought.line_product]
    own = np.where(bought.is_resale, PURPOSES.index("resale"), PURPOSES.index("personal"))
    usual = np.where(bought.is_distributor, own, PURPOSES.index("customer"))
    return np.where(special >= 0, special, usual[bought.line_order])
