"""`manage.py verify_run`: prove that a posted run still is what it was."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from commissions.models import Run
from commissions.services.verifying import differences


class Command(BaseCommand):
    """Work a posted run out again from what it froze, and compare everything that is stored."""

    help = "Recompute posted runs from their frozen files and compare digests; 1 if any differs."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", nargs="*", type=int, help="Run numbers; all posted ones if none")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        runs = Run.objects.filter(status=Run.Status.POSTED).select_related("period", "plan_version")
        if options["run"]:
            runs = runs.filter(pk__in=options["run"])
            missing = sorted(set(options["run"]) - set(runs.values_list("pk", flat=True)))
            if missing:
                raise CommandError(f"no posted run has the number {missing}")
        failed = 0
        for run in runs.order_by("period__starts_at", "pk"):
            found = differences(run)
            failed += bool(found)
            self.stdout.write(f"run {run.pk} of {run.period}: {'; '.join(found) or 'as posted'}")
        if failed:
            raise CommandError(f"{failed} of {len(runs)} runs are not as they were posted")
        self.stdout.write(f"{len(runs)} runs are as they were posted")
