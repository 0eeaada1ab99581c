"""Say a plan in plain words, as the page "How we are paid" does."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.plan.commands import add_tell_arguments, execute_tell


class Command(BaseCommand):
    """Exit status 2, with every mistake, if the file is no plan."""

    help = "Say a compensation plan in plain words."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tell_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = execute_tell(Namespace(**options), self.stdout, self.stderr)
        if status:
            sys.exit(status)
