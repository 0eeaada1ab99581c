"""What the database refuses in sales, whoever asks."""

from django.db import migrations

from distributors.guards import append_only

# The commission date of an order is set once. Nothing lands where the books are closed: what came
# back of a sale carries the sale's own date, and so may.
FORWARD = """
CREATE FUNCTION refuse_new_commission_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the commission date of order % is set and stays', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER refuse_new_commission_date BEFORE UPDATE ON orders_order
    FOR EACH ROW WHEN (OLD.commission_at IS NOT NULL
                       AND NEW.commission_at IS DISTINCT FROM OLD.commission_at)
    EXECUTE FUNCTION refuse_new_commission_date();

CREATE FUNCTION refuse_sales_in_locked_stretches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit timestamptz;
BEGIN
    SELECT a.commission_at INTO culprit
      FROM added a JOIN distributors_lockedstretch s
        ON a.commission_at >= s.starts_at AND a.commission_at < s.ends_at
     WHERE a.returns_id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the books are closed at %: no sale can get that commission date', culprit
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_sales_in_locked_stretches AFTER INSERT ON orders_saleline
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_sales_in_locked_stretches();
"""
BACKWARD = """
DROP TRIGGER refuse_sales_in_locked_stretches ON orders_saleline;
DROP FUNCTION refuse_sales_in_locked_stretches();
DROP TRIGGER refuse_new_commission_date ON orders_order;
DROP FUNCTION refuse_new_commission_date();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_products_orders_sales"), ("distributors", "0003_guards")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(*append_only("orders_saleline")),
        migrations.RunSQL(*append_only("orders_returnline")),
    ]
