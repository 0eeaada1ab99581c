"""Ask lab and oracle about drawn cases and report where they differ: docs/measuring.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override


class Command(BaseCommand):
    """Exit status 1 if anything differed, or if a long run left something out."""

    help = "Ask lab and oracle about drawn plans and networks, and report where they differ."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=1_000, metavar="N")
        parser.add_argument("--seed", type=int, default=0, help="number of the first case")
        parser.add_argument("--jobs", type=int, default=2, help="how many processes")
        parser.add_argument("--seconds", type=int, help="stop after so long")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the table here, too")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from tests.oracle.reporting import fuzz_and_report
        except ImportError as error:
            raise CommandError("the tests, which hold the oracle, are not here") from error
        is_good = fuzz_and_report(
            seeds=range(options["seed"], options["seed"] + options["cases"]),
            jobs=options["jobs"],
            seconds=options["seconds"],
            report_to=options["report"],
            tell=self.stdout.write,
        )
        if not is_good:
            sys.exit(1)
