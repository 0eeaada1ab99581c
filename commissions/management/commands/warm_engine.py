"""Compile the engine's kernels ahead, in a build or before a worker starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.engine import ENGINE_VERSION, warm_up
from commissions.engine._compile import CACHE_FOLDER


class Command(BaseCommand):
    """Runs everything once; the machine code stays in the cache folder."""

    help = "Compile the calculation kernels and keep the machine code."
    requires_system_checks = ()

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        warm_up()
        kept = (
            "not kept: no folder can be written" if CACHE_FOLDER is None else f"in {CACHE_FOLDER}"
        )
        self.stdout.write(f"Engine {ENGINE_VERSION} is compiled, {kept}")
