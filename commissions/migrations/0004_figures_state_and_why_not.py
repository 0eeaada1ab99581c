"""Standings with every figure of a plan, and what a run leaves to the next.

Runs of before keep their rows: what requirements counted were the further figures of their plans,
in the same order, and titles did not exist, so that the rank reached stands in for them. What they
leave is what their standings say of ranks.
"""

import tomllib

import django.contrib.postgres.fields
from django.apps.registry import Apps
from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STANDINGS = """
ALTER TABLE commissions_standing
    ADD COLUMN title smallint NOT NULL DEFAULT 0,
    ADD COLUMN highest smallint NOT NULL DEFAULT 0,
    ADD COLUMN paid_as_before smallint NOT NULL DEFAULT 0;
ALTER TABLE commissions_standing RENAME COLUMN counts TO figures;
ALTER TABLE commissions_standing
    ALTER COLUMN title TYPE smallint USING rank,
    ALTER COLUMN highest TYPE smallint USING rank,
    ALTER COLUMN figures TYPE bigint[] USING figures::bigint[];
ALTER TABLE commissions_standing
    ALTER COLUMN title DROP DEFAULT,
    ALTER COLUMN highest DROP DEFAULT,
    ALTER COLUMN paid_as_before DROP DEFAULT;
"""
OLD_STANDINGS = """
ALTER TABLE commissions_standing
    DROP COLUMN title, DROP COLUMN highest, DROP COLUMN paid_as_before;
ALTER TABLE commissions_standing RENAME COLUMN figures TO counts;
ALTER TABLE commissions_standing ALTER COLUMN counts TYPE integer[] USING counts::integer[];
"""

STATE = """
CREATE TABLE commissions_state (
    run_id bigint NOT NULL,
    member_id bigint NOT NULL,
    key smallint NOT NULL,
    label date NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (run_id, member_id, key, label, value)
) PARTITION BY LIST (run_id);
"""

RANK_KEYS = ["rank.highest", "rank.paid_as", "rank.title"]
RANKS_LEFT = """
INSERT INTO commissions_state (run_id, member_id, key, label, value)
SELECT s.run_id, s.member_id, left_.key, date '0001-01-01', left_.rank
  FROM commissions_standing s
 CROSS JOIN LATERAL (
       SELECT max(e.rank) AS rank FROM commissions_standing e
        WHERE e.member_id = s.member_id AND e.run_id = ANY(%(so_far)s)) best
 CROSS JOIN LATERAL (VALUES (0, best.rank), (1, s.paid_as), (2, best.rank)) left_ (key, rank)
 WHERE s.run_id = %(run)s AND left_.rank > 0
"""
APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE INSERT OR UPDATE OR DELETE ON commissions_state_{run}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON commissions_state_{run}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def leave_state(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give each run that has figures a table for its state, and fill it with ranks."""
    Run = apps.get_model("commissions", "Run")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substring(inhrelid::regclass::text FROM '[0-9]+$')::bigint FROM pg_inherits"
            " WHERE inhparent = 'commissions_standing'::regclass"
        )
        with_figures = [run_id for (run_id,) in cursor.fetchall()]
        cursor.execute("ALTER TABLE commissions_run DISABLE TRIGGER refuse_changing_posted_runs")
        before: dict[str, list[int]] = {}
        runs = Run.objects.filter(pk__in=with_figures).select_related("plan_version", "period")
        for run in runs.order_by("period__starts_at", "pk"):
            cursor.execute(
                f"CREATE TABLE commissions_state_{run.pk}"
                f" PARTITION OF commissions_state FOR VALUES IN ({run.pk})"
            )
            earlier = before.setdefault(run.period.type_id, [])
            ranks = tomllib.loads(run.plan_version.text).get("rank", [])
            run.state_keys = RANK_KEYS
            run.state_ranks = [rank["name"] for rank in ranks]
            run.save(update_fields=["state_keys", "state_ranks"])
            cursor.execute(RANKS_LEFT, {"run": run.pk, "so_far": [*earlier, run.pk]})
            if run.status == "posted":
                earlier.append(run.pk)
                cursor.execute(APPEND_ONLY.format(run=run.pk))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE commissions_run ENABLE TRIGGER refuse_changing_posted_runs")


class Migration(migrations.Migration):
    dependencies = [
        ("commissions", "0003_staff_rights"),
    ]

    operations = [
        migrations.RunSQL(STANDINGS, OLD_STANDINGS),
        migrations.RunSQL(STATE, "DROP TABLE commissions_state;"),
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id",
                        "member_id",
                        "key",
                        "label",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.SmallIntegerField()),
                ("label", models.DateField(help_text="0001-01-01: of no certain period.")),
                ("value", models.BigIntegerField()),
            ],
            options={
                "db_table": "commissions_state",
                "managed": False,
            },
        ),
        migrations.AddField(
            model_name="run",
            name="state_keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                help_text="Keys of the state that it leaves, by place.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="state_ranks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                help_text="Names of ranks in that state; the first is 1. The plan's own come first.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="explanation",
            name="missed",
            field=models.JSONField(null=True),
        ),
        # Answers of before say nothing of what lines rest on: they are asked for again
        migrations.RunSQL("DELETE FROM commissions_explanation;", migrations.RunSQL.noop),
        migrations.RunPython(leave_state, migrations.RunPython.noop),
    ]
