"""A cancelled closing, and nothing else, unlocks a period: while no final run of it exists."""

from django.db import migrations

# A lock may be taken back only by the closing that says so, of that very lock. The stretch goes
# with the lock: it is what keeps sales out. What is over stays as it was written down.
FORWARD = """
CREATE OR REPLACE FUNCTION refuse_reopening_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'locked' AND NEW.status = 'ended'
       AND NEW.locked_at IS NULL AND NEW.locked_sale_id IS NULL
       AND to_jsonb(NEW) - '{status,locked_at,locked_sale_id}'::text[]
         = to_jsonb(OLD) - '{status,locked_at,locked_sale_id}'::text[]
       AND EXISTS (SELECT FROM commissions_closing c WHERE c.period_id = OLD.id
                    AND c.outcome = 'cancelled' AND c.lock_taken_back = OLD.locked_at)
       AND NOT EXISTS (SELECT FROM commissions_run r WHERE r.period_id = OLD.id
                        AND r.kind = 'final')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'period % is %: it cannot become % or move', OLD.label, OLD.status, NEW.status
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION refuse_opening_stretches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM commissions_period p JOIN commissions_closing c ON c.period_id = p.id
         WHERE p.type_id || ' ' || p.label = OLD.reason
           AND (p.starts_at, p.ends_at) = (OLD.starts_at, OLD.ends_at)
           AND p.locked_at IS NULL AND c.lock_taken_back IS NOT NULL)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the books of % are closed: % refused', OLD.reason, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER refuse_change ON distributors_lockedstretch;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON distributors_lockedstretch
    FOR EACH ROW EXECUTE FUNCTION refuse_opening_stretches();

CREATE TRIGGER refuse_change BEFORE UPDATE ON commissions_closing
    FOR EACH ROW WHEN (OLD.outcome <> 'under_way' OR NEW.period_id <> OLD.period_id)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON commissions_closing
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON commissions_closing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER refuse_truncate ON commissions_closing;
DROP TRIGGER refuse_delete ON commissions_closing;
DROP TRIGGER refuse_change ON commissions_closing;
DROP TRIGGER refuse_change ON distributors_lockedstretch;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON distributors_lockedstretch
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_opening_stretches();
CREATE OR REPLACE FUNCTION refuse_reopening_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'period % is %: it cannot become % or move', OLD.label, OLD.status, NEW.status
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("commissions", "0007_closings"), ("distributors", "0003_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
