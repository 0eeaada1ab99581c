"""`manage.py export_lines`: all lines of a run as Parquet and CSV, for other programs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from commissions.exports.files import FORMATS
from commissions.management.showing import watched
from commissions.models import Run
from commissions.progress import Stopped
from commissions.services.exporting import export_lines
from mlm.currencies import to_decimal


class Command(BaseCommand):
    """Write every single line of a run into files, for a person or a program to look at.

    The files say what everybody earned: who may run commands may have them, and no page offers
    them.
    """

    help = "Write all lines of a posted or live run as Parquet and CSV."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="The run's number, as its page in the admin says")
        parser.add_argument("--output", required=True, type=Path, help="The folder to write into")
        parser.add_argument(
            "--format", action="append", choices=sorted(FORMATS), help="Repeatable; all by default"
        )
        parser.add_argument("--force", action="store_true", help="Replace files that are there")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        runs = Run.objects.select_related("period", "plan_version")
        run = runs.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"there is no run {options['run']}")
        formats = list(dict.fromkeys(options["format"] or FORMATS))
        try:
            with watched(self.stderr) as watch:
                paths = export_lines(
                    run, options["output"], formats, may_replace=options["force"], watch=watch
                )
        except Stopped as stopped:
            raise CommandError(f"{stopped}: no file was written") from stopped
        run.refresh_from_db()
        self.stdout.write(self._sentence(run))
        for path in paths:
            self.stdout.write(f"  {path}")

    def _sentence(self, run: Run) -> str:
        total = f"{to_decimal(run.total_minor, run.currency)} {run.currency} in all"
        if run.posted_at:
            return f"{run.period}: run {run.pk} as it was posted, {total}"
        return f"{run.period}: live run {run.pk}, as of {run.as_of:%Y-%m-%d %H:%M:%S %Z}, {total}"
