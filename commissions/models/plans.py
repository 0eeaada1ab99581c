"""Compensation plans as text, in versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from typing_extensions import override

from commissions.models.periods import PeriodType


class PlanVersion(models.Model):
    """One wording of a compensation plan; once it is live its text never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        LIVE = "live", "live"
        RETIRED = "retired", "retired"

    period_type = models.ForeignKey(PeriodType, on_delete=models.PROTECT, related_name="plans")
    label = models.CharField(max_length=60, unique=True)
    text = models.TextField(help_text="The plan, in TOML; docs/plan-language.md describes it.")
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the text.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    effective_from = models.DateTimeField(
        help_text="Periods that start at this time or later are paid by this version."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period_type", "effective_from"],
                condition=Q(status="live"),
                name="one_live_plan_from_a_moment",
            )
        ]
        permissions: ClassVar = [("make_live_planversion", "Can make a plan version live")]

    @override
    def __str__(self) -> str:
        return self.label
