"""What the demo's people buy: most again and again, on their day of the month, what they like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from office.demo.buying import CANCELLED, PAID, WAITING, Catalogue, Purchases
from office.demo.columns import DAY, HOUR, Flags, Ints
from office.demo.people import Population
from orders.models import Product

_PRODUCT: Final = Product.Kind.PRODUCT
GONE, OCCASIONAL, EVERY_SECOND_MONTH, MONTHLY = range(4)

# Per cent of customers and of distributors with each of these habits
_CUSTOMERS: Final = (12, 20, 23, 45)
_DISTRIBUTORS: Final = (28, 17, 10, 45)
_FAVOURITES: Final = 3
_DAYS: Final = 28

_FIRST_ORDER_DISCOUNT_PER_CENT: Final = 10
# The box of the month is packed at night on the first.
_BOX_TIME: Final = 6 * HOUR


@dataclass(frozen=True, slots=True)
class Habits:
    """Each one's habit, by row: how often, on which day and hour, what, and until which month."""

    often: Ints
    has_box: Flags
    time_of_month: Ints
    favourites: Ints
    stops_after: Ints


@dataclass(frozen=True, slots=True)
class Stretch:
    """One month: its number in the demo, its first moment, its end, and how far it has come."""

    number: int
    starts_at: int
    ends_at: int
    until: int


def draw_habits(
    random: np.random.Generator, population: Population, catalogue: Catalogue, *, months: int
) -> Habits:
    """Return habits of everybody; the leader buys every month and never stops."""
    count = len(population.joined_at)
    drawn = random.integers(0, 100, count)
    often = np.where(
        population.started_as_distributor,
        np.searchsorted(np.cumsum(_DISTRIBUTORS), drawn, side="right"),
        np.searchsorted(np.cumsum(_CUSTOMERS), drawn, side="right"),
    )
    stops = random.integers(0, 100, count) < 10
    stops_after = np.where(stops, random.integers(0, months, count), months)
    for row in (population.leader, population.newcomer):
        often[row], stops_after[row] = MONTHLY, months
    has_box = (random.integers(0, 100, count) < 40) & (often == MONTHLY)
    times = random.integers(0, _DAYS, count) * DAY + random.integers(7 * HOUR, 22 * HOUR, count)
    return Habits(often, has_box, times, _draw_favourites(random, catalogue, count), stops_after)


def _draw_favourites(random: np.random.Generator, catalogue: Catalogue, count: int) -> Ints:
    """Return three different products each: for most either coffees or teas."""
    products = catalogue.of_kind(Product.Kind.PRODUCT)
    family = np.array([catalogue.skus[row][3] for row in products])
    likes_coffee = random.integers(0, 100, count) < 60
    liking = random.integers(0, 1000, (count, len(products)))
    liking += 600 * np.where(likes_coffee[:, None], family == "C", family == "T")
    liking[:, family == "G"] = -1
    best = np.argsort(-liking, axis=1, kind="stable")[:, :_FAVOURITES]
    return products[best]


def month_of_orders(
    random: np.random.Generator,
    population: Population,
    habits: Habits,
    catalogue: Catalogue,
    month: Stretch,
) -> Purchases:
    """Return what is bought in a month until `until`.

    Members' ids in the result are rows still; -1 is the house account.
    """
    buyer, ordered_at, is_first = _who_and_when(random, population, habits, month)
    order = np.lexsort((buyer, ordered_at))
    buyer, ordered_at, is_first = buyer[order], ordered_at[order], is_first[order]
    is_distributor = population.is_distributor_at(buyer, ordered_at)
    lines = _draw_lines(random, habits, catalogue, buyer, is_first & is_distributor, is_distributor)
    return Purchases(
        buyer_id=buyer,
        credited_id=population.credited(buyer, ordered_at),
        is_distributor=is_distributor,
        is_resale=is_distributor & (random.integers(0, 100, len(buyer)) < 6),
        market=population.market[buyer],
        ordered_at=ordered_at,
        payment=_draw_payments(random, ordered_at, month),
        discount_per_cent=np.where(is_first & ~is_distributor, _FIRST_ORDER_DISCOUNT_PER_CENT, 0),
        line_order=lines[0],
        line_product=lines[1],
        line_quantity=lines[2],
    )


