"""Orders that are neither paid nor shipped are found by index; one that comes in paid writes none."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0005_look_sales_up_by_transaction")]
    operations = [
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["status", "-id"],
                condition=models.Q(
                    ("status__in", ["placed", "cancelled", "partly_returned", "returned"])
                ),
                name="order_unusual",
            ),
        )
    ]
