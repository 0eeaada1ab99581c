"""Closings: who asked for one, who asked it to stop, and how it went."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from typing_extensions import override

from commissions.models.periods import Period


class Closing(models.Model):
    """Somebody asked for a period to be closed. One at a time is under way for a period.

    How far it is stands in the cache (`commissions.attending`), and is worth no more than that.
    What was asked of it, and how it went, stands here, and once it is over for good.
    """

    class Outcome(models.TextChoices):
        UNDER_WAY = "under_way", "under way"
        POSTED = "posted", "posted"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="closings")
    despite_grace = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancel_asked_at = models.DateTimeField(null=True)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancel_reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.UNDER_WAY)
    ended_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, help_text="What was the matter, if it failed.")
    lock_taken_back = models.DateTimeField(
        null=True, help_text="When the period had been locked that it unlocked again."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(outcome="under_way"),
                name="one_closing_under_way_a_period",
            ),
            models.CheckConstraint(
                condition=Q(outcome="under_way", ended_at=None)
                | (~Q(outcome="under_way") & Q(ended_at__isnull=False)),
                name="closing_is_over_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(lock_taken_back=None) | Q(outcome="cancelled"),
                name="only_cancelled_closings_unlock",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.period} {self.get_outcome_display()}"

    @property
    def is_over(self) -> bool:
        """Tell whether it has come to an end, whichever."""
        return self.outcome != self.Outcome.UNDER_WAY

    @property
    def is_to_stop(self) -> bool:
        """Tell whether somebody asked for it to be cancelled, and it is not over yet."""
        return self.cancel_asked_at is not None and not self.is_over
