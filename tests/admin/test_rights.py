"""Who may see and do what on the company's side, group by group."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from commissions.models import Period, PeriodType, PlanVersion, Run
from distributors.models import BusinessEvent, Member
from office.roles import ROLES, reset_groups
from orders.models import Order, Price, Product
from tests.admin.conftest import SignIn
from tests.factories import Cast, make_month, make_order, make_product

#: What each group sees in the index, by name of the model.
SEES = {
    "Support": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront", "period",
    },
    "Order desk": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront",
    },
    "Genealogy": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "order",
    },
    "Commission analyst": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront", "period", "periodtype", "planversion",
        "run",
    },
    "Commission approver": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront", "period", "periodtype", "planversion",
        "run",
    },
    "Compliance officer": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront", "period", "periodtype", "planversion",
        "run",
    },
    "Plan author": {"period", "periodtype", "planversion", "run"},
    "Catalogue": {"market", "product"},
    "Auditor": {
        "member", "party", "holding", "market", "agreementversion", "statuspolicy",
        "businessevent", "product", "order", "storefront", "period", "periodtype", "planversion",
        "run", "user", "apikey", "group",
    },
}  # fmt: skip
#: Who may do what through a button; everybody else who sees the row is refused.
DEEDS = [
    (Member, "move", {"Genealogy"}),
    (Member, "suspend", {"Genealogy"}),
    (Member, "reinstate", {"Genealogy"}),
    (Member, "terminate", {"Genealogy"}),
    (Order, "ship", {"Order desk"}),
    (Order, "cancel", {"Order desk"}),
    (Period, "run", {"Commission analyst"}),
    (Period, "close", {"Commission approver"}),
    (PlanVersion, "make-live", {"Commission approver"}),
    (PlanVersion, "sign", {"Compliance officer"}),
    (PlanVersion, "discard", {"Plan author"}),
]


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Return the cast, with an order and a month with a plan."""
    make_product()
    make_order(cast.dora)
    make_month()
    return cast


def models_seen(client: Client) -> set[str]:
    """Return the names of the models in the index."""
    apps = client.get(reverse("admin:index")).context["app_list"]
    return {model["object_name"].lower() for app in apps for model in app["models"]}


def test_the_groups_are_made_with_the_database(db: None) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES) == set(SEES)


def test_the_command_brings_groups_back(db: None) -> None:
    group = Group.objects.get(name="Support")
    group.permissions.clear()
    Group.objects.get(name="Auditor").delete()

    reset_groups()

    assert group.permissions.count() == len(ROLES["Support"])
    assert Group.objects.filter(name="Auditor").exists()


@pytest.mark.parametrize("group", SEES)
def test_a_group_sees_its_part_and_no_more(group: str, db: None, sign_in: SignIn) -> None:
    client = sign_in(group)

    assert models_seen(client) == SEES[group]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        expected = 200 if model._meta.model_name in SEES[group] else 403
        assert client.get(reverse(name)).status_code == expected, name


@pytest.mark.parametrize("group", SEES)
def test_a_group_does_what_is_its_own_and_no_more(group: str, world: Cast, sign_in: SignIn) -> None:
    client = sign_in(group)
    for model, deed, who in DEEDS:
        row = model._default_manager.order_by("pk").last()
        assert row is not None
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_deed"

        status = client.get(reverse(name, args=[row.pk, deed])).status_code

        assert status == (200 if group in who else 403), (model, deed)


@pytest.mark.parametrize("group", sorted(set(SEES) - {"Genealogy", "Catalogue", "Plan author"}))
def test_a_group_that_reads_adds_changes_and_deletes_nothing(
    group: str, world: Cast, sign_in: SignIn
) -> None:
    client = sign_in(group)
    for model in admin.site._registry:
        if model._meta.model_name not in SEES[group]:
            continue
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{stem}_add")).status_code == 403
        row = model._default_manager.order_by("pk").last()
        if row is None:
            continue
        page = client.get(reverse(f"{stem}_change", args=[row.pk]))
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert client.post(reverse(f"{stem}_change", args=[row.pk]), {}).status_code == 403
        assert client.post(reverse(f"{stem}_delete", args=[row.pk])).status_code == 403


def test_not_even_a_superuser_writes_what_services_write(world: Cast, root: Client) -> None:
    for model in (Member, Order, Period, Run, BusinessEvent):
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"

        assert root.get(reverse(f"{stem}_add")).status_code == 403
        row = model._default_manager.order_by("pk").last()
        if row is not None:
            assert root.post(reverse(f"{stem}_change", args=[row.pk]), {}).status_code == 403


def test_nothing_is_deleted_by_anybody(world: Cast, root: Client) -> None:
    for model in (Member, Order, Period, Product, PlanVersion, User):
        row = model._default_manager.order_by("pk").last()
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"

        assert row is not None
        assert root.post(reverse(f"{stem}_delete", args=[row.pk])).status_code == 403


def test_whoever_is_no_staff_is_sent_to_the_sign_in(world: Cast) -> None:
    User.objects.create_user("alice@example.com", "correct horse")
    client = Client()
    assert client.login(username="alice@example.com", password="correct horse")

    response = client.get(reverse("admin:index"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_only_superusers_touch_users(db: None, sign_in: SignIn) -> None:
    """Even the right to change users makes nobody a superuser."""
    client = sign_in("Auditor")
    other = User.objects.create_user("other@example.com", "correct horse")
    me = User.objects.get(email="auditor@example.com")
    from django.contrib.auth.models import Permission

    me.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    address = reverse("admin:accounts_user_change", args=[me.pk])

    assert client.post(address, {"email": me.email, "is_superuser": "on"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[other.pk])
    assert client.get(password).status_code == 403
    me.refresh_from_db()
    assert not me.is_superuser
    assert PeriodType.objects.count() == Price.objects.count() == 0
