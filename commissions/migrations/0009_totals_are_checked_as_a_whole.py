"""Statement totals without foreign keys in the database, whose look-ups took longer than the rows.

Row by row each total was looked up twice, which also wrote to every member's row. One look at all
of them does the same before a run is posted, and nothing may go away that they name: a posted run
is guarded, and a member has versions, which are append-only.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commissions", "0008_cancelled_closings_unlock")]

    operations = [
        migrations.AlterField(
            "statementtotal",
            "run",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="totals",
                to="commissions.run",
            ),
        ),
        migrations.AlterField(
            "statementtotal",
            "member",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statement_totals",
                to="distributors.member",
            ),
        ),
    ]
