"""A member whose market or holder was written is read again by who reads on, and nobody else is."""

from django.db import migrations

from distributors import guards


class Migration(migrations.Migration):
    dependencies = [("distributors", "0009_look_versions_up_that_end")]
    operations = [
        migrations.RunSQL(
            guards.VERSIONS_ONLY_RETIRE.split("CREATE TRIGGER")[0].replace(
                "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(guards.MEMBERS_ARE_READ_AGAIN, guards.UNREAD_AGAIN),
    ]
