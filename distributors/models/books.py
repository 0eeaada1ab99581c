"""Which stretches of time have their books closed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override


class LockedStretch(models.Model):
    """A stretch whose books are closed: no sale may get a commission date inside it any more."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["starts_at", "ends_at", "reason"], name="stretch_locked_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="locked_stretch_ends_after_it_starts"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} to {self.ends_at:%Y-%m-%d}"
