"""Lists cost the same however many rows they show, and count no further than is of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiKey, Storefront, User
from accounts.services import issue_key
from commissions.models import Period, PeriodType, PlanVersion, Run
from commissions.services.periods import period_around
from commissions.services.plans import draft_plan
from distributors.models import AgreementVersion, BusinessEvent, Holding, Market, Member, Party
from distributors.services import publish_agreement
from mlm.staff.pages import COUNTED_AT_MOST, BoundedPaginator
from orders.models import Order, Product
from tests.factories import (
    JOINED,
    NOON,
    PLAN,
    make_agreement,
    make_distributor,
    make_month,
    make_order,
    make_product,
    make_storefront,
)

_KEPT: dict[str, Member] = {}


def member(number: int) -> None:
    """Make one more member, each below another, with an event."""
    made = make_distributor(f"Person {number}", sponsor=_KEPT.get("last"))
    _KEPT["last"] = made


def order(number: int) -> None:
    """Make one more order of one more buyer."""
    if not Product.objects.exists():
        make_product()
    make_order(make_distributor(f"Buyer {number}"), external_id=f"S-{number}")


def key(number: int) -> None:
    """Issue one more key, of a storefront of its own."""
    user = User.objects.create_user(f"k{number}@example.com")
    issue_key(make_storefront(f"shop-{number}"), "till", ["orders:write"], user)


def period(number: int) -> None:
    """Make one more month with a live run."""
    make_month()
    kind = PeriodType.objects.get(code="monthly")
    made = period_around(kind, datetime(2000 + number, 5, 5, tzinfo=UTC))
    plan = PlanVersion.objects.get(label="v1")
    Run.objects.create(period=made, plan_version=plan, kind="live", generation=1, currency="USD")


def plan(number: int) -> None:
    """Make one more draft, of an author of its own."""
    make_month()
    author = User.objects.create_user(f"author-{number}@example.com")
    draft_plan(
        period_type=PeriodType.objects.get(code="monthly"),
        label=f"draft {number}",
        text=PLAN,
        effective_from=NOON,
        created_by=author,
    )


def agreement(number: int) -> None:
    """Publish one more wording."""
    publish_agreement(label=f"w{number}", title="Terms", body="x" * 1000, effective_from=JOINED)


def product(number: int) -> None:
    """Make one more product."""
    make_product(f"SKU-{number}")


def storefront(number: int) -> None:
    """Make one more storefront."""
    make_storefront(f"shop-{number}")


def user(number: int) -> None:
    """Make one more user."""
    User.objects.create_user(f"user-{number}@example.com")


def market(number: int) -> None:
    """Make one more market."""
    Market.objects.create(code=f"A{chr(65 + number)}"[:2], name=f"Land {number}", currency="USD")


MAKERS: dict[type, Callable[[int], None]] = {
    AgreementVersion: agreement,
    ApiKey: key,
    BusinessEvent: member,
    Holding: member,
    Member: member,
    Order: order,
    Party: member,
    Period: period,
    PlanVersion: plan,
    Product: product,
    Run: period,
    Storefront: storefront,
    User: user,
}
#: A handful of rows at most, by nature.
ALWAYS_FEW = {"group", "market", "periodtype", "statuspolicy"}


def test_every_list_is_looked_at() -> None:
    names = {model._meta.model_name for model in admin.site._registry}
    assert names == {model._meta.model_name for model in MAKERS} | ALWAYS_FEW  # type: ignore[attr-defined]  # models all


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_a_list_asks_as_much_for_thirty_rows_as_for_three(model: type, root: Client) -> None:
    _KEPT.clear()
    make_agreement()
    options = model._meta  # type: ignore[attr-defined]  # models all
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")

    asked = []
    for first, after in ((0, 3), (3, 30)):
        for number in range(first, after):
            MAKERS[model](number)
        root.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown = root.get(address).context["cl"].result_list
        assert len(shown) >= after
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 14


def test_a_list_counts_no_further_than_can_be_paged(root: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        root.get(reverse("admin:distributors_member_changelist"))

    counting = [one["sql"] for one in queries if "COUNT(*)" in one["sql"]]
    assert counting
    assert all(f"LIMIT {COUNTED_AT_MOST}" in sql for sql in counting)


def test_the_paginator_counts_plain_lists_too() -> None:
    assert BoundedPaginator([1, 2, 3], 2).count == 3


def test_no_form_offers_a_million_choices() -> None:
    """A field that names a row of a large table is typed, never chosen from a list of all."""
    large = {"member", "party", "user", "order", "sale", "holding"}
    for model, pages in admin.site._registry.items():
        for inline in (None, *pages.inlines):
            options = (inline.model if inline else model)._meta
            typed = set((inline or pages).raw_id_fields)
            shown = set((inline or pages).readonly_fields)
            for field in options.get_fields():
                related = getattr(field, "related_model", None)
                if field.concrete and related and related._meta.model_name in large:
                    writable = inline is None and options.model_name == "holding"
                    assert field.name in typed or field.name in shown or not writable
