"""What happened, for people (`BusinessEvent`) and for the figures (`Change`)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from typing_extensions import override

from distributors.models.members import Member
from mlm.database import TransactionId


class Change(models.Model):
    """Something that figures depend on has changed, from `effective_at` on.

    Written in the transaction of the change itself; whoever keeps the figures takes it away once
    they are right again. A row that is left is work that is left.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", "network"
        SALE = "sale", "sale"
        RETURN = "return", "return"
        PLAN = "plan", "plan"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    xact = models.BigIntegerField(db_default=TransactionId(), editable=False)

    @override
    def __str__(self) -> str:
        return f"{self.kind} from {self.effective_at:%Y-%m-%d %H:%M}"


class BusinessEvent(models.Model):
    """Something that a person did to the business, with the reason. Append-only."""

    kind = models.CharField(max_length=60)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["member", "-happened_at"], name="business_event_by_member")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"
