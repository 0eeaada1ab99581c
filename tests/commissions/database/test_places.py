"""A run's places: the range of each distributor holds just those below, whatever came after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction

from commissions import places
from commissions.engine import order_network
from commissions.engine.comparing import has_only_more_below
from commissions.models import Run
from commissions.places import table_of_places
from commissions.services import refreshing
from commissions.services.closing import close_period
from commissions.services.refreshing import refresh_period
from distributors.models import MemberVersion
from tests.commissions.database.test_reading_on import OCTOBER, PLAIN, joins, moves
from tests.commissions.database.worlds import make_world
from tests.factories import make_month
from tests.sessions import somebody_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]


def written(run: Run) -> dict[int, set[int]]:
    """Return whom each range holds, and hold the depths against it."""
    table = table_of_places(run)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT member_id, first, last, depth FROM {table} ORDER BY first")  # noqa: S608 - own
        rows = cursor.fetchall()
    below = {
        member: {other for other, place, _, _ in rows if first < place <= last}
        for member, first, last, _ in rows
    }
    for member, _, _, depth in rows:
        assert depth == sum(member in others for others in below.values())
    return below


def true_below(at: object) -> dict[int, set[int]]:
    """Return whom each distributor has below, by the books: customers between are passed over."""
    versions = MemberVersion.objects.filter(
        retired_at=None, effective_from__lt=at, effective_until=None
    )
    sponsor = dict(versions.values_list("member_id", "sponsor_id"))
    signed = set(versions.filter(role="distributor").values_list("member_id", flat=True))
    below: dict[int, set[int]] = {member: set() for member in signed}
    for member in signed:
        above = sponsor[member]
        while above is not None:
            if above in signed:
                below[above].add(member)
            above = sponsor[above]
    return below


def test_ranges_hold_who_is_below() -> None:
    world = make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    world.sell(10, OCTOBER, october.ends_at)

    run = refresh_period(october)

    found = written(run)
    assert found == true_below(october.ends_at)
    assert sum(map(len, found.values())) > 30


def test_orders_and_a_newcomer_write_no_places_and_a_move_does() -> None:
    world = make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    assert refresh_period(october).places == 1

    world.sell(5, OCTOBER, october.ends_at)
    assert refresh_period(october).places == 1
    moves(world)
    run = refresh_period(october)

    assert run.places == 2
    assert written(run) == true_below(october.ends_at)


def test_a_cold_worker_writes_places_anew_and_keeps_one_table_for_who_reads() -> None:
    make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    for number in (1, 2, 3):
        refreshing.forget()
        assert refresh_period(october).places == number

    tables = connection.introspection.table_names()
    assert sum(name.startswith("commissions_place_") for name in tables) == 2


@pytest.mark.django_db(transaction=True)
def test_who_reads_old_places_keeps_no_refresh_back() -> None:
    make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    oldest = table_of_places(refresh_period(october))

    @contextmanager
    def back_up() -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {oldest} IN ACCESS SHARE MODE")
            yield

    with somebody_inside(back_up):
        for _ in range(3):
            refreshing.forget()
            refresh_period(october)
        assert oldest in connection.introspection.table_names()
    refreshing.forget()
    refresh_period(october)

    assert oldest not in connection.introspection.table_names()


def test_a_posted_run_has_places_of_its_own() -> None:
    world = make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    world.sell(10, OCTOBER, october.ends_at)

    run = close_period(october, at=october.ends_at + timedelta(days=5))

    assert written(run) == true_below(october.ends_at)


def test_many_newcomers_write_places_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST_WITHOUT", 1)
    world = make_world(3, members=50)
    october = make_month(PLAIN, at=OCTOBER)
    refresh_period(october)

    joins(world)
    run = refresh_period(october)

    assert run.places == 2
    assert written(run) == true_below(october.ends_at)


def test_whoever_only_has_more_below_is_where_they_were() -> None:
    ids = np.array([1, 2, 3, 4])
    before = order_network(ids, np.array([-1, 0, 0, 1], np.int32))

    def now(sponsors: list[int]) -> bool:
        members = np.arange(1, len(sponsors) + 1)
        return has_only_more_below(before, order_network(members, np.array(sponsors, np.int32)))

    assert now([-1, 0, 0, 1])
    assert now([-1, 0, 0, 1, 3, 4, 0])
    assert not now([-1, 0, 0, 2])
    assert not now([-1, 0, 0, 4, 1])
    assert not now([-1, 0, 0])
