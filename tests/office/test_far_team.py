"""A large team in another order: all distributors below, wherever they are, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from commissions.models import Run
from commissions.places import table_of_places
from commissions.services import refreshing
from commissions.services.refreshing import refresh_period
from distributors.models import Status
from distributors.services import change_sponsor, change_status
from office.selectors import whole_team
from office.selectors.whole_team import Wanted, WholeTeam
from tests.factories import make_customer, make_distributor, make_order
from tests.office.test_team import text
from tests.office.test_team_list import LIST, names, queries
from tests.office.world import World, client_of, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the company, in which a team of more than two is large."""
    monkeypatch.setattr(whole_team, "NEAREST", 1)
    refreshing.forget()
    return make_world()


def listed(world: World, **wanted: object) -> WholeTeam:
    return whole_team.whole_team(
        world.cast.alice,
        Wanted(**{"order": "newest", **wanted}),  # type: ignore[arg-type]  # a test's words
        run=world.run,
        at=timezone.now(),
    )


def who(team: WholeTeam) -> list[str]:
    return [row.name for row in team.rows]


def test_all_distributors_are_listed_and_no_customers(large: World) -> None:
    page = " ".join(text(client_of(large.cast.alice), f"{LIST}?order=newest").split())

    assert names(page) == ["Dora D.", "Carl Clark", "Bob Brown"]
    assert "3 of all 3 distributors below you." in page
    assert "Olga" not in page


@pytest.mark.parametrize("order", ["newest", "rank", "volume-0", "volume-2"])
def test_every_order_finds_the_same_people(large: World, order: str) -> None:
    found = listed(large, order=order)

    assert found.is_far
    assert sorted(who(found)) == ["Bob Brown", "Carl Clark", "Dora D."]


def test_the_first_are_those_with_the_most(large: World) -> None:
    make_order(large.cast.dora, ("COFFEE", 50), paid_at=large.now)
    refresh_period(large.period)

    assert who(listed(large, order="volume-0"))[0] == "Dora D."


def test_filters_are_counted(large: World) -> None:
    assert listed(large, levels=1).fitting == 2
    assert listed(large, active="no").fitting == 0
    assert listed(large, active="yes", rank=1).fitting == 3
    assert listed(large, days=30).fitting == 0


def test_who_joined_since_is_there_before_places_are_written_anew(large: World) -> None:
    customer = make_customer("Kim Kind", sponsor=large.cast.dora)
    grace = make_distributor("Grace Green", sponsor=customer)
    make_distributor("Hal Hill", sponsor=grace)
    make_distributor("Ivy Irons", sponsor=large.olga)
    refresh_period(large.period)
    assert large.run.places == 1

    found = listed(large)

    assert who(found) == ["Hal H.", "Grace G.", "Dora D.", "Carl Clark", "Bob Brown"]
    assert [row.level for row in found.rows] == [4, 3, 2, 1, 1]
    assert (found.fitting, found.looked_at) == (5, 5)
    assert listed(large, levels=3).fitting == 4


def test_nobody_is_shown_below_whom_they_left(large: World) -> None:
    now = timezone.now()
    change_sponsor(
        large.cast.dora, large.olga, effective_from=large.period.starts_at, reason="Mistake",
        actor=None, at=now,
    )  # fmt: skip
    assert not listed(large).is_far

    refresh_period(large.period)

    assert listed(large).is_far
    assert who(listed(large)) == ["Carl Clark", "Bob Brown"]


def test_nobody_is_shown_below_whom_they_have_not_joined_yet(large: World) -> None:
    now = timezone.now()
    later = now + (large.period.ends_at - now) / 2
    change_sponsor(
        large.cast.dora, large.cast.carl, effective_from=later, reason="Asked", actor=None, at=now
    )
    refresh_period(large.period)

    assert not listed(large).is_far


def test_moves_that_change_nobodys_range_leave_the_list_as_it_is(large: World) -> None:
    now = timezone.now()
    for member, to, at in (
        (large.finn, large.cast.carl, large.period.starts_at),
        (large.cast.dora, large.cast.carl, large.period.ends_at + timedelta(days=1)),
    ):
        change_sponsor(member, to, effective_from=at, reason="Asked", actor=None, at=now)

    assert listed(large).is_far
    refresh_period(large.period)
    assert listed(large).is_far


def test_places_that_were_dropped_meanwhile_tell_nothing(large: World) -> None:
    run = large.run
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table_of_places(run)}")

    assert not listed(large).is_far


def test_many_writers_at_once_hide_no_newcomer(large: World) -> None:
    run = large.run
    first, _, _ = run.places_snapshot.partition(":")
    others = ",".join(str(int(first) + number) for number in range(200))
    run.places_snapshot = f"{first}:{int(first) + 200}:{others}"
    run.save()

    assert len(Run.objects.get(pk=run.pk).places_snapshot) > 1_000
    assert listed(large).is_far


def test_a_newcomer_is_listed_once_below_whom_they_are_now(large: World) -> None:
    now = timezone.now()
    grace = make_distributor("Grace Green", sponsor=large.cast.dora)
    hal = make_distributor("Hal Hill", sponsor=large.cast.dora)
    for sponsor, at in ((large.olga, now - timedelta(minutes=2)), (large.cast.carl, now)):
        change_sponsor(grace, sponsor, effective_from=at, reason="Mistake", actor=None, at=now)
    change_status(hal, Status.SUSPENDED, effective_from=now, reason="Asked for", actor=None, at=now)
    refresh_period(large.period)
    assert large.run.places == 1

    found = listed(large)

    assert who(found) == ["Hal H.", "Grace G.", "Dora D.", "Carl Clark", "Bob Brown"]
    assert [row.level for row in found.rows] == [3, 2, 2, 1, 1]
    assert found.looked_at == 5


def test_pages_follow_each_other(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_team, "PAGE", 2)

    assert [who(listed(large, page=page)) for page in (1, 2, 3)] == [
        ["Dora D.", "Carl Clark"],
        ["Bob Brown"],
        [],
    ]


def test_the_number_of_queries_does_not_depend_on_the_size(large: World) -> None:
    client = client_of(large.cast.alice)
    address = f"{LIST}?order=newest&active=yes"
    make_distributor("Helper", sponsor=large.cast.bob)
    refresh_period(large.period)
    text(client, address)
    few = queries(client, address)
    for index in range(30):
        helper = make_distributor(f"Helper {index}", sponsor=large.cast.bob)
        make_order(helper, paid_at=large.now)
    refresh_period(large.period)

    assert queries(client, address) == few
