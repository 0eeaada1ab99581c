"""One calculation of a period under one plan version."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from typing_extensions import override

from commissions.models.periods import Period
from commissions.models.plans import PlanVersion


class Run(models.Model):
    """A calculation: the open period's live one, a preview, or the final one.

    Each open period has one live run that is rewritten by differences; `generation` counts its
    publications. Posting makes a new run that never changes; one of them counts for its period.
    """

    class Kind(models.TextChoices):
        LIVE = "live", "live"
        PREVIEW = "preview", "preview"
        FINAL = "final", "final"

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        POSTED = "posted", "posted"
        VOIDED = "voided", "voided"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    generation = models.PositiveIntegerField(default=0, help_text="How often it was published.")
    as_of = models.DateTimeField(
        null=True, blank=True, help_text="The moment whose orders and network the figures show."
    )
    is_provisional = models.BooleanField(
        default=False, help_text="It starts from figures of the period before that are not posted."
    )
    last_sale_id = models.BigIntegerField(default=0, help_text="The last sale it has seen.")
    last_version_id = models.BigIntegerField(
        default=0, help_text="The last dated version of a member it has seen."
    )
    snapshot = models.TextField(blank=True, help_text="PostgreSQL's name of what was visible.")
    places = models.PositiveIntegerField(
        default=0, help_text="Which of its tables has everybody's range in the network; 0: none."
    )
    places_snapshot = models.TextField(
        blank=True, help_text="What was visible when that was written."
    )
    members_count = models.PositiveIntegerField(default=0)
    sales_count = models.PositiveIntegerField(default=0)
    commissionable_minor = models.BigIntegerField(
        default=0, help_text="All commissionable volume, valued in the plan's currency."
    )
    total_minor = models.BigIntegerField(default=0, help_text="The sum of all earnings.")
    currency = models.CharField(max_length=3, blank=True)
    input_digest = models.CharField(max_length=64, blank=True)
    result_digest = models.CharField(
        max_length=64, blank=True, help_text="Of a live run: the name of its last publication."
    )
    lines_digest = models.CharField(max_length=64, blank=True)
    engine_version = models.CharField(max_length=40, blank=True)
    state_keys = ArrayField(
        models.TextField(), default=list, help_text="Keys of the state that it leaves, by place."
    )
    state_ranks = ArrayField(
        models.TextField(),
        default=list,
        help_text="Names of ranks in that state; the first is 1. The plan's own come first.",
    )
    frozen_path = models.CharField(max_length=200, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    timings = models.JSONField(default=dict, help_text="Seconds per stage, as text.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(kind="live"), name="one_live_run_a_period"
            ),
            models.UniqueConstraint(
                fields=["period"], condition=Q(status="posted"), name="one_posted_run_a_period"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(kind="final"), name="only_final_runs_are_posted"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.period} {self.kind} {self.pk}"
