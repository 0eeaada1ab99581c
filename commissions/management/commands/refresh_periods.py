"""`manage.py refresh_periods`: bring live figures up to date here and now, without a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from typing_extensions import override

from commissions.services.periods import roll_periods, unlocked_periods
from commissions.services.plans import has_plan
from commissions.services.refreshing import in_turn, refresh_changed, refresh_period


class Command(BaseCommand):
    """Refresh every started, unlocked period, changed or not."""

    help = "Bring the live figures of all open periods up to date."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        roll_periods(at=at)
        refresh_changed(at=at)
        for period in in_turn(unlocked_periods(ending_after=at.min.replace(tzinfo=at.tzinfo))):
            if period.starts_at <= at and has_plan(period):
                run = refresh_period(period)
                stages = ", ".join(f"{stage} {took} s" for stage, took in run.timings.items())
                self.stdout.write(f"{period.label}: generation {run.generation}; {stages}")
