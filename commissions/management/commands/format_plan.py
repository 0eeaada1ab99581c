"""Lay plans out: aligned, in the order of docs/plan-language.md, with their comments."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.plan.commands import add_format_arguments, execute_format


class Command(BaseCommand):
    """Exit status 2 if a file is no TOML, 1 if `--check` finds one that is not laid out."""

    help = "Lay plans out, in place: aligned, in order, with their comments and no other change."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_format_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = execute_format(Namespace(**options), self.stdout, self.stderr)
        if status:
            sys.exit(status)
