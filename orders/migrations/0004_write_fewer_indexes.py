"""Orders are written by the thousand: an index that another one covers costs and serves nobody.

Where a field loses its index, Django drops every plain index of that one column, also the one that
is the constraint of one sale per order line. So that is taken away first and put back at the end.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ONE_SALE = models.UniqueConstraint(
    condition=models.Q(("returns", None)), fields=("order_line",), name="one_sale_per_order_line"
)


def _to(model: str, related_name: str, **options: Any) -> Any:
    return models.ForeignKey(
        to=model,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        db_index=False,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_keep_answers_as_text"),
        ("distributors", "0005_look_holders_up_one_by_one"),
        ("orders", "0003_note_when_orders_change"),
    ]

    operations = [
        migrations.RemoveConstraint("saleline", "one_sale_per_order_line"),
        migrations.AlterField("order", "buyer", _to("distributors.member", "orders")),
        migrations.AlterField("order", "code", models.CharField(max_length=32)),
        migrations.AlterField(
            "order",
            "credited",
            _to(
                "distributors.member",
                "credited_orders",
                help_text="The distributor whose sale this is: the buyer, or the nearest one above.",
            ),
        ),
        migrations.AlterField("order", "market", _to("distributors.market", "+")),
        migrations.AlterField("order", "storefront", _to("accounts.storefront", "orders")),
        migrations.AlterField("orderline", "order", _to("orders.order", "lines")),
        migrations.AlterField("saleline", "credited", _to("distributors.member", "sales")),
        migrations.AlterField("saleline", "order_line", _to("orders.orderline", "sales")),
        migrations.AlterField(
            "saleline",
            "returns",
            _to("orders.saleline", "returned_by", null=True, blank=True),
        ),
        migrations.AddIndex(
            "saleline",
            models.Index(
                condition=models.Q(("returns__isnull", False)),
                fields=["returns"],
                name="sale_by_return",
            ),
        ),
        migrations.AddConstraint(
            "order", models.UniqueConstraint(fields=("code",), name="order_code_once")
        ),
        migrations.AddConstraint("saleline", ONE_SALE),
    ]
