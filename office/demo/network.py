"""Networks of any size and shape with a month of orders, written in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from distributors import books
from distributors.models import Change, Member
from mlm.copying import Rows, microseconds
from office.demo import bulk, drawing
from office.demo.buying import PAID, Catalogue, Purchases, purchase_rows
from office.demo.columns import DAY, Flags, Ints
from office.demo.rebuilding import rebuilt_afterwards
from orders.models import Product

TABLES: Final = (
    "distributors_party",
    "distributors_member",
    "distributors_holding",
    "distributors_memberversion",
    "orders_order",
    "orders_orderline",
    "orders_saleline",
)
YEARS_OF_JOINING: Final = 5
# From this many rows on it pays to build the indexes afterwards.
REBUILD_FROM_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """What is asked for."""

    members: int
    orders: int
    shape: str
    customers_per_cent: int
    lines_max: int


@dataclass(frozen=True, slots=True)
class Month:
    """The stretch that the orders lie in: everybody has joined before it."""

    starts_at: datetime
    at: datetime


@transaction.atomic
def write_network(
    size: Size,
    month: Month,
    *,
    seed: int,
    catalogue: Catalogue,
    storefront_id: int,
    house: Member,
    say: Callable[[str], None],
) -> None:
    """Write members under the house account and their orders of the month, all or nothing.

    Refused in a month whose books are closed.
    """
    random = np.random.default_rng(seed)
    books.hold_open()
    books.refuse_closed(month.starts_at)
    is_large = size.members + size.orders >= REBUILD_FROM_ROWS
    with connection.cursor() as cursor:
        quick = rebuilt_afterwards(cursor, TABLES, say=say) if is_large else nullcontext()
        with quick:
            say(f"{size.members:,} members, {size.shape}")
            people = _draw_people(cursor, random, size, month, catalogue, house)
            bulk.write_members(
                cursor,
                people.members,
                people.versions,
                first_names=drawing.FIRST_NAMES,
                last_names=drawing.LAST_NAMES,
            )
            say(f"{size.orders:,} orders")
            orders, lines = _draw_orders(cursor, random, size, month, catalogue, people)
            bulk.write_orders(cursor, orders, lines, storefront_id=storefront_id)
    books.note_change(Change.Kind.NETWORK, effective_at=month.starts_at)


@dataclass(frozen=True, slots=True)
class _People:
    members: Rows
    versions: Rows
    sponsor: Ints
    market: Ints
    is_distributor: Flags


def _draw_people(
    cursor: CursorWrapper,
    random: np.random.Generator,
    size: Size,
    month: Month,
    catalogue: Catalogue,
    house: Member,
) -> _People:
    end = microseconds(month.starts_at)
    count = size.members
    is_distributor = drawing.draw_roles(random, count, customers_per_cent=size.customers_per_cent)
    sponsor = drawing.draw_sponsors(random, is_distributor, shape=size.shape)
    market = drawing.draw_markets(random, count, catalogue.markets, first_per_cent=75)
    members = drawing.member_rows(
        first_id=bulk.reserve_ids(cursor, "distributors_member", count),
        first_party_id=bulk.reserve_ids(cursor, "distributors_party", count),
        names=drawing.draw_names(random, market, catalogue.markets),
        market=market,
        markets=catalogue.markets,
        joined_at=drawing.draw_times(random, count, end - YEARS_OF_JOINING * 365 * DAY, end),
    )
    ids = np.append(members["member_id"], house.pk)  # the row -1 is the house account
    versions = drawing.version_rows(
        members,
        sponsor_ids=ids[sponsor],
        enroller_ids=ids[drawing.draw_enrollers(random, sponsor)],
        is_distributor=is_distributor,
    )
    return _People(members, versions, sponsor, market, is_distributor)


def _draw_orders(
    cursor: CursorWrapper,
    random: np.random.Generator,
    size: Size,
    month: Month,
    catalogue: Catalogue,
    people: _People,
) -> tuple[Rows, Rows]:
    """Return orders of anybody, spread over the month so far, of one to `lines_max` products."""
    count = size.orders
    now = microseconds(month.at)
    buyer = random.integers(0, size.members, count)
    per_order = random.integers(1, size.lines_max + 1, count)
    line_order = np.repeat(np.arange(count), per_order)
    products = catalogue.of_kind(Product.Kind.PRODUCT)
    ids = people.members["member_id"]
    is_distributor = people.is_distributor[buyer]
    bought = Purchases(
        buyer_id=ids[buyer],
        credited_id=ids[np.where(is_distributor, buyer, people.sponsor[buyer])],
        is_distributor=is_distributor,
        is_resale=np.zeros(count, dtype=np.bool_),
        market=people.market[buyer],
        ordered_at=drawing.draw_times(random, count, microseconds(month.starts_at), now),
        payment=np.full(count, PAID),
        discount_per_cent=np.zeros(count, dtype=np.int64),
        line_order=line_order,
        line_product=products[random.integers(0, len(products), len(line_order))],
        line_quantity=random.integers(1, 4, len(line_order)),
    )
    return purchase_rows(
        bought,
        catalogue,
        first_id=bulk.reserve_ids(cursor, "orders_order", count),
        first_line_id=bulk.reserve_ids(cursor, "orders_orderline", len(line_order)),
        now=now,
    )
