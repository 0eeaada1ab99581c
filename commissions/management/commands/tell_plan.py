"""Say a plan in plain words, as the page "How we are paid" does."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.plan import PlanError, read_plan
from commissions.plan.telling import tell_plan


class Command(BaseCommand):
    """Exit status 2, with every mistake, if the file is no plan."""

    help = "Say a compensation plan in plain words."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=Path, metavar="PLAN.toml")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_plan(options["plan"].read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, PlanError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(tell_plan(plan).as_text(), ending="")
