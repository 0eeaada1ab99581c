"""Check a plan and run its examples, without a database: docs/plan-language.md, "The lab"."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.lab.checking import add_check_arguments, execute_check


class Command(BaseCommand):
    """Exit status 2 and every problem named, if the plan is not right."""

    help = "List a plan's mistakes, run its examples and hold it against a profile of rules."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_check_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = execute_check(Namespace(**options), self.stdout, self.stderr)
        if status:
            sys.exit(status)
