"""Run a plan on files, without a database: docs/plan-language.md, "The lab"."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.lab.command import add_arguments, execute


class Command(BaseCommand):
    """Exit status 2, every problem named and nothing written, if a file is bad."""

    help = "Run a compensation plan on CSV files, without a database."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = execute(Namespace(**options), self.stdout, self.stderr)
        if status:
            sys.exit(status)
