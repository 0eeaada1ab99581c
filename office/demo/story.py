"""Four months of the demo company, month after month, as they would have gone.

The mass of people and orders is written by COPY; what happens to single ones (returns, upgrades, a
suspension, a move) goes through the services, and each month is closed as it would be for real.
Everything is relative to one moment, so that the demo always looks fresh.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from accounts.models import User
from commissions.models import Period
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_changed
from distributors import books
from distributors.models import Change, Member
from mlm.copying import microseconds
from office.demo import bulk, drawing, signins
from office.demo.buying import Catalogue, purchase_rows, read_catalogue
from office.demo.columns import NEVER, Ints
from office.demo.ground import Ground, lay_ground
from office.demo.habits import MONTHLY, Habits, Stretch, draw_habits, month_of_orders
from office.demo.incidents import (
    accept_agreements,
    late_returns,
    month_of_incidents,
    returns_in_time,
)
from office.demo.people import Population, draw_population

MONTHS: Final = 4
_CLOSED_AFTER: Final = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Company:
    """The demo as far as it is drawn: who, with which ids, buying what."""

    ground: Ground
    catalogue: Catalogue
    population: Population
    habits: Habits
    first_id: int
    first_party_id: int
    now: int

    def member_ids(self, rows: Ints) -> Ints:
        """Return members' ids by row; the row -1 is the house account."""
        return np.where(rows >= 0, rows + self.first_id, self.ground.house.pk)

    def member(self, row: int) -> Member:
        """Return the member in a row."""
        return Member.objects.get(pk=self.first_id + row)


def is_there() -> bool:
    """Tell whether the database has people in it already."""
    return Member.objects.filter(is_house=False).exists()


@transaction.atomic
def tell_story(*, members: int, seed: int, at: datetime, say: Callable[[str], None]) -> None:
    """Make the company with its months up to `at`, and who signs in: all or nothing."""
    say("markets, products, plan, periods")
    ground = lay_ground(at=at)
    months = _months(ground, at)
    catalogue = read_catalogue(at=at)
    random = np.random.default_rng(seed)
    population = draw_population(
        random,
        members,
        start=microseconds(months[0].starts_at),
        at=microseconds(at),
        markets=catalogue.markets,
    )
    with connection.cursor() as cursor:
        company = Company(
            ground=ground,
            catalogue=catalogue,
            population=population,
            habits=draw_habits(random, population, catalogue, months=MONTHS),
            first_id=bulk.reserve_ids(cursor, "distributors_member", members),
            first_party_id=bulk.reserve_ids(cursor, "distributors_party", members),
            now=microseconds(at),
        )
    staff = signins.make_company_users()
    for number, period in enumerate(months):
        say(f"{period.label}: people, orders, returns")
        _live_through(company, random, number, period, at=at, actor=staff)
    say("live figures")
    refresh_changed(at=at)
    for role, row in (
        ("leader", population.leader),
        ("newcomer", population.newcomer),
        ("customer", _regular_customer(company)),
    ):
        signins.make_member_login(role, company.member(row), at=at)


def _regular_customer(company: Company) -> int:
    """Return the first of the leader's customers who buys every month."""
    people, habits = company.population, company.habits
    regular = (people.sponsor == people.leader) & ~people.started_as_distributor
    regular &= (habits.often == MONTHLY) & (habits.stops_after == MONTHS)
    regular &= people.upgraded_at == NEVER
    return int(np.flatnonzero(regular)[0])


def _months(ground: Ground, at: datetime) -> list[Period]:
    """Return the periods of the story, the earliest first; the last is the one around `at`."""
    periods = [period_around(ground.period_type, at)]
    while len(periods) < MONTHS:
        before = periods[0].starts_at - timedelta(days=1)
        periods.insert(0, period_around(ground.period_type, before))
    return periods


def _live_through(
    company: Company,
    random: np.random.Generator,
    number: int,
    period: Period,
    *,
    at: datetime,
    actor: User,
) -> None:
    """Let one month happen and close it, unless it is the current one."""
    month = Stretch(
        number=number,
        starts_at=microseconds(period.starts_at),
        ends_at=microseconds(period.ends_at),
        until=min(microseconds(period.ends_at), microseconds(at)),
    )
    books.hold_open()
    with connection.cursor() as cursor:
        _join(cursor, company, month)
        _buy(cursor, company, random, month)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    books.note_change(Change.Kind.SALE, effective_at=period.starts_at)
    month_of_incidents(company.population, company.first_id, month, actor=actor)
    closing = min(period.grace_ends_at + _CLOSED_AFTER, at)
    returns_in_time(random, period, until=closing)
    if period.ends_at <= at:
        close_period(period, at=closing, despite_grace=closing < period.grace_ends_at)
        late_returns(random, period, after=closing, until=at)


def _join(cursor: CursorWrapper, company: Company, month: Stretch) -> None:
    """Write those who join in the month, in the first one also all who were there before."""
    people = company.population
    earliest = month.starts_at if month.number else 0
    since, until = np.searchsorted(people.joined_at, [earliest, month.until])
    rows = np.arange(since, until)
    members = drawing.member_rows(
        first_id=company.first_id + int(since),
        first_party_id=company.first_party_id + int(since),
        names=(people.names[0][rows], people.names[1][rows]),
        market=people.market[rows],
        markets=company.catalogue.markets,
        joined_at=people.joined_at[rows],
    )
    versions = drawing.version_rows(
        members,
        sponsor_ids=company.member_ids(people.sponsor[rows]),
        enroller_ids=company.member_ids(people.enroller[rows]),
        is_distributor=people.started_as_distributor[rows],
    )
    bulk.write_members(
        cursor,
        members,
        versions,
        first_names=drawing.FIRST_NAMES,
        last_names=drawing.LAST_NAMES,
    )
    accept_agreements(members, people.started_as_distributor[rows])


def _buy(
    cursor: CursorWrapper, company: Company, random: np.random.Generator, month: Stretch
) -> None:
    """Write the month's orders."""
    drawn = month_of_orders(random, company.population, company.habits, company.catalogue, month)
    bought = replace(
        drawn,
        buyer_id=company.member_ids(drawn.buyer_id),
        credited_id=company.member_ids(drawn.credited_id),
    )
    orders, lines = purchase_rows(
        bought,
        company.catalogue,
        first_id=bulk.reserve_ids(cursor, "orders_order", len(bought.buyer_id)),
        first_line_id=bulk.reserve_ids(cursor, "orders_orderline", len(bought.line_order)),
        now=company.now,
    )
    bulk.write_orders(cursor, orders, lines, storefront_id=company.ground.storefront.pk)
