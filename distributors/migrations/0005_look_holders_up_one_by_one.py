"""The guard of holdings looks each member up by index, also where statistics are missing."""

from importlib import import_module

from django.db import migrations

from distributors import guards

undo = import_module("distributors.migrations.0003_guards").UNDO_HOLDERS


class Migration(migrations.Migration):
    dependencies = [("distributors", "0004_life_cycle_policies")]
    operations = [migrations.RunSQL(undo + guards.NO_TWO_HOLDERS, migrations.RunSQL.noop)]
