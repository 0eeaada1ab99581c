"""The same orders many times at once, singly and in bulk: each is made and paid once."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import IdempotencyRecord
from distributors.models import Member
from orders.models import Order, SaleLine
from tests.api.bulk import by_customer, send
from tests.api.calling import Caller, just_now, order_of, written
from tests.api.test_idempotency import at_once
from tests.factories import Cast


@pytest.mark.django_db(transaction=True)
def test_the_same_orders_singly_and_in_bulk_at_once_are_made_once(shop: Caller, cast: Cast) -> None:
    orders = [by_customer(cast, number, external_id=f"R-{number}") for number in range(20)]

    def ask(caller: Caller, number: int) -> Any:
        if number % 2:
            return caller.post("/orders", orders[number % 20])
        turned = orders if number % 4 else orders[::-1]
        return caller.post("/orders/bulk", {"orders": turned})

    answers = at_once(shop, 100, ask)

    assert {answer.status_code for answer in answers} <= {200, 201}
    results = [one for answer in answers for one in answer.json().get("results", [])]
    assert {one["result"] for one in results} <= {"created", "existing"}
    singly = sum(answer.status_code == 201 for answer in answers)
    assert singly + sum(one["result"] == "created" for one in results) == 20
    assert (Order.objects.count(), SaleLine.objects.count()) == (20, 20)
    assert Member.objects.filter(name__startswith="Ann Ames").count() == 20


@pytest.mark.django_db(transaction=True)
def test_one_request_a_hundred_times_at_once_has_one_effect(shop: Caller, cast: Cast) -> None:
    body = {"orders": [by_customer(cast, number) for number in range(5)]}

    answers = at_once(shop, 100, lambda caller, _: caller.post("/orders/bulk", body, once="same"))

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1
    assert (Order.objects.count(), IdempotencyRecord.objects.count()) == (5, 1)


@pytest.mark.django_db(transaction=True)
def test_payments_of_the_same_orders_at_once_are_recorded_once(shop: Caller, cast: Cast) -> None:
    orders = [order_of(cast.dora, external_id=str(number)) for number in range(10)]
    send(shop, orders)
    paid = [order | {"paid_at": written(just_now())} for order in orders]

    def ask(caller: Caller, number: int) -> Any:
        more = order_of(cast.dora, external_id=f"{number % 3}-more")
        batch = [*paid, more] if number % 2 else [more, *paid[::-1]]
        return caller.post("/orders/bulk", {"orders": batch})

    answers = at_once(shop, 32, ask)

    assert {answer.status_code for answer in answers} == {200}
    assert (Order.objects.count(), SaleLine.objects.count()) == (13, 10)