def _who_and_when(
    random: np.random.Generator, population: Population, habits: Habits, month: Stretch
) -> tuple[Ints, Ints, Flags]:
    """Return buyers, moments and whether it is their first order, of all orders until `until`."""
    count = len(habits.often)
    new, new_at = _first_orders(random, population, month)
    chance = random.integers(0, 100, count)
    is_turn = np.arange(count) % 2 == month.number % 2
    wants = (habits.often == MONTHLY) & (chance < 94)
    wants |= (habits.often == EVERY_SECOND_MONTH) & is_turn & (chance < 92)
    wants |= (habits.often == OCCASIONAL) & (chance < 24)
    wants &= habits.stops_after >= month.number
    moments = month.starts_at + habits.time_of_month
    box_time = min(_BOX_TIME, max(month.until - month.starts_at, 1))
    boxed = month.starts_at + random.integers(0, box_time, count)
    moments = np.where(habits.has_box, boxed, moments)
    gone_at = np.minimum(population.terminated_at, population.suspended_at)
    wants &= (moments < month.until) & (moments < gone_at)
    wants &= moments > population.joined_at + 3 * DAY
    again = np.flatnonzero(wants)
    return (
        np.concatenate([again, new]),
        np.concatenate([moments[again], new_at]),
        np.concatenate([np.zeros(len(again), dtype=np.bool_), np.ones(len(new), dtype=np.bool_)]),
    )


def _first_orders(
    random: np.random.Generator, population: Population, month: Stretch
) -> tuple[Ints, Ints]:
    """Return who orders for the first time in the month, and when: soon after joining."""
    joined = population.joined_at
    at = joined + random.integers(HOUR, 2 * DAY, len(joined))
    orders = random.integers(0, 100, len(joined)) < np.where(
        population.started_as_distributor, 55, 92
    )
    at[population.newcomer], orders[population.newcomer] = joined[population.newcomer] + HOUR, True
    orders &= (joined >= month.starts_at) & (joined < month.ends_at) & (at < month.until)
    rows = np.flatnonzero(orders)
    return rows, at[rows]


def _draw_payments(random: np.random.Generator, ordered_at: Ints, month: Stretch) -> Ints:
    """Return how payment went: some orders are cancelled, a few of the last days still wait."""
    drawn = random.integers(0, 1000, len(ordered_at))
    waits = (ordered_at > month.until - 2 * DAY) & (month.until < month.ends_at) & (drawn < 40)
    return np.where(waits, WAITING, np.where(drawn >= 994, CANCELLED, PAID))


def _draw_lines(
    random: np.random.Generator,
    habits: Habits,
    catalogue: Catalogue,
    buyer: Ints,
    may_have_kit: Flags,
    is_distributor: Flags,
) -> tuple[Ints, Ints, Ints]:
    """Return order, product and quantity by line: favourites, now and then hardware, kit, aid."""
    count = len(buyer)
    row = np.arange(count)
    favourites = habits.favourites[buyer]
    kinds = np.searchsorted([45, 80], random.integers(0, 100, count), side="right") + 1
    parts = [(row[kinds > place], favourites[kinds > place, place]) for place in range(_FAVOURITES)]
    hardware = np.flatnonzero([sku[3] == "G" for sku in catalogue.skus])
    gear = row[random.integers(0, 100, count) < 4]
    parts.append((gear, hardware[random.integers(0, len(hardware), len(gear))]))
    for kind, wanted in (
        (Product.Kind.STARTER_KIT, may_have_kit & (random.integers(0, 100, count) < 60)),
        (Product.Kind.SALES_AID, is_distributor & (random.integers(0, 100, count) < 7)),
    ):
        chosen = row[wanted]
        parts.append((chosen, np.full(len(chosen), catalogue.of_kind(kind)[0])))
    order = np.concatenate([part[0] for part in parts])
    product = np.concatenate([part[1] for part in parts])
    several = np.searchsorted([62, 92], random.integers(0, 100, len(order)), side="right") + 1
    is_drunk = ~np.isin(product, hardware) & np.isin(product, catalogue.of_kind(_PRODUCT))
    quantity = np.where(is_drunk, several, 1)
    sorting = np.argsort(order, kind="stable")
    return order[sorting], product[sorting], quantity[sorting]
