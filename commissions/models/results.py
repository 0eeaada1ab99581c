"""What a run found. The large tables are partitioned by run and written in bulk.

They carry no foreign keys: attaching a partition with one blocks writers of the other table, and
one set-wise check when a run is published does the same work. See docs/architecture.md.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from typing_extensions import override

from commissions.models.runs import Run
from distributors.models import Member

NO_LABEL: Final = date.min
RANK_KEYS: Final = frozenset({"rank.paid_as", "rank.title", "rank.highest", "rank.qualified"})
"""Keys of state whose values are ranks."""


class Standing(models.Model):
    """A member's figures, activity and ranks in one run. Volumes are hundredths of a point.

    Ranks are numbers in the run's plan: 1 is its first, 0 none.
    """

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
    rank = models.SmallIntegerField(help_text="Qualified-as: what this period's figures reach.")
    paid_as = models.SmallIntegerField(help_text="The rank that pay uses.")
    title = models.SmallIntegerField(help_text="What the member may call themselves.")
    highest = models.SmallIntegerField(help_text="The highest rank ever qualified-as.")
    paid_as_before = models.SmallIntegerField(help_text="The paid-as rank of the period before.")
    figures = ArrayField(
        models.BigIntegerField(),
        help_text="All other figures of the plan, in its order: hundredths of a point, or numbers.",
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
    bonus = models.SmallIntegerField(
        help_text="Which bonus, cap or deduction: its place in what the plan pays, from 0."
    )
    level = models.IntegerField()
    rate_ppm = models.IntegerField(help_text="Parts per million.")
    reverses = models.BigIntegerField(
        help_text="The posted run whose pay this takes back; `bonus` is then of its plan; 0: none."
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


class State(models.Model):
    """What a run leaves to the next period: docs/plan-language.md has the keys.

    `key` is a place in the run's `state_keys`, from 0; the value of a rank's key one in its
    `state_ranks`, from 1. Volumes are hundredths of a point. `label` is the first day of the period
    that a row is from.
    """

    pk = models.CompositePrimaryKey("run_id", "member_id", "key", "label", "value")
    run = models.ForeignKey(
        Run, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    key = models.SmallIntegerField()
    label = models.DateField(help_text="0001-01-01: of no certain period.")
    value = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "commissions_state"

    @override
    def __str__(self) -> str:
        return f"{self.key} of {self.member_id} after {self.run_id}"


class StatementTotal(models.Model):
    """What a posted run owes a member: what ledger and payouts refer to. Append-only.

    A plain table with a key of its own. Runs and members are checked all at once as it is written.
    """

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="totals"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, db_constraint=False, related_name="statement_totals"
    )
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
    """A worker's answer to 'why' and 'why not' about one member's figures of one generation.

    `lines` are the single lines behind the earnings, `missed` what reached the member and was not
    paid, and why; both are empty until the worker has answered. `services.explanations` says what
    they hold.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="explanations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField(null=True)
    as_of = models.DateTimeField(null=True)
    lines = models.JSONField(null=True)
    missed = models.JSONField(null=True)
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
