"""What a run found. The two large tables are partitioned by run and written in bulk.

They carry no foreign keys: attaching a partition with one blocks writers of the other table, and
one set-wise check when a run is published does the same work. See docs/architecture.md.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from typing_extensions import override

from commissions.models.runs import Run
from distributors.models import Member


class Standing(models.Model):
    """A member's volumes, activity and rank in one run. Volumes are hundredths of a point."""

    pk = models.CompositePrimaryKey("run_id", "member_id")
    run = models.ForeignKey(
        Run, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()
    gv = models.BigIntegerField()
    is_active = models.BooleanField()
    rank = models.SmallIntegerField(help_text="Qualified-as rank, 1 = the plan's first; 0 = none.")
    paid_as = models.SmallIntegerField(help_text="The rank that pay uses.")
    counts = ArrayField(
        models.IntegerField(),
        help_text="What the plan's requirements count, in the plan's order.",
    )

    class Meta:
        managed = False
        db_table = "commissions_standing"

    @override
    def __str__(self) -> str:
        return f"{self.member_id} in {self.run_id}"


class Earning(models.Model):
    """The sum of an earner's rounded lines of one bonus, level and rate in one run."""

    pk = models.CompositePrimaryKey("run_id", "member_id", "bonus", "level", "rate_ppm", "reverses")
    run = models.ForeignKey(
        Run, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    bonus = models.SmallIntegerField(help_text="Which bonus of the plan, the first is 0.")
    level = models.IntegerField()
    rate_ppm = models.IntegerField(help_text="Parts per million.")
    reverses = models.BigIntegerField(
        help_text="The posted run whose pay this takes back; 0: pay on this run's own sales."
    )
    lines = models.BigIntegerField(help_text="How many lines are summed here.")
    base = models.BigIntegerField(help_text="The sum of their bases.")
    amount_minor = models.BigIntegerField(help_text="The sum of their rounded amounts.")

    class Meta:
        managed = False
        db_table = "commissions_earning"

    @override
    def __str__(self) -> str:
        return f"{self.amount_minor} for {self.member_id} in {self.run_id}"


class StatementTotal(models.Model):
    """What a posted run owes a member: what ledger and payouts refer to. Append-only."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="totals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="statement_totals")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "member"], name="one_total_a_member_and_run")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Explanation(models.Model):
    """A worker's answer to 'why': the single lines behind one earner's figures of one generation.

    `lines` is empty until the worker has answered.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="explanations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField(null=True)
    as_of = models.DateTimeField(null=True)
    lines = models.JSONField(null=True)
    requested_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "member"],
                condition=Q(answered_at=None),
                name="one_open_question_a_member",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "member", "-generation"], name="explanation_newest")
        ]

    @override
    def __str__(self) -> str:
        return f"why {self.member_id} in {self.run_id}"
