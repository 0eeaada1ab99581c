from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commissions", "0009_totals_are_checked_as_a_whole")]

    operations = [
        migrations.AddField(
            "run",
            "places",
            models.PositiveIntegerField(
                default=0,
                help_text="Which of its tables has everybody's range in the network; 0: none.",
            ),
        ),
        migrations.AddField(
            "run",
            "places_snapshot",
            models.TextField(blank=True, help_text="What was visible when that was written."),
        ),
        migrations.AlterField(
            "run",
            "snapshot",
            models.TextField(blank=True, help_text="PostgreSQL's name of what was visible."),
        ),
    ]
