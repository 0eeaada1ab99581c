"""What the database refuses in the network, whoever asks."""

from django.db import migrations

from distributors import guards

TABLES = (
    "distributors_agreementacceptance",
    "distributors_agreementversion",
    "distributors_businessevent",
    "distributors_lockedstretch",
)
UNDO_VERSIONS = """
DROP TRIGGER refuse_truncate ON distributors_memberversion;
DROP TRIGGER refuse_delete ON distributors_memberversion;
DROP TRIGGER refuse_change ON distributors_memberversion;
DROP FUNCTION refuse_rewriting_versions();
"""
UNDO_CYCLES = """
DROP TRIGGER refuse_sponsor_cycles ON distributors_memberversion;
DROP FUNCTION refuse_sponsor_cycles();
"""
UNDO_HOLDERS = """
DROP TRIGGER refuse_two_holders_on_change ON distributors_holding;
DROP TRIGGER refuse_two_holders ON distributors_holding;
DROP FUNCTION refuse_two_holders();
"""


class Migration(migrations.Migration):
    dependencies = [("distributors", "0002_parties_members_agreements")]
    operations = [
        migrations.RunSQL(guards.APPEND_ONLY, "DROP FUNCTION refuse_change();"),
        *(migrations.RunSQL(*guards.append_only(table)) for table in TABLES),
        migrations.RunSQL(guards.VERSIONS_ONLY_RETIRE, UNDO_VERSIONS),
        migrations.RunSQL(guards.NO_SPONSOR_CYCLES, UNDO_CYCLES),
        migrations.RunSQL(guards.NO_TWO_HOLDERS, UNDO_HOLDERS),
    ]
