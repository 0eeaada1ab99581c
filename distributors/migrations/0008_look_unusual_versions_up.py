"""Networks as they were, and members whose state is unusual, are looked up by index.

Both indexes are of few rows: recording a member who is active writes to neither.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("distributors", "0007_look_versions_up_by_transaction")]
    operations = [
        AddIndexConcurrently(
            "memberversion",
            models.Index(
                fields=["sponsor", "retired_at"],
                condition=models.Q(("retired_at__isnull", False)),
                name="member_version_once_in_front",
            ),
        ),
        AddIndexConcurrently(
            "memberversion",
            models.Index(
                fields=["status", "member"],
                condition=models.Q(
                    ("retired_at", None), models.Q(("status", "active"), _negated=True)
                ),
                name="member_version_unusual",
            ),
        ),
    ]
