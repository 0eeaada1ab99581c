"""Lay plans out: aligned, in the order of docs/plan-language.md, with their comments."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.plan import PlanError
from commissions.plan.layout import format_plan


class Command(BaseCommand):
    """Exit status 2 if a file is no TOML, 1 if `--check` finds one that is not laid out."""

    help = "Lay plans out, in place: aligned, in order, with their comments and no other change."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.toml")
        parser.add_argument("--check", action="store_true", help="change nothing, only tell")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = max(self._one(path, check=options["check"]) for path in options["plans"])
        if status:
            sys.exit(status)

    def _one(self, path: Path, *, check: bool) -> int:
        """Lay one file out and return its exit status."""
        try:
            text = path.read_text(encoding="utf-8")
            laid_out = format_plan(text)
        except (OSError, UnicodeDecodeError, PlanError) as error:
            self.stderr.write(f"{path}:\n{error}")
            return 2
        if laid_out == text:
            return 0
        if not check:
            path.write_text(laid_out, encoding="utf-8")
        self.stdout.write(f"{path}: {'would be' if check else 'was'} laid out anew")
        return int(check)
