"""Prices are typed in the market's currency and in points, and stored exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from distributors.models import Change, LockedStretch, Market, StatusPolicy
from orders.models import Order, Price, Product
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.factories import Cast, make_market, make_order, make_product

ADD = "admin:orders_product_add"
WRONG = Path(__file__).resolve().parents[1] / "wrong/forms"


def product_form(**price: str) -> dict[str, str]:
    """Return what is typed for a new product with one price."""
    row = {
        "market": "US",
        "amount": "20.50",
        "pv": "15",
        "cv": "10.25",
        "effective_from": "2026-01-05T12:00",
    } | price
    return {
        "sku": "TEA",
        "name": "Tea",
        "kind": "product",
        "is_active": "on",
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        **{f"prices-0-{name}": value for name, value in row.items()},
    }


@pytest.mark.parametrize(
    ("market", "currency", "typed", "stored"),
    [
        ("US", "USD", "20.50", 2_050),
        ("US", "USD", "20.5000", 2_050),
        ("US", "USD", "0", 0),
        ("JP", "JPY", "2050", 2_050),
        ("KW", "KWD", "1.005", 1_005),
        ("US", "USD", "9999999999999.99", 999_999_999_999_999),
    ],
)
def test_a_price_is_stored_exactly(
    market: str, currency: str, typed: str, stored: int, sign_in: SignIn
) -> None:
    make_market(market, currency)

    sign_in("Catalogue").post(reverse(ADD), product_form(market=market, amount=typed))

    price = Price.objects.get()
    assert (price.amount_minor, price.pv, price.cv) == (stored, 1_500, 1_025)


@pytest.mark.parametrize("case", sorted(WRONG.glob("price-*.json")), ids=lambda path: path.stem)
def test_a_price_that_cannot_be_is_refused(case: Path, sign_in: SignIn) -> None:
    make_market()
    make_market("JP", "JPY")
    wrong = json.loads(case.read_text(encoding="utf-8"))

    response = sign_in("Catalogue").post(reverse(ADD), product_form(**wrong["typed"]))

    assert wrong["says"] in " ".join(mistakes(response))
    assert not Product.objects.exists()


def test_the_page_shows_decimals_and_points_never_cents(db: None, sign_in: SignIn) -> None:
    product = make_product(price_minor=2_050, pv=1_500, cv=1_025)

    page = (
        sign_in("Catalogue")
        .get(reverse("admin:orders_product_change", args=[product.pk]))
        .content.decode()
    )

    for shown in ('value="20.50"', 'value="15.00"', 'value="10.25"', "USD"):
        assert shown in page
    assert "2050" not in page


def test_a_price_is_ended_and_followed_by_another(db: None, sign_in: SignIn) -> None:
    """Whatever else is sent about the recorded price, only its end is taken."""
    product = make_product()
    price = product.prices.get()
    answers = product_form() | {
        "sku": product.sku,
        "prices-INITIAL_FORMS": "1",
        "prices-TOTAL_FORMS": "2",
        "prices-0-id": str(price.pk),
        "prices-0-amount": "99.00",
        "prices-0-pv": "99",
        "prices-0-effective_until": "2026-12-01T00:00",
        "prices-1-market": "US",
        "prices-1-amount": "21.00",
        "prices-1-pv": "15",
        "prices-1-cv": "10",
        "prices-1-effective_from": "2026-12-01T00:00",
    }

    sign_in("Catalogue").post(reverse("admin:orders_product_change", args=[product.pk]), answers)

    found = product.prices.order_by("effective_from").values_list("amount_minor", "pv", "cv")
    assert list(found) == [(2_000, 1_500, 1_000), (2_100, 1_500, 1_000)]


def test_two_prices_at_once_are_refused_on_the_form(db: None, sign_in: SignIn) -> None:
    product = make_product()
    answers = product_form() | {
        "prices-INITIAL_FORMS": "1",
        "prices-TOTAL_FORMS": "2",
        "prices-0-id": str(product.prices.get().pk),
        "prices-1-market": "US",
        "prices-1-amount": "21.00",
        "prices-1-pv": "15",
        "prices-1-cv": "10",
        "prices-1-effective_from": "2026-12-01T00:00",
    }

    response = sign_in("Catalogue").post(
        reverse("admin:orders_product_change", args=[product.pk]), answers
    )

    assert "end the earlier one by then" in mistakes(response)[0]
    assert product.prices.count() == 1


def test_orders_are_shown_in_money_and_points(cast: Cast, sign_in: SignIn) -> None:
    make_product()
    order = make_order(cast.dora, ("COFFEE", 3))

    page = words(sign_in("Support").get(reverse("admin:orders_order_change", args=[order.pk])))

    for shown in ("60.00 USD", "20.00 USD", "45", "30", "Dora Diaz"):
        assert shown in page
    assert "6000" not in page


def test_selected_orders_are_shipped_and_refusals_said(cast: Cast, sign_in: SignIn) -> None:
    make_product()
    paid = make_order(cast.dora)
    unpaid = make_order(cast.bob, paid_at=None)
    answers = {"action": "ship_selected", "_selected_action": [paid.pk, unpaid.pk]}

    response = sign_in("Order desk").post(
        reverse("admin:orders_order_changelist"), answers, follow=True
    )

    page = words(response)
    assert f"Order {unpaid.code} is placed." in page
    assert "1 order shipped." in page
    paid.refresh_from_db()
    unpaid.refresh_from_db()
    assert (paid.status, unpaid.status) == ("shipped", "placed")


def test_actions_are_not_for_those_who_only_read(cast: Cast, sign_in: SignIn) -> None:
    make_product()
    order = make_order(cast.dora)
    client = sign_in("Support")
    address = reverse("admin:orders_order_changelist")

    client.post(address, {"action": "ship_selected", "_selected_action": [order.pk]})

    assert Order.objects.get().status == "paid"
    assert b"ship_selected" not in client.get(address).content


def test_an_order_is_cancelled_with_a_button_only_before_it_is_paid(
    cast: Cast, sign_in: SignIn
) -> None:
    make_product()
    client = sign_in("Order desk")
    for order, says in (
        (make_order(cast.bob, paid_at=None), "is cancelled"),
        (make_order(cast.dora), "take the goods back instead"),
    ):
        address = reverse("admin:orders_order_deed", args=[order.pk, "cancel"])
        assert says in words(client.post(address, follow=True))


def test_a_policy_that_changes_has_open_figures_worked_out_again(root: Client) -> None:
    policy = StatusPolicy.objects.get(pk="lapsed")
    answers = {"earns": "on", "customers": "stay"}

    root.post(reverse("admin:distributors_statuspolicy_change", args=["lapsed"]), answers)

    policy.refresh_from_db()
    assert policy.earns
    assert Change.objects.get().kind == "network"
    assert not LockedStretch.objects.exists()
    assert Market.objects.count() == 0
