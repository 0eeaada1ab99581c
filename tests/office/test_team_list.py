"""The team as one list: who fits, in what order, and never more of anybody than may be seen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.selectors import ranks
from office.selectors import whole_team
from office.selectors.team import PAGE
from office.selectors.whole_team import Wanted
from tests.factories import make_chain, make_customer, make_distributor
from tests.office.test_team import text
from tests.office.world import World, client_of

pytestmark = pytest.mark.django_db
LIST = "/team/list/"


def names(page: str) -> list[str]:
    """Return who is listed, in order."""
    return [
        part[part.index(">") + 1 : part.index("<")].strip()
        for part in page.split('class="who-name"')[1:]
    ]


def test_everybody_below_is_listed_the_nearest_first(world: World) -> None:
    page = text(client_of(world.cast.alice), LIST)

    assert names(page) == ["Bob Brown", "Carl Clark", "Cleo Customer", "Dora D."]
    assert "4 are listed. Customers of others are not." in " ".join(page.split())  # as Finn


def test_customers_of_others_are_not_there_and_names_are_short(world: World) -> None:
    make_customer("Zoe Zander", sponsor=world.cleo)
    page = text(client_of(world.cast.alice), LIST)

    assert "Finn" not in page
    assert world.finn.code not in page
    assert "Dora Diaz" not in page
    assert "Zoe Z." in page  # Cleo's: only customers between


def test_who_sits_below_somebody_elses_customer_is_listed(world: World) -> None:
    make_distributor("Grace Green", sponsor=world.finn)
    make_customer("Hugo Hall", sponsor=world.finn)

    page = text(client_of(world.cast.alice), LIST)

    assert "Grace G." in page
    assert "Hugo" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("role=customer", ["Cleo Customer"]),
        ("role=distributor&levels=1", ["Bob Brown", "Carl Clark"]),
        ("levels=1&active=yes", ["Bob Brown", "Carl Clark"]),
        ("active=no", []),
        ("rank=1", ["Bob Brown", "Carl Clark", "Dora D."]),
        ("rank=2", []),
        ("order=newest&role=distributor", ["Dora D.", "Carl Clark", "Bob Brown"]),
        ("order=rank&role=distributor", ["Bob Brown", "Carl Clark", "Dora D."]),
        ("days=30", []),
    ],
)
def test_filters_and_order(query: str, expected: list[str], world: World) -> None:
    assert names(text(client_of(world.cast.alice), f"{LIST}?{query}")) == expected


def test_the_list_can_be_ordered_by_a_volume(world: World) -> None:
    client = client_of(world.cast.alice)
    orders = whole_team.orders(ranks.plan_of(world.run))
    words = [word for word in orders if word.startswith("volume")]

    by_group = text(client, f"{LIST}?role=distributor&order={words[-1]}")

    assert len(words) == 2
    assert names(by_group)[0] == "Bob Brown"


@pytest.mark.parametrize(
    "query", ["order=1;drop", "role=x&active=x&rank=x", "levels=-1", "page=0", "rank=99", "days=7"]
)
def test_what_is_no_choice_is_as_if_it_had_not_been_said(query: str, world: World) -> None:
    assert len(names(text(client_of(world.cast.alice), f"{LIST}?{query}"))) == 4


def test_a_large_team_is_looked_at_as_far_as_is_quick(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_team, "NEAREST", 3)

    page = " ".join(text(client_of(world.cast.alice), LIST).split())

    assert "of 3 looked at: the nearest of your team, down to level 2" in page


def test_a_chain_is_listed_to_its_end() -> None:
    chain = make_chain(3 * PAGE)

    found = whole_team.whole_team(chain[0], Wanted(page=3), run=None, at=timezone.now())

    assert (found.pages, found.deepest, found.is_all) == (3, 3 * PAGE - 1, True)
    assert [row.level for row in found.rows] == list(range(2 * PAGE + 1, 3 * PAGE))


def test_the_number_of_queries_does_not_depend_on_the_rows(world: World) -> None:
    client = client_of(world.cast.alice)
    text(client, LIST)
    few = queries(client)
    for index in range(30):
        helper = make_distributor(f"Helper {index}", sponsor=world.cast.bob)
        make_customer(f"Buyer {index}", sponsor=helper)

    assert queries(client) == few


def queries(client: Client, address: str = LIST) -> int:
    with CaptureQueriesContext(connection) as captured:
        text(client, address)
    return len(captured)


def test_a_page_beyond_the_last_says_that_nobody_fits(world: World) -> None:
    assert "Nobody fits" in text(client_of(world.cast.alice), f"{LIST}?page=9")
