"""`manage.py close_period`: lock, calculate, post and publish a period, here and now.

How far it is, is shown on standard error. Ctrl-C and SIGTERM cancel: nothing of it is left.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from typing_extensions import override

from commissions.management.showing import watched
from commissions.models import Period
from commissions.services.closing import close_period
from mlm.currencies import to_decimal


class Command(BaseCommand):
    """Close a period from a shell: for operators, and for measuring."""

    help = "Lock, calculate, post and publish a period. Closing it again changes nothing."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("type", help="The period's type, for example monthly")
        parser.add_argument("label", help="What the period is called, for example 2026-10")
        parser.add_argument("--despite-grace", action="store_true")
        parser.add_argument("--at", help="The moment to close at, in ISO 8601; now by default")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        at = parse_datetime(options["at"]) if options["at"] else timezone.now()
        if at is None or at.tzinfo is None:
            raise CommandError("--at: write a date and time with its zone: 2026-12-05T00:00:00Z")
        period = Period.objects.filter(type=options["type"], label=options["label"]).first()
        if period is None:
            raise CommandError(f"there is no {options['type']} period called {options['label']}")
        with watched(self.stderr) as watch:
            run = close_period(period, at=at, despite_grace=options["despite_grace"], watch=watch)
        total = to_decimal(run.total_minor, run.currency)
        self.stdout.write(f"{period.label}: run {run.pk} posted, {total} {run.currency} in all")
        for stage, seconds in run.timings.items():
            self.stdout.write(f"  {stage:<10} {seconds} s")
