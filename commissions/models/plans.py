"""Compensation plans as text, in versions, and what compliance officers signed about them."""

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
        DISCARDED = "discarded", "discarded"

    period_type = models.ForeignKey(PeriodType, on_delete=models.PROTECT, related_name="plans")
    label = models.CharField(max_length=60)
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
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        blank=True,
        editable=False,
        help_text="Everybody who wrote in it. None of them signs for what is found in it.",
    )
    profile = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="How strictly the rules were taken when the text was last held against them.",
    )
    review = models.JSONField(
        default=dict,
        editable=False,
        help_text="What was found then: digest of the text, markets, worst case and findings.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period_type", "effective_from"],
                condition=Q(status="live"),
                name="one_live_plan_from_a_moment",
            ),
            models.UniqueConstraint(
                fields=["label"], condition=~Q(status="discarded"), name="one_plan_of_a_name"
            ),
        ]
        permissions: ClassVar = [
            ("make_live_planversion", "Can make a plan version live"),
            ("sign_planversion", "Can sign for what is found in a plan version"),
        ]

    @override
    def __str__(self) -> str:
        return self.label


class PlanSignature(models.Model):
    """That a compliance officer answers for one finding in one exact text. Append-only."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="signatures")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text that was signed.")
    finding = models.CharField(max_length=16, help_text="The finding's key.")
    rule = models.CharField(max_length=60)
    sentence = models.TextField(help_text="What was found, as it was read by who signed.")
    profile = models.CharField(max_length=160, help_text="Profile and version of the rules.")
    reason = models.TextField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "finding"], name="one_signature_a_finding")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.rule} in {self.version}"
