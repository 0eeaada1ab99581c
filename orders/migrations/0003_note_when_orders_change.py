"""Storefronts ask what changed since they last asked: the database notes it, whoever writes."""

from django.db import migrations, models

import mlm.database

FORWARD = """
CREATE FUNCTION note_time_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER note_time_of_change BEFORE UPDATE ON orders_order
    FOR EACH ROW EXECUTE FUNCTION note_time_of_change();
"""
BACKWARD = """
DROP TRIGGER note_time_of_change ON orders_order;
DROP FUNCTION note_time_of_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_guards"),
        ("accounts", "0002_keep_answers_as_text"),
    ]
    operations = [
        migrations.AddField(
            model_name="order",
            name="updated_at",
            field=models.DateTimeField(
                db_default=mlm.database.ClockTimestamp(),
                editable=False,
                help_text="Kept by the database.",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["storefront", "created_at", "code"], name="order_by_creation"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["storefront", "updated_at", "code"], name="order_by_change"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
