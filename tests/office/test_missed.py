"""Not earned, and why: the reason in words, what to do, the largest first, and nobody else's."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.models import Explanation
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from tests.factories import make_customer, make_distributor, make_order
from tests.office.world import World, answered, client_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def hal(world: World) -> Member:
    """Return Hal, who sells nothing and below whom Ivy sells much and Jon a little."""
    hal = make_distributor("Hal Hill", sponsor=world.cast.alice)
    for name, pieces in (("Ivy Iles", 9), ("Jon Jones", 1)):
        helper = make_distributor(name, sponsor=hal)
        for number in range(2):
            buyer = make_customer(f"{name} Buyer{number}", sponsor=helper)
            make_order(buyer, ("COFFEE", pieces), paid_at=timezone.now())
    refresh_period(world.period)
    return hal


def where(world: World, page: str = "not-earned/") -> str:
    return f"/earnings/{world.period.type_id}/{world.period.label}/{page}"


def text_of(client: Client, address: str) -> str:
    """Return a page's words, without marks and line ends."""
    page = client.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_looking_asks_nothing_and_a_button_asks(world: World, hal: Member) -> None:
    client = client_of(hal)

    assert "Look it up" in text_of(client, where(world))
    assert not Explanation.objects.exists()
    assert client.post(where(world)).status_code == 302
    assert Explanation.objects.get().answered_at is None
    assert "Look again" in text_of(client, where(world))


def test_with_scripts_the_answer_comes_by_itself(world: World, hal: Member) -> None:
    client = client_of(hal)

    waiting = client.post(where(world), headers=HTMX).content.decode()
    answered(world.run, hal)
    done = client.get(where(world), headers=HTMX).content.decode()

    assert 'hx-trigger="load delay' in waiting
    assert "<html" not in done
    assert "hx-trigger" not in done
    assert "You were not active" in done


def test_the_reason_the_volume_and_what_to_do_are_told(world: World, hal: Member) -> None:
    answered(world.run, hal)

    text = text_of(client_of(hal), where(world))

    assert "Team You were not active" in text
    assert "200.00 CV 4 orders" in text
    assert "It was paid to somebody above you instead." in text
    assert "To be paid, be active: PV" in text
    assert "10 missing" in text
    assert "whatever you meet before it ends is still paid" in text


def test_the_largest_orders_are_named_by_whose_team_and_nothing_else(
    world: World, hal: Member
) -> None:
    answered(world.run, hal)

    page = client_of(hal).get(where(world)).content.decode()

    assert re.findall(r"([\d.]+) <span class=\"soft\">CV", page) == [
        "90.00",
        "90.00",
        "10.00",
        "10.00",
    ]
    assert "Ivy Iles" in page
    assert "Buyer" not in page
    assert "Coffee" not in page
    assert "COFFEE" not in page


def test_the_earnings_page_shows_the_most_of_it(world: World, hal: Member) -> None:
    client = client_of(hal)
    assert "Look it up" in text_of(client, where(world, ""))

    answered(world.run, hal)

    text = text_of(client, where(world, ""))
    assert "Not earned, and why All 1" in text
    assert "You were not active" in text
    assert f'href="{where(world)}"' in client.get("/earnings/").content.decode()


def test_who_was_paid_everything_is_told_so(world: World) -> None:
    answered(world.run, world.cast.alice)
    client = client_of(world.cast.alice)

    assert "Nothing missed" in text_of(client, where(world))
    assert "Whatever reached you in this period was paid to you." in text_of(
        client, where(world, "")
    )


def test_many_reasons_are_paged(world: World, hal: Member) -> None:
    answer = answered(world.run, hal)
    (one,) = answer.missed or []
    answer.missed = [one | {"level": level, "base": 100 * level} for level in range(1, 46)]
    answer.save(update_fields=["missed"])
    client = client_of(hal)

    first, last = (client.get(where(world), {"page": page}).content.decode() for page in (1, 3))

    assert first.count('class="card-plain missed"') == 20
    assert last.count('class="card-plain missed"') == 5
    assert first.index("Level 45<") < first.index("Level 44<")
    assert "1 of 3" in first
    assert ">Level 1<" in last
    for page in ("0", "-1", "x", "99", "9999999999"):
        assert client.get(where(world), {"page": page}).status_code == 200


def test_the_number_of_queries_does_not_grow(world: World, hal: Member) -> None:
    client = client_of(hal)

    def queries(page: str) -> int:
        answered(world.run, hal)
        client.get(where(world, page))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(where(world, page)).status_code == 200
        return len(captured)

    few = queries("not-earned/"), queries("")
    for number in range(9):
        helper = make_distributor(f"Helper {number}", sponsor=hal)
        for buyer in (make_customer(f"Buyer {number}", sponsor=helper), helper):
            make_order(buyer, paid_at=timezone.now())
    refresh_period(world.period)

    assert (queries("not-earned/"), queries("")) == few


def test_it_is_ones_own(world: World, hal: Member) -> None:
    answered(world.run, hal)

    for other in (world.olga, world.cast.bob):
        for page in ("not-earned/", ""):
            text = text_of(client_of(other), where(world, page))
            assert "Ivy" not in text
            assert "200.00" not in text
    assert client_of(world.cleo).get(where(world)).status_code == 404
