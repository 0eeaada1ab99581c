"""A retired version carries the transaction that retired it, so that whoever reads on finds it."""

from django.db import migrations

from distributors import guards


class Migration(migrations.Migration):
    dependencies = [("distributors", "0005_look_holders_up_one_by_one")]
    operations = [
        migrations.RunSQL(
            guards.VERSIONS_ONLY_RETIRE.split("CREATE TRIGGER")[0].replace(
                "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
            ),
            migrations.RunSQL.noop,
        )
    ]
