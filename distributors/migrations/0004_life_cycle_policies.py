"""What each state of the life cycle means until the company says otherwise."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = (
    "earns",
    "pay_held",
    "occupies_level",
    "counts_as_leg",
    "keeps_volume",
    "keeps_title",
    "keeps_carry",
    "may_sign_in",
    "may_enrol",
)
POLICIES = {
    # status: the columns above as 1 or 0, and where the customers' sales go
    "applicant": ("000000010", "stay"),
    "active": ("101111111", "stay"),
    "suspended": ("111111110", "stay"),
    "lapsed": ("000110010", "upline"),
    "terminated": ("000000000", "upline"),
    "deceased": ("111111100", "stay"),
    "reinstated": ("101111111", "stay"),
}


def add_policies(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    policy = apps.get_model("distributors", "StatusPolicy")
    for status, (switches, customers) in POLICIES.items():
        values = {name: mark == "1" for name, mark in zip(COLUMNS, switches, strict=True)}
        policy.objects.create(status=status, customers=customers, **values)


def remove_policies(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    apps.get_model("distributors", "StatusPolicy").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("distributors", "0003_guards")]
    operations = [migrations.RunPython(add_policies, remove_policies)]
