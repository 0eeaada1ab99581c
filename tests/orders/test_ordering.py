"""Orders are placed and paid; a sale is recorded once, with the volumes of that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from distributors import books
from distributors.errors import BooksClosed
from distributors.models import Change, LockedStretch, Role, Status
from distributors.services import accept_agreement, change_status
from orders.drafting import LineWanted, OrderWanted
from orders.errors import (
    BuyerCannotOrder,
    OrderDiffers,
    OrderNotInThatState,
    ProductNotOnSale,
    WrongAmounts,
)
from orders.models import Order, OrderLine, Product, Purpose, SaleLine
from orders.services import (
    cancel_order,
    pay_order,
    place_order,
    ship_order,
)
from tests.factories import (
    JOINED,
    MONTH,
    NOON,
    make_agreement,
    make_cast,
    make_customer,
    make_distributor,
    make_order,
    make_product,
    make_storefront,
    party_of,
)

pytestmark = pytest.mark.django_db


def test_a_customers_order_is_the_sale_of_the_distributor_above() -> None:
    cast = make_cast()
    ann = make_customer("Ann Ames", sponsor=cast.dora)
    make_product()

    order = make_order(ann, ("COFFEE", 3))

    sale = SaleLine.objects.get(order=order)
    assert (order.buyer_role, order.credited) == (Role.CUSTOMER, cast.dora)
    assert (sale.credited, sale.purpose) == (cast.dora, Purpose.CUSTOMER)
    assert (sale.pv, sale.cv, sale.net_minor) == (4_500, 3_000, 6_000)
    assert sale.commission_at == NOON


def test_customers_between_are_passed_over() -> None:
    alice = make_distributor("Alice Adams")
    ann = make_customer("Ann Ames", sponsor=alice)
    ben = make_customer("Ben Best", sponsor=ann)
    make_product()

    assert make_order(ben).credited == alice


def test_a_distributors_order_is_own_and_for_personal_use() -> None:
    alice = make_distributor("Alice Adams")
    make_product()

    order = make_order(alice)

    sale = SaleLine.objects.get(order=order)
    assert (sale.buyer, sale.credited, sale.purpose) == (alice, alice, Purpose.PERSONAL)


def test_earlier_orders_stay_customer_sales_when_the_customer_becomes_a_distributor() -> None:
    alice = make_distributor("Alice Adams")
    ann = make_customer("Ann Ames", sponsor=alice)
    make_product()
    before = make_order(ann, paid_at=NOON)
    accept_agreement(
        ann,
        party=party_of(ann),
        agreement=make_agreement(),
        at=NOON + timedelta(hours=1),
        ip_address=None,
    )

    after = make_order(ann, paid_at=NOON + timedelta(hours=2))

    assert (before.buyer_role, before.credited) == (Role.CUSTOMER, alice)
    assert (after.buyer_role, after.credited) == (Role.DISTRIBUTOR, ann)


def test_an_order_sent_twice_is_one_order() -> None:
    alice = make_distributor("Alice Adams")
    make_product()

    first = make_order(alice, external_id="A-1")
    again = make_order(alice, external_id="A-1")

    assert first == again
    assert SaleLine.objects.count() == 1


def test_another_order_under_the_same_id_is_refused() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    make_order(alice, ("COFFEE", 1), external_id="A-1")

    with pytest.raises(OrderDiffers):
        make_order(alice, ("COFFEE", 2), external_id="A-1")


def test_stock_for_resale_is_another_order_than_goods_for_oneself() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    wanted = OrderWanted("A-1", alice, [LineWanted("COFFEE", 1, resale=True)], ordered_at=NOON)
    first, _ = place_order(make_storefront(), wanted, paid_at=NOON, at=NOON)

    again, is_new = place_order(make_storefront(), wanted, paid_at=NOON, at=NOON)

    assert (again, is_new) == (first, False)
    with pytest.raises(OrderDiffers):
        make_order(alice, external_id="A-1")


def test_a_discount_is_shared_over_the_lines_and_cuts_their_volumes() -> None:
    alice = make_distributor("Alice Adams")
    make_product("COFFEE", price_minor=2_000, pv=1_500, cv=1_001)
    make_product("TEA", price_minor=1_000, pv=700, cv=500)

    order = make_order(alice, ("COFFEE", 1), ("TEA", 1), discount_minor=1_000)

    coffee, tea = order.lines.order_by("position")
    assert (coffee.discount_minor, tea.discount_minor) == (667, 333)
    assert (coffee.net_minor, coffee.cv) == (1_333, 667)
    assert (tea.net_minor, tea.cv) == (667, 333)
    assert order.total_minor == 2_000


def test_kits_and_aids_make_no_sale() -> None:
    alice = make_distributor("Alice Adams")
    make_product("KIT", kind=Product.Kind.STARTER_KIT, pv=5_000, cv=5_000)

    order = make_order(alice, ("KIT", 1))

    assert (order.lines.get().pv, order.lines.get().cv) == (0, 0)
    assert not SaleLine.objects.exists()


def test_the_database_gives_a_kit_no_volume_whoever_writes_it() -> None:
    alice = make_distributor("Alice Adams")
    make_product("KIT", kind=Product.Kind.STARTER_KIT)
    line = make_order(alice, ("KIT", 1)).lines.get()

    with pytest.raises(IntegrityError, match="carry_no_volume"):
        OrderLine.objects.filter(pk=line.pk).update(cv=100)


def test_an_unpaid_order_makes_no_sale_until_it_is_paid_once() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    order = make_order(alice, paid_at=None)
    assert not SaleLine.objects.exists()

    pay_order(order, paid_at=NOON, at=NOON)
    pay_order(order, paid_at=NOON + timedelta(days=1), at=NOON)

    assert SaleLine.objects.get().commission_at == NOON


def test_a_paid_order_leaves_a_change_for_the_figures() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    Change.objects.all().delete()

    make_order(alice)

    assert [(c.kind, c.effective_at) for c in Change.objects.all()] == [("sale", NOON)]


def test_a_late_order_gets_its_date_where_the_books_are_open() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    LockedStretch.objects.create(starts_at=JOINED, ends_at=MONTH, reason="earlier months")
    order = make_order(alice, paid_at=None, ordered_at=MONTH - timedelta(days=3))

    paid = pay_order(order, paid_at=MONTH - timedelta(days=2), at=NOON)

    assert (paid.paid_at, paid.commission_at) == (MONTH - timedelta(days=2), NOON)


def test_a_sale_is_no_older_than_its_order_whatever_the_payment_says() -> None:
    alice = make_distributor("Alice Adams", at=NOON - timedelta(hours=1))
    make_product()
    order = make_order(alice, paid_at=None, ordered_at=NOON)

    paid = pay_order(order, paid_at=NOON - timedelta(days=30), at=NOON)

    assert (paid.paid_at, paid.commission_at) == (NOON - timedelta(days=30), NOON)


def test_an_order_is_refused_where_all_books_are_closed() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    LockedStretch.objects.create(
        starts_at=JOINED, ends_at=MONTH + timedelta(days=60), reason="everything"
    )

    with pytest.raises(BooksClosed):
        make_order(alice)
    assert not Order.objects.exists()


def test_the_database_refuses_a_sale_where_the_books_are_closed() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    order = make_order(alice, paid_at=None)
    LockedStretch.objects.create(
        starts_at=MONTH, ends_at=MONTH + timedelta(days=30), reason="November"
    )

    with pytest.raises(IntegrityError, match="books are closed"):
        SaleLine.objects.create(
            order=order,
            order_line=order.lines.get(),
            buyer=alice,
            buyer_role=Role.DISTRIBUTOR,
            credited=alice,
            purpose=Purpose.PERSONAL,
            commission_at=NOON,
            pv=1,
            cv=1,
            net_minor=1,
            currency="USD",
        )


def test_sales_cannot_be_changed_or_deleted() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    make_order(alice)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SaleLine.objects.update(cv=999_999)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SaleLine.objects.all().delete()


def test_a_commission_date_stays_once_it_is_set() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    order = make_order(alice)

    with pytest.raises(IntegrityError, match="commission date"):
        Order.objects.filter(pk=order.pk).update(commission_at=NOON + timedelta(days=1))


def test_prices_come_from_the_market_not_from_the_storefront() -> None:
    alice = make_distributor("Alice Adams")

    with pytest.raises(ProductNotOnSale, match="UNKNOWN"):
        make_order(alice, ("UNKNOWN", 1))


def test_a_buyer_who_is_no_member_yet_is_refused() -> None:
    alice = make_distributor("Alice Adams")
    make_product()

    with pytest.raises(BuyerCannotOrder):
        make_order(alice, paid_at=JOINED - timedelta(days=1))


def test_a_discount_above_the_price_is_refused() -> None:
    alice = make_distributor("Alice Adams")
    make_product()

    with pytest.raises(WrongAmounts):
        make_order(alice, discount_minor=2_001)


def test_orders_move_on_and_not_back() -> None:
    alice = make_distributor("Alice Adams")
    make_product()
    unpaid = make_order(alice, paid_at=None)

    with pytest.raises(OrderNotInThatState):
        ship_order(unpaid, shipped_at=NOON)
    assert cancel_order(unpaid).status == Order.Status.CANCELLED
    with pytest.raises(OrderNotInThatState):
        pay_order(unpaid, paid_at=NOON, at=NOON)
    shipped = ship_order(make_order(alice), shipped_at=NOON)
    with pytest.raises(OrderNotInThatState):
        cancel_order(shipped)


def test_a_terminated_distributor_hands_customers_on() -> None:
    cast = make_cast()
    ann = make_customer("Ann Ames", sponsor=cast.bob)
    make_product()
    change_status(
        cast.bob, Status.TERMINATED, effective_from=NOON, reason="Left", actor=None, at=NOON
    )

    assert make_order(ann, paid_at=NOON + timedelta(hours=1)).credited == cast.alice


def test_the_books_are_held_only_inside_a_transaction() -> None:
    assert not books.is_closed(NOON)
