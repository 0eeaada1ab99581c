"""Reading only what is new gives the same books and figures as reading everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissions.models import Period
from commissions.reading import Reading, read
from commissions.services import refreshing
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.plans import plan_for
from commissions.services.refreshing import refresh_period
from distributors.models import Holding, Member, MemberVersion, StatusPolicy
from distributors.services import accept_agreement, change_sponsor, enrol_customer
from mlm.copying import Rows
from tests.commissions.database.worlds import World, make_world, terminate
from tests.factories import make_agreement, make_month, make_order, party_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

HERE = Path(__file__).parent
WIDE = (HERE / "wide.toml").read_text()
PLAIN = (HERE.parents[2] / "plans" / "evergreen.toml").read_text()
SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11))


def reading(period: Period, before: Reading | None = None) -> Reading:
    _, plan = plan_for(period)
    return read(period, plan, before)


def digest(read_last: Reading) -> str:
    return read_last.books.digest("plan", "engine")


def joins(world: World) -> None:
    """Let somebody join and sign, and a customer who has been there for long sign as well."""
    at = NOVEMBER - timedelta(hours=2)
    sponsor = world.distributors[0]
    new = enrol_customer(
        name="Newcomer", email="new@example.com", sponsor=sponsor, market=sponsor.market, at=at
    )
    signed = {one.pk for one in world.distributors}
    customer = next(one for one in world.members[1:] if one.pk not in signed)
    for member in (customer, new):
        accept_agreement(
            member,
            party=party_of(member),
            agreement=make_agreement(),
            at=NOVEMBER - timedelta(hours=1),
            ip_address="192.0.2.1",
            user_agent="tests",
        )


def customers_join(world: World) -> None:
    """Let customers join below a distributor, below a customer who had nobody, and below them."""
    versions = MemberVersion.objects.filter(retired_at=None)
    busy = {*versions.values_list("sponsor_id", flat=True), *(o.pk for o in world.distributors)}
    busy |= set(versions.values_list("enroller_id", flat=True))
    there = [one for one in world.members if one.joined_at < NOVEMBER - timedelta(days=1)]
    alone = next(one for one in there if one.pk not in busy)
    sponsor = world.distributors[1]
    for number, above in enumerate([sponsor, alone, None]):
        sponsor = enrol_customer(
            name=f"Customer {number}",
            email=f"customer{number}@example.com",
            sponsor=above or sponsor,
            market=sponsor.market,
            at=NOVEMBER - timedelta(hours=2),
        )


def changes_hands(world: World) -> None:
    """Let somebody's place be held by somebody else's party from October on."""
    first, second = world.distributors[2], world.distributors[4]
    held = Holding.objects.get(member=first, capacity=Holding.Capacity.HOLDER)
    Holding.objects.filter(pk=held.pk).update(effective_until=OCTOBER)
    Holding.objects.create(
        member=first, party=party_of(second), effective_from=OCTOBER,
        capacity=Holding.Capacity.HOLDER,
    )  # fmt: skip


def changes_country(world: World) -> None:
    for one in world.distributors[3:6]:
        other = "CA" if one.market_id == "US" else "US"
        Member.objects.filter(pk=one.pk).update(market=other)


def moves(world: World) -> None:
    mover, target = world.members[20], world.members[2]
    change_sponsor(
        mover, target, effective_from=OCTOBER + timedelta(days=9), reason="Mistake", actor=None,
        at=NOVEMBER,
    )  # fmt: skip


CHANGES: dict[str, Callable[[World], object]] = {
    "nothing": lambda world: None,
    "orders": lambda world: world.sell(5, OCTOBER, NOVEMBER),
    "orders of another month": lambda world: world.sell(3, NOVEMBER, NOVEMBER + timedelta(days=3)),
    "orders dated before those that are there": lambda world: world.sell(
        5, OCTOBER, OCTOBER + timedelta(hours=1)
    ),
    "returns": lambda world: world.bring_back(world.orders[-9:], at=NOVEMBER - timedelta(hours=1)),
    "late returns": lambda world: world.bring_back(world.orders[:30:3], at=OCTOBER),
    "joining": joins,
    "customers joining": customers_join,
    "another holder": changes_hands,
    "another country": changes_country,
    "a move": moves,
    "leaving": lambda world: terminate(world.distributors[7], at=OCTOBER + timedelta(days=3)),
    "another policy": lambda world: StatusPolicy.objects.filter(status="active").update(
        occupies_level=False
    ),
}


@pytest.mark.parametrize("text", [PLAIN, WIDE], ids=["plain", "wide"])
@pytest.mark.parametrize("change", CHANGES)
def test_going_on_from_a_reading_is_reading_everything(text: str, change: str) -> None:
    world = make_world(4, markets=("US", "CA"))
    world.sell(40, SEPTEMBER, OCTOBER)
    close_first_of(make_month(text, at=SEPTEMBER))
    october = period_around(make_month(text, at=SEPTEMBER).type, OCTOBER)
    world.sell(40, OCTOBER, NOVEMBER)
    before = reading(october)

    CHANGES[change](world)

    followed, anew = reading(october, before), reading(october)
    assert digest(followed) == digest(anew)
    assert digest(reading(october, followed)) == digest(anew)
    assert (
        followed.says_the_same_as(before)
        or digest(followed) != digest(before)
        or (change == "orders of another month" or text == WIDE)
    )


def close_first_of(period: Period) -> None:
    close_period(period, at=period.grace_ends_at)


def test_parts_that_did_not_change_are_the_very_same() -> None:
    world = make_world(5)
    october = make_month(PLAIN, at=OCTOBER)
    world.sell(10, OCTOBER, NOVEMBER)
    before = reading(october)

    assert reading(october, before).says_the_same_as(before)
    world.sell(1, OCTOBER, NOVEMBER)
    after = reading(october, before)

    assert after.books.network is before.books.network
    assert len(after.sales) > len(before.sales)
    assert not after.says_the_same_as(before)


def test_numbers_of_the_server_that_a_dump_came_from_are_nothing_new() -> None:
    world = make_world(5)
    october = make_month(PLAIN, at=OCTOBER)
    world.sell(10, OCTOBER, NOVEMBER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("orders_saleline", "distributors_memberversion"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
        cursor.execute("UPDATE orders_saleline SET xact = xact + 1000000000000")
        cursor.execute("UPDATE distributors_memberversion SET xact = xact + 1000000000000")
    before = reading(october)

    with CaptureQueriesContext(connection) as captured:
        reading(october, before)

    assert not any("ANY(" in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("text", [PLAIN, WIDE], ids=["plain", "wide"])
def test_a_worker_that_follows_publishes_what_a_cold_one_would(text: str) -> None:
    world = make_world(6, markets=("US", "CA"), members=60)
    october = make_month(text, at=OCTOBER)
    refresh_period(october)
    for change in (
        "orders", "customers joining", "another holder", "returns", "joining", "another country",
        "a move", "leaving", "orders",
    ):  # fmt: skip
        CHANGES[change](world)
        _, followed = refreshing.refresh_and_keep(october)

        refreshing.forget()
        run, cold = refreshing.refresh_and_keep(october)

        for (_, warm_rows, _), (_, cold_rows, _) in zip(
            followed.found.tables(), cold.found.tables(), strict=True
        ):
            assert_same(warm_rows, cold_rows)
        assert run.generation == followed_generation(october)


def test_figures_follow_the_first_sale_of_a_month() -> None:
    world = make_world(6, members=60)
    october = make_month(PLAIN, at=OCTOBER)
    refresh_period(october)
    make_order(world.distributors[0], ("COFFEE", 1), paid_at=OCTOBER + timedelta(days=9))
    refresh_period(october)
    customers_join(world)
    joins(world)

    _, followed = refreshing.refresh_and_keep(october)
    refreshing.forget()
    _, cold = refreshing.refresh_and_keep(october)

    assert len(cold.books.sales) == 1
    assert_same(followed.found.standings, cold.found.standings)


def followed_generation(period: Period) -> int:
    """Return the generation, which a cold worker that finds no difference leaves as it is."""
    return period.runs.get(kind="live").generation


def assert_same(one: Rows, other: Rows) -> None:
    assert one.dtype == other.dtype
    assert one.tobytes() == other.tobytes()
