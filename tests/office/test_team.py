"""The team: level by level, by name, and never more of anybody than an upline may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distributors.models import Member, Status
from distributors.services import change_status
from office.selectors.team import PAGE
from tests.factories import make_chain, make_customer, make_distributor
from tests.office.world import World, client_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_frontline_is_listed_with_volumes(world: World) -> None:
    page = text(client_of(world.cast.alice), "/team/")

    for name in ("Bob Brown", "Carl Clark", "Cleo Customer"):
        assert name in page
    assert "Dora" not in page
    assert "2 distributors, 1 customer" in page
    assert "111" in page  # Bob's GV: his own order, Finn's and Dora's, 37 points each


def test_below_the_frontline_names_are_short_and_others_customers_unnamed(world: World) -> None:
    page = text(client_of(world.cast.alice), f"/team/{world.cast.bob.code}/")

    assert "Dora D." in page
    assert "Dora Diaz" not in page
    assert "Finn" not in page
    assert world.finn.code not in page
    assert "1 distributor, 1 customer" in page


def test_a_customer_of_somebody_else_has_no_page(world: World) -> None:
    client = client_of(world.cast.alice)

    assert client.get(f"/team/{world.finn.code}/").status_code == 404
    assert client_of(world.cast.bob).get(f"/team/{world.finn.code}/").status_code == 200


def test_who_sits_below_somebody_elses_customer_can_be_reached(world: World) -> None:
    grace = make_distributor("Grace Green", sponsor=world.finn)

    below_bob = text(client_of(world.cast.alice), f"/team/{world.cast.bob.code}/")
    below_finn = text(client_of(world.cast.alice), f"/team/{world.finn.code}/")

    assert "A customer" in below_bob
    assert "Finn" not in below_bob + below_finn
    assert "Grace G." in below_finn
    assert client_of(world.cast.alice).get(f"/team/{grace.code}/").status_code == 200


def test_no_contacts_orders_or_earnings_are_on_the_page(world: World) -> None:
    page = text(client_of(world.cast.alice), f"/team/{world.cast.bob.code}/")

    for forbidden in ("@example.com", "or_", "USD", "$"):
        assert forbidden not in page


def test_rows_are_fetched_below_a_row(world: World) -> None:
    client = client_of(world.cast.alice)

    rows = client.get(f"/team/{world.cast.bob.code}/rows/", headers=HTMX).content.decode()

    assert "<html" not in rows
    assert 'data-level="2"' in rows
    assert "Dora D." in rows
    empty = client.get(f"/team/{world.cast.dora.code}/rows/", headers=HTMX).content.decode()
    assert "Nobody" in empty


def test_the_way_up_leads_to_oneself(world: World) -> None:
    page = text(client_of(world.cast.alice), f"/team/{world.cast.dora.code}/")

    crumbs = page[page.index('aria-label="The way up') :]
    crumbs = crumbs[: crumbs.index("</nav>")]
    assert crumbs.index(">You<") < crumbs.index("Bob Brown") < crumbs.index("Dora D.")


def test_a_long_frontline_comes_in_pages(world: World) -> None:
    for index in range(PAGE):
        make_customer(f"Extra {index:03}", sponsor=world.cast.alice)
    client = client_of(world.cast.alice)

    first = text(client, "/team/")
    after = first[first.index("?after=") + 7 :][:8]
    second = client.get(f"/team/{world.cast.alice.code}/rows/?after={after}").content.decode()

    assert first.count('class="who-name"') == PAGE
    assert second.count('class="who-name"') == 3
    assert "50 more" not in second


def test_distributors_come_before_customers_on_every_page(world: World) -> None:
    for index in range(PAGE):
        make_customer(f"Extra {index:03}", sponsor=world.cast.alice)
    late = make_distributor("Lena Late", sponsor=world.cast.alice)

    first = text(client_of(world.cast.alice), "/team/")

    assert first.index("Bob Brown") < first.index(late.name) < first.index("Cleo Customer")
    last_shown = world.cast.alice.code, Member.objects.get(name="Extra 045").code
    rest = text(client_of(world.cast.alice), "/team/{}/rows/?after={}".format(*last_shown))
    assert "Lena Late" not in rest
    assert rest.count("Extra") == rest.count('class="who-name"') == 4


def test_the_number_of_queries_does_not_depend_on_the_rows(world: World) -> None:
    client = client_of(world.cast.alice)
    pages = ("/team/", f"/team/{world.cast.bob.code}/", "/team/?q=bro")
    text(client, "/team/")
    few = [queries(client, page) for page in pages]
    for index in range(27):
        make_distributor(f"Brook {index}", sponsor=world.cast.alice)
        helper = make_distributor(f"Broad {index}", sponsor=world.cast.bob)
        make_customer(f"Buyer {index}", sponsor=helper)

    assert [queries(client, page) for page in pages] == few


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        text(client, address)
    return len(captured)


def test_search_finds_by_name_and_code_in_the_own_line_only(world: World) -> None:
    client = client_of(world.cast.alice)

    by_name = text(client, "/team/?q=dor")
    by_code = text(client, f"/team/?q={world.cast.dora.code.lower()[:5]}")
    other_line = text(client, "/team/?q=olga")

    assert "Dora D." in by_name
    assert "Dora Diaz" not in by_name
    assert "Bob Brown" in by_name  # on the way up
    assert "Dora D." in by_code
    assert "Nobody found" in other_line
    assert "Olga Other" not in other_line


def test_search_does_not_find_other_peoples_customers(world: World) -> None:
    assert "Nobody found" in text(client_of(world.cast.alice), "/team/?q=Finn")
    assert "Nobody found" in text(client_of(world.cast.alice), f"/team/?q={world.finn.code}")
    assert "Finn Friend" in text(client_of(world.cast.bob), "/team/?q=Finn")


@pytest.mark.parametrize("wanted", ["%", "_", "\x00", "' OR 1=1 --", "x" * 5000, "<script>", "  "])
def test_search_takes_whatever_is_typed(wanted: str, world: World) -> None:
    response = client_of(world.cast.alice).get("/team/", {"q": wanted})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("code", ["NOBODY22", "a%00b", "ÄÖÜ", "x" * 300, "1;2"])
def test_an_unknown_code_is_not_found(code: str, world: World) -> None:
    client = client_of(world.cast.alice)

    assert client.get(f"/team/{code}/").status_code == 404
    assert client.get("/team/", {"after": code}).status_code == 200


def test_a_state_that_is_not_usual_is_written_beside_the_name(world: World) -> None:
    now = timezone.now()
    change_status(
        world.cast.carl, Status.SUSPENDED, effective_from=now, reason="asked", actor=None, at=now
    )

    assert "suspended" in text(client_of(world.cast.alice), "/team/")


def test_nobody_below_has_a_page_that_says_what_to_do(world: World) -> None:
    page = text(client_of(world.cast.dora), "/team/")

    assert "Your team starts with one person" in page
    assert 'href="/link/"' in page


@pytest.mark.slow
def test_twenty_thousand_levels_are_as_quick_as_two(world: World) -> None:
    deepest = make_chain(20_000, top=world.cast.dora)[-1]
    client = client_of(world.cast.alice)
    few = queries(client, f"/team/{world.cast.dora.code}/")

    page = text(client, f"/team/{deepest.code}/")

    assert queries(client, f"/team/{deepest.code}/") <= few + 1  # Dora has no names left out
    assert "level 20002" in page
    assert "19995 more" in page
    assert client_of(world.olga).get(f"/team/{deepest.code}/").status_code == 404
