"""Goods come back in parts; the parts add up to the whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.errors import OrderNotInThatState, ReturnDiffers, ReturnsTooMuch
from orders.models import Order, Return, SaleLine
from orders.returning import PiecesBack, return_goods
from tests.factories import NOON, make_distributor, make_order, make_product

pytestmark = pytest.mark.django_db


def give_back(
    order: Order, *pieces: tuple[int, int], external_id: str = "R-1"
) -> tuple[Return, bool]:
    return return_goods(
        order,
        external_id=external_id,
        pieces=[PiecesBack(position, quantity) for position, quantity in pieces],
        reason="Too strong",
        returned_at=NOON + timedelta(days=2),
    )


def make_three() -> Order:
    """Return a paid order of three pieces of 10.00 in volume, less a discount of a cent."""
    make_product("COFFEE", price_minor=1_000, pv=1_000, cv=1_000)
    return make_order(make_distributor("Alice Adams"), ("COFFEE", 3), discount_minor=1)


def test_three_thirds_take_back_the_whole() -> None:
    order = make_three()

    for part in ("R-1", "R-2", "R-3"):
        give_back(order, (1, 1), external_id=part)

    back = SaleLine.objects.filter(returns__isnull=False).order_by("pk")
    assert [row.net_minor for row in back] == [-1_000, -999, -1_000]
    sale = SaleLine.objects.get(returns=None)
    assert sum(row.cv for row in back) == -sale.cv
    order.refresh_from_db()
    assert order.status == Order.Status.RETURNED


def test_what_comes_back_carries_the_date_of_its_sale() -> None:
    order = make_three()

    give_back(order, (1, 1))

    back = SaleLine.objects.get(returns__isnull=False)
    assert back.commission_at == order.commission_at
    order.refresh_from_db()
    assert order.status == Order.Status.PARTLY_RETURNED


def test_a_return_sent_twice_is_one_return() -> None:
    order = make_three()

    first, is_new = give_back(order, (1, 2))
    again, is_new_again = give_back(order, (1, 2))

    assert (first, is_new, is_new_again) == (again, True, False)


def test_another_return_under_the_same_id_is_refused() -> None:
    order = make_three()
    give_back(order, (1, 2))

    with pytest.raises(ReturnDiffers):
        give_back(order, (1, 1))


def test_more_than_was_sold_is_refused_with_every_mistake() -> None:
    order = make_three()

    with pytest.raises(ReturnsTooMuch) as refused:
        give_back(order, (1, 4), (2, 1))

    assert refused.value.extra["mistakes"] == [
        "line 1 has 3 left to return, not 4",
        "there is no line 2",
    ]
    assert not Return.objects.exists()


def test_nothing_is_no_return() -> None:
    with pytest.raises(ReturnsTooMuch):
        give_back(make_three())


def test_an_unpaid_order_has_nothing_to_return() -> None:
    make_product()
    order = make_order(make_distributor("Alice Adams"), paid_at=None)

    with pytest.raises(OrderNotInThatState):
        give_back(order, (1, 1))
