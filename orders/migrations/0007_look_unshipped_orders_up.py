"""Paid orders are what the order desk works on: they are found by index as well."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0006_look_unusual_orders_up")]
    operations = [
        AddIndexConcurrently(
            "order",
            models.Index(
                fields=["status", "-id"],
                condition=models.Q(("status", "shipped"), _negated=True),
                name="order_not_shipped",
            ),
        ),
        RemoveIndexConcurrently("order", "order_unusual"),
    ]
