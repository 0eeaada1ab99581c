"""Django's side of the commands on files: `manage.py` starts them without it, tests with it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any, ClassVar

from django.core.management.base import BaseCommand
from typing_extensions import override

from commissions.files import COMMANDS, FileCommand


class OnFiles(BaseCommand):
    """Ends with the command's own exit status, if that is not 0."""

    requires_system_checks = ()
    command: ClassVar[FileCommand]

    @override
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.command = COMMANDS[cls.__module__.rsplit(".", 1)[-1]]
        cls.help = cls.command.help

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        self.command.add_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        status = self.command.execute(Namespace(**options), self.stdout, self.stderr)
        if status:
            sys.exit(status)
