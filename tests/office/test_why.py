"""Why: every figure leads to its orders, the orders add up, and nobody sees more than is theirs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.models import Earning, Explanation
from commissions.selectors import standings
from commissions.services.refreshing import refresh_period
from distributors.models import Role
from mlm.errors import InvariantBroken
from orders.models import Order
from tests.factories import make_customer, make_distributor, make_order
from tests.office.world import World, answered, client_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def where(world: World, page: str = "why/") -> str:
    return f"/earnings/{world.period.type_id}/{world.period.label}/{page}"


def cents(page: str) -> list[int]:
    """Return every amount of a page, in the order in which it stands there."""
    found = re.findall(r'<span class="amount(?: minus)?">([^<]+)<', page)
    return [
        int(text.replace(",", "").replace(".", "").replace("\N{MINUS SIGN}", "-")) for text in found
    ]


def test_looking_asks_nothing_and_a_button_asks(world: World) -> None:
    client = client_of(world.cast.alice)

    page = client.get(where(world)).content.decode()

    assert "Show the orders" in page
    assert not Explanation.objects.exists()
    response = client.post(where(world))
    assert response.status_code == 302
    assert Explanation.objects.get().answered_at is None
    assert "Look again" in client.get(where(world)).content.decode()


def test_with_scripts_the_answer_is_waited_for_and_then_shown(world: World) -> None:
    client = client_of(world.cast.alice)

    waiting = client.post(where(world), headers=HTMX).content.decode()
    still = client.get(where(world), headers=HTMX).content.decode()
    answered(world.run, world.cast.alice)
    done = client.get(where(world), headers=HTMX).content.decode()

    assert 'hx-trigger="load delay' in waiting
    assert 'hx-trigger="load delay' in still
    assert "<html" not in done
    assert "hx-trigger" not in done
    assert "All lines together" in done


def test_the_orders_add_up_to_the_figure_to_the_cent(world: World) -> None:
    answered(world.run, world.cast.alice)
    total = standings.total_minor(world.run, world.cast.alice)
    assert total > 0

    page = client_of(world.cast.alice).get(where(world)).content.decode()

    amounts = cents(page)
    assert amounts[0] == total
    orders = [
        int(text.replace(".", ""))
        for text in re.findall(r'<td class="num">\s*<span class="amount">([\d.]+)<', page)
    ]
    assert sum(orders) == total
    assert total == sum(
        Earning.objects.filter(run_id=world.run.pk, member=world.cast.alice).values_list(
            "amount_minor", flat=True
        )
    )


def test_the_products_of_an_order_are_one_amount(world: World) -> None:
    """Each order had two products; decision 14: an upline never sees order lines."""
    answered(world.run, world.cast.alice)

    page = client_of(world.cast.alice).get(where(world)).content.decode()

    for order in Order.objects.filter(credited=world.cast.bob):
        assert page.count(order.code) == 1
    assert "Coffee" not in page
    assert "COFFEE" not in page


def test_names_are_whole_in_the_frontline_and_shortened_below(world: World) -> None:
    answered(world.run, world.cast.alice)

    page = client_of(world.cast.alice).get(where(world)).content.decode()

    assert "Bob Brown" in page
    assert "Dora D." in page
    assert "Dora Diaz" not in page
    for customer in (world.cleo, world.finn):
        assert customer.name not in page
        assert customer.code not in page
    assert "your customer" in page
    assert "@example.com" not in page


def test_an_older_answer_says_that_figures_have_moved_on(world: World) -> None:
    answered(world.run, world.cast.alice)
    make_order(world.cleo, paid_at=timezone.now())
    refresh_period(world.period)

    page = client_of(world.cast.alice).get(where(world)).content.decode()

    assert "figures have moved on since" in page
    assert "Show the orders" in page
    polled = client_of(world.cast.alice).get(where(world), headers=HTMX).content.decode()
    assert "hx-trigger" not in polled  # or a busy period would be asked for ever


def test_lines_that_do_not_add_up_are_not_shown(world: World) -> None:
    answer = answered(world.run, world.cast.alice)
    assert answer.lines
    answer.lines[0]["amount_minor"] += 1
    answer.save(update_fields=["lines"])

    with pytest.raises(InvariantBroken):
        client_of(world.cast.alice).get(where(world))


def test_many_orders_of_a_level_are_paged(world: World) -> None:
    for _ in range(24):
        make_order(world.cleo, paid_at=timezone.now())
    refresh_period(world.period)
    answered(world.run, world.cast.alice)
    client = client_of(world.cast.alice)

    page = " ".join(client.get(where(world)).content.decode().split())

    assert "lines Level 1 </a>" in page
    whole = client.get(where(world, "why/0/1/")).content.decode()
    assert (
        whole.count('class="order"')
        == Order.objects.filter(credited=world.cast.alice, buyer_role=Role.CUSTOMER).count()
        + Order.objects.filter(credited__in=[world.cast.bob, world.cast.carl]).count()
        - 1
    )


def test_a_level_that_is_not_there_is_not_found(world: World) -> None:
    client = client_of(world.cast.alice)
    assert client.get(where(world, "why/0/1/")).status_code == 302
    answered(world.run, world.cast.alice)

    assert client.get(where(world, "why/0/77/")).status_code == 404
    assert client.get(where(world, "why/9/1/")).status_code == 404
    assert client.get(where(world, "why/0/1/?page=9999999999")).status_code == 200
    assert client.get(where(world, "why/0/1/?page=9")).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_orders(world: World) -> None:
    client = client_of(world.cast.alice)
    answered(world.run, world.cast.alice)
    client.get(where(world))
    few = queries(client, where(world)), queries(client, where(world, "volume/"))
    for index in range(9):
        helper = make_distributor(f"Helper {index}", sponsor=world.cast.alice)
        for buyer in (make_customer(f"Buyer {index}", sponsor=helper), helper, world.cleo):
            make_order(buyer, paid_at=timezone.now())
    refresh_period(world.period)
    answered(world.run, world.cast.alice)

    assert (queries(client, where(world)), queries(client, where(world, "volume/"))) == few


def queries(client: object, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200  # type: ignore[attr-defined]  # a test client
    return len(captured)


def test_personal_volume_adds_up_and_names_no_customer(world: World) -> None:
    page = client_of(world.cast.alice).get(where(world, "volume/")).content.decode()

    standing = standings.standing(world.run, world.cast.alice)
    assert standing is not None
    assert standing.pv == 2 * (2 * 1500 + 700)
    assert "74" in page
    assert "not all of it counts" not in page
    assert "Cleo" not in page
    assert "your customer’s" in page
