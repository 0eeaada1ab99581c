"""The large tables of results, one partition a run, and what the database refuses in pay."""

from django.db import migrations

from distributors.guards import append_only

TABLES = """
CREATE TABLE commissions_standing (
    run_id bigint NOT NULL,
    member_id bigint NOT NULL,
    pv bigint NOT NULL,
    cv bigint NOT NULL,
    gv bigint NOT NULL,
    is_active boolean NOT NULL,
    rank smallint NOT NULL,
    paid_as smallint NOT NULL,
    counts integer[] NOT NULL,
    PRIMARY KEY (run_id, member_id)
) PARTITION BY LIST (run_id);
CREATE TABLE commissions_earning (
    run_id bigint NOT NULL,
    member_id bigint NOT NULL,
    bonus smallint NOT NULL,
    level integer NOT NULL,
    rate_ppm integer NOT NULL,
    reverses bigint NOT NULL,
    lines bigint NOT NULL,
    base bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (run_id, member_id, bonus, level, rate_ppm, reverses)
) PARTITION BY LIST (run_id);
"""
DROP_TABLES = "DROP TABLE commissions_earning; DROP TABLE commissions_standing;"

# A plan that is or was live keeps its text. A period never goes back. A posted run stays as it is,
# but for being voided before its period is published.
GUARDS = """
CREATE FUNCTION refuse_rewriting_plans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'plan % has been live: its text stays; make a new version', OLD.label
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER refuse_rewriting_plans BEFORE UPDATE ON commissions_planversion
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND (NEW.status = 'draft' OR
        (NEW.text, NEW.digest, NEW.effective_from, NEW.label, NEW.period_type_id)
        IS DISTINCT FROM (OLD.text, OLD.digest, OLD.effective_from, OLD.label, OLD.period_type_id)))
    EXECUTE FUNCTION refuse_rewriting_plans();

CREATE FUNCTION refuse_reopening_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'period % is %: it cannot become % or move', OLD.label, OLD.status, NEW.status
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER refuse_reopening_periods BEFORE UPDATE ON commissions_period
    FOR EACH ROW WHEN (
        array_position(ARRAY['open', 'ended', 'locked', 'approved', 'posted', 'published', 'paid'],
                       NEW.status::text)
        < array_position(ARRAY['open', 'ended', 'locked', 'approved', 'posted', 'published',
                               'paid'], OLD.status::text)
        OR (OLD.locked_at IS NOT NULL AND
            (NEW.starts_at, NEW.ends_at, NEW.type_id, NEW.locked_at, NEW.locked_sale_id)
            IS DISTINCT FROM
            (OLD.starts_at, OLD.ends_at, OLD.type_id, OLD.locked_at, OLD.locked_sale_id)))
    EXECUTE FUNCTION refuse_reopening_periods();

CREATE FUNCTION refuse_changing_posted_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'posted' AND NEW.status = 'voided'
       AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status'
       AND NOT EXISTS (SELECT FROM commissions_period p WHERE p.id = OLD.period_id
                        AND p.status IN ('published', 'paid'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'run % is posted and stays as it is', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER refuse_changing_posted_runs BEFORE UPDATE OR DELETE ON commissions_run
    FOR EACH ROW WHEN (OLD.status <> 'draft')
    EXECUTE FUNCTION refuse_changing_posted_runs();
"""
DROP_GUARDS = """
DROP TRIGGER refuse_changing_posted_runs ON commissions_run;
DROP FUNCTION refuse_changing_posted_runs();
DROP TRIGGER refuse_reopening_periods ON commissions_period;
DROP FUNCTION refuse_reopening_periods();
DROP TRIGGER refuse_rewriting_plans ON commissions_planversion;
DROP FUNCTION refuse_rewriting_plans();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commissions", "0001_periods_plans_runs"),
        ("distributors", "0003_guards"),
    ]
    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
        migrations.RunSQL(*append_only("commissions_statementtotal")),
    ]
