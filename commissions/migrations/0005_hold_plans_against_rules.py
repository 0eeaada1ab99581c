"""Plans are held against the rules of a profile, signed for, and then made live; never deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from distributors.guards import append_only

SIGNATURES_STAY, SIGNATURES_GO = append_only("commissions_plansignature")

# The last word on what may be live: the very wording was held against the rules, nothing in it was
# refused, and somebody signed for each finding that wants it. Who signs did not write the text.
GUARDS = """
CREATE FUNCTION refuse_unlawful_plans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit jsonb;
BEGIN
    IF NEW.digest <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex')
       OR NEW.digest IS DISTINCT FROM NEW.review ->> 'digest' OR NEW.profile = '' THEN
        RAISE EXCEPTION 'plan % was not held against the rules in this wording', NEW.label
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT f INTO culprit FROM jsonb_array_elements(NEW.review -> 'findings') f
     WHERE f ->> 'severity' = 'refuse' OR f ->> 'severity' = 'sign' AND NOT EXISTS (
           SELECT FROM commissions_plansignature s
            WHERE s.digest = NEW.digest AND s.finding = f ->> 'key')
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan % cannot be live: % (%)', NEW.label,
            culprit ->> 'rule', culprit ->> 'severity'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_unlawful_plans BEFORE UPDATE ON commissions_planversion
    FOR EACH ROW WHEN (NEW.status = 'live' AND OLD.status <> 'live')
    EXECUTE FUNCTION refuse_unlawful_plans();
CREATE TRIGGER refuse_new_unlawful_plans BEFORE INSERT ON commissions_planversion
    FOR EACH ROW WHEN (NEW.status = 'live') EXECUTE FUNCTION refuse_unlawful_plans();
CREATE TRIGGER refuse_delete BEFORE DELETE ON commissions_planversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON commissions_planversion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_wrong_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM commissions_planversion v
      LEFT JOIN commissions_planversion_authors a ON a.planversion_id = v.id
     WHERE v.digest = NEW.digest AND NEW.signed_by_id IN (v.created_by_id, a.user_id);
    IF FOUND THEN
        RAISE EXCEPTION 'who wrote a plan does not sign for it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM commissions_planversion v
      WHERE v.id = NEW.version_id AND v.digest = NEW.digest AND v.status = 'draft';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a signature is about the text of a draft as it stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_wrong_signatures BEFORE INSERT ON commissions_plansignature
    FOR EACH ROW EXECUTE FUNCTION refuse_wrong_signatures();

DROP TRIGGER refuse_rewriting_plans ON commissions_planversion;
CREATE TRIGGER refuse_rewriting_plans BEFORE UPDATE ON commissions_planversion
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND (NEW.status IN ('draft', 'discarded')
        OR OLD.status = 'discarded' OR
        (NEW.text, NEW.digest, NEW.effective_from, NEW.label, NEW.period_type_id, NEW.profile,
         NEW.review)
        IS DISTINCT FROM (OLD.text, OLD.digest, OLD.effective_from, OLD.label, OLD.period_type_id,
                          OLD.profile, OLD.review)))
    EXECUTE FUNCTION refuse_rewriting_plans();
"""
NO_GUARDS = """
DROP TRIGGER refuse_rewriting_plans ON commissions_planversion;
CREATE TRIGGER refuse_rewriting_plans BEFORE UPDATE ON commissions_planversion
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND (NEW.status = 'draft' OR
        (NEW.text, NEW.digest, NEW.effective_from, NEW.label, NEW.period_type_id)
        IS DISTINCT FROM (OLD.text, OLD.digest, OLD.effective_from, OLD.label, OLD.period_type_id)))
    EXECUTE FUNCTION refuse_rewriting_plans();
DROP TRIGGER refuse_wrong_signatures ON commissions_plansignature;
DROP FUNCTION refuse_wrong_signatures();
DROP TRIGGER refuse_truncate ON commissions_planversion;
DROP TRIGGER refuse_delete ON commissions_planversion;
DROP TRIGGER refuse_new_unlawful_plans ON commissions_planversion;
DROP TRIGGER refuse_unlawful_plans ON commissions_planversion;
DROP FUNCTION refuse_unlawful_plans();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commissions", "0004_figures_state_and_why_not"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the text that was signed.", max_length=64
                    ),
                ),
                ("finding", models.CharField(help_text="The finding's key.", max_length=16)),
                ("rule", models.CharField(max_length=60)),
                (
                    "sentence",
                    models.TextField(help_text="What was found, as it was read by who signed."),
                ),
                (
                    "profile",
                    models.CharField(help_text="Profile and version of the rules.", max_length=160),
                ),
                ("reason", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="planversion",
            options={
                "permissions": [
                    ("make_live_planversion", "Can make a plan version live"),
                    ("sign_planversion", "Can sign for what is found in a plan version"),
                ]
            },
        ),
        migrations.AddField(
            model_name="planversion",
            name="authors",
            field=models.ManyToManyField(
                blank=True,
                editable=False,
                help_text="Everybody who wrote in it. None of them signs for what is found in it.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="profile",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="How strictly the rules were taken when the text was last held against them.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="review",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="What was found then: digest of the text, markets, worst case and findings.",
            ),
        ),
        migrations.AlterField(
            model_name="planversion",
            name="label",
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name="planversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("live", "live"),
                    ("retired", "retired"),
                    ("discarded", "discarded"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "discarded"), _negated=True),
                fields=("label",),
                name="one_plan_of_a_name",
            ),
        ),
        migrations.AddField(
            model_name="plansignature",
            name="signed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plansignature",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="commissions.planversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="plansignature",
            constraint=models.UniqueConstraint(
                fields=("digest", "finding"), name="one_signature_a_finding"
            ),
        ),
        migrations.RunSQL(SIGNATURES_STAY, SIGNATURES_GO),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
