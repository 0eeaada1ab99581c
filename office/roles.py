"""The groups that staff are put into, and what each of them may do.

A group is made when the database is, and after that it belongs to the company: a later migration
never changes it. `manage.py staff_groups` brings the groups back to what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

APPS: Final = ("auth", "accounts", "distributors", "orders", "commissions")

NETWORK: Final = (
    "distributors.view_member", "distributors.view_memberversion", "distributors.view_party",
    "distributors.view_holding", "distributors.view_login", "distributors.view_market",
    "distributors.view_agreementversion", "distributors.view_agreementacceptance",
    "distributors.view_statuspolicy", "distributors.view_businessevent",
)  # fmt: skip
SELLING: Final = (
    "orders.view_product", "orders.view_price", "orders.view_order", "orders.view_orderline",
    "orders.view_return", "orders.view_saleline", "accounts.view_storefront",
)  # fmt: skip
PAY: Final = (
    "commissions.view_periodtype", "commissions.view_period", "commissions.view_planversion",
    "commissions.view_run",
)  # fmt: skip

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "Support": (*NETWORK, *SELLING, "commissions.view_period"),
    "Order desk": (*NETWORK, *SELLING, "orders.change_order"),
    "Genealogy": (
        *NETWORK, "orders.view_order", "distributors.change_member", "distributors.change_party",
        "distributors.add_holding", "distributors.change_holding",
    ),
    "Commission analyst": (*NETWORK, *SELLING, *PAY, "commissions.run_period"),
    "Commission approver": (
        *NETWORK, *SELLING, *PAY, "commissions.close_period", "commissions.make_live_planversion",
    ),
    "Compliance officer": (*NETWORK, *SELLING, *PAY, "commissions.sign_planversion"),
    "Plan author": (
        *PAY, "commissions.add_planversion", "commissions.change_planversion",
    ),
    "Catalogue": (
        "distributors.view_market", "orders.view_product", "orders.view_price",
        "orders.add_product", "orders.change_product", "orders.add_price", "orders.change_price",
    ),
    "Auditor": (
        *NETWORK, *SELLING, *PAY, "accounts.view_user", "accounts.view_apikey", "auth.view_group",
    ),
}  # fmt: skip


def make_missing_groups(sender: AppConfig, **_: Any) -> None:
    """Make the groups that are not there; those that are belong to the company."""
    if not apps.is_installed("django.contrib.auth"):
        return
    for label in APPS:
        create_permissions(apps.get_app_config(label), verbosity=0)
    there = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    for name in ROLES:
        if name not in there:
            _set(name)


@transaction.atomic
def reset_groups() -> list[str]:
    """Give each group the rights that stand here; return the groups' names."""
    for name in ROLES:
        _set(name)
    return list(ROLES)


def _set(name: str) -> None:
    wanted = set(ROLES[name])
    found = Permission.objects.filter(
        content_type__app_label__in={right.partition(".")[0] for right in wanted},
        codename__in={right.partition(".")[2] for right in wanted},
    ).select_related("content_type")
    rights = [
        permission
        for permission in found
        if f"{permission.content_type.app_label}.{permission.codename}" in wanted
    ]
    if len(rights) != len(wanted):
        known = {f"{one.content_type.app_label}.{one.codename}" for one in rights}
        raise LookupError(f"{name}: no such rights: {', '.join(sorted(wanted - known))}")
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(rights)
