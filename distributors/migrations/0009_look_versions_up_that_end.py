"""What is to change from a later moment on is found at once: versions that end after now are few."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("distributors", "0008_look_unusual_versions_up")]
    operations = [
        AddIndexConcurrently(
            "memberversion",
            models.Index(
                fields=["effective_until"],
                condition=models.Q(("effective_until__isnull", False), ("retired_at", None)),
                name="member_version_to_end",
            ),
        ),
    ]
