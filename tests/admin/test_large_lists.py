"""What lists look through where there are very many rows, and that search finds the others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distributors.models import Holding, Party
from mlm.staff.pages import NewestFirst
from orders.models import Order
from tests.factories import make_cast, make_distributor, make_order, make_product

pytestmark = pytest.mark.django_db
ORDERS = "/admin/orders/order/"


def listed(client: Client, address: str) -> list[str]:
    """Return the codes or names that stand first in the rows of a list."""
    response = client.get(address)
    assert response.status_code == 200, address
    return [str(row) for row in response.context["cl"].result_list]


@pytest.fixture
def three(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Return three orders, of which filters look through the newest two."""
    make_product()
    monkeypatch.setattr(NewestFirst, "looked_through", 2)
    return [make_order(make_distributor(f"Buyer {n}"), external_id=f"S-{n}") for n in range(3)]


def test_filters_look_through_the_newest_and_the_page_says_so(
    admin_client: Client, three: list[Order]
) -> None:
    newest = [three[2].code, three[1].code]

    assert listed(admin_client, ORDERS) == newest
    assert listed(admin_client, f"{ORDERS}?market__code__exact=US") == newest
    assert (
        b"filters look through the newest 2, search through all" in admin_client.get(ORDERS).content
    )


def test_what_an_index_finds_is_looked_for_among_all(
    admin_client: Client, three: list[Order]
) -> None:
    first = three[0]

    for query in (
        f"q={first.code}",
        f"q={first.external_id}",
        f"q={first.buyer.code}",
        f"buyer__id__exact={first.buyer_id}",
        f"credited__id__exact={first.credited_id}",
    ):
        assert listed(admin_client, f"{ORDERS}?{query}") == [first.code], query
    every = [order.code for order in reversed(three)]
    assert listed(admin_client, f"{ORDERS}?status__exact={first.status}") == every
    assert listed(admin_client, f"{ORDERS}?status__exact=cancelled") == []


@pytest.mark.parametrize("text", ["nobody", "'", "a%20b", "@"])
def test_any_text_can_be_searched_for(text: str, admin_client: Client, three: list[Order]) -> None:
    for place in ("orders/order", "distributors/member", "distributors/party", "accounts/user"):
        assert listed(admin_client, f"/admin/{place}/?q={text}") == [], place


@pytest.mark.parametrize("query", ["status__exact=%00", "q=%00", "market__code__exact=U%00"])
def test_what_is_no_text_is_refused(query: str, admin_client: Client, three: list[Order]) -> None:
    assert admin_client.get(f"{ORDERS}?{query}").status_code == 400
    assert admin_client.get(f"{ORDERS}?status__exact=nonsense").status_code == 200


def test_parties_are_found_by_whom_they_hold_and_by_address(admin_client: Client) -> None:
    cast = make_cast()
    party = Party.objects.get(holdings__member=cast.bob)
    Party.objects.filter(pk=party.pk).update(email="bob@example.com")

    for text in ("bob", "BOB@example.com", cast.bob.code[:5], "bo"):
        assert str(party) in listed(admin_client, f"/admin/distributors/party/?q={text}"), text
    for text in (cast.bob.code, "bob@example.com"):
        held = listed(admin_client, f"/admin/distributors/holding/?q={text}")
        assert held == [str(Holding.objects.get(member=cast.bob))], text


def test_no_order_is_taken_from_the_address(admin_client: Client) -> None:
    make_cast()
    usual = listed(admin_client, "/admin/distributors/member/")

    assert listed(admin_client, "/admin/distributors/member/?o=2") == usual
    assert listed(admin_client, "/admin/distributors/member/?o=-7.1") == usual


def test_counting_puts_nothing_in_order(admin_client: Client, three: list[Order]) -> None:
    with CaptureQueriesContext(connection) as captured:
        admin_client.get(ORDERS)

    counting = [query["sql"] for query in captured if "COUNT(*)" in query["sql"]]
    assert counting
    assert not any("ORDER BY" in sql for sql in counting)
