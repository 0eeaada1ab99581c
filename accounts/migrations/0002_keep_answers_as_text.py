"""Answers come again letter by letter, so they are kept as text; keys may be made for products."""

import django.contrib.postgres.fields
from django.db import migrations, models

SCOPES = [
    ("orders:write", "place orders"),
    ("orders:read", "read its own orders"),
    ("returns:write", "take returns"),
    ("members:read", "look members up by code"),
    ("standings:read", "read volumes, ranks and estimated earnings"),
    ("products:read", "read products and their prices"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="body",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="status_code",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=SCOPES, max_length=40), size=None
            ),
        ),
    ]
