"""The stretches of time that pay is worked out for. Stored, half-open, never overlapping."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from mlm.database import TsTzRange


class PeriodType(models.Model):
    """A rhythm of pay: weekly, monthly and so on."""

    class Cadence(models.TextChoices):
        DAILY = "daily", "daily"
        WEEKLY = "weekly", "weekly"
        FOUR_WEEKLY = "four_weekly", "every four weeks"
        SEMI_MONTHLY = "semi_monthly", "twice a month"
        MONTHLY = "monthly", "monthly"
        QUARTERLY = "quarterly", "quarterly"
        YEARLY = "yearly", "yearly"

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=100)
    cadence = models.CharField(max_length=20, choices=Cadence.choices)

    @override
    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """One stretch `[starts_at, ends_at)`; its status only ever moves on."""

    class Status(models.TextChoices):
        OPEN = "open", "open"
        ENDED = "ended", "ended, late orders still land"
        LOCKED = "locked", "locked"
        APPROVED = "approved", "approved"
        POSTED = "posted", "posted"
        PUBLISHED = "published", "published"
        PAID = "paid", "paid"

    type = models.ForeignKey(PeriodType, on_delete=models.PROTECT, related_name="periods")
    label = models.CharField(max_length=40, help_text="What people call it, for example 2026-10.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    grace_ends_at = models.DateTimeField(
        help_text="Until then back-dated orders and returns still land in it."
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    locked_sale_id = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The last sale recorded before the lock."
    )
    posted_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(grace_ends_at__gte=F("ends_at")),
                name="period_ends_after_it_starts",
            ),
            models.UniqueConstraint(fields=["type", "label"], name="period_label_once_in_a_type"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "ended"], locked_at=None, locked_sale_id=None)
                | Q(locked_at__isnull=False, locked_sale_id__isnull=False),
                name="period_is_locked_when_it_says_so",
            ),
            ExclusionConstraint(
                name="periods_of_a_type_do_not_overlap",
                expressions=[
                    ("type", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["type", "-starts_at"], name="period_newest")]
        permissions: ClassVar = [
            ("run_period", "Can have a period worked out again"),
            ("close_period", "Can close a period for good"),
        ]

    @override
    def __str__(self) -> str:
        return self.label

    @property
    def is_locked(self) -> bool:
        """Tell whether nothing new can land in the period any more."""
        return self.locked_at is not None
