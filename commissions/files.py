"""Commands on files alone, the same with Django and without: they need no settings, no database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from commissions.fuzzing import add_fuzz_arguments, execute_fuzz
from commissions.lab.checking import add_check_arguments, execute_check
from commissions.lab.command import Writer, add_arguments, execute
from commissions.plan.commands import (
    add_format_arguments,
    add_tell_arguments,
    execute_format,
    execute_tell,
)


@dataclass(frozen=True, slots=True)
class FileCommand:
    """A command: what it does, what it takes, and the function that returns its exit status."""

    help: str
    add_arguments: Callable[[ArgumentParser], None]
    execute: Callable[[Namespace, Writer, Writer], int]


COMMANDS: Final = {
    "run_plan": FileCommand(
        "Run a compensation plan on CSV files, without a database.", add_arguments, execute
    ),
    "check_plan": FileCommand(
        "List a plan's mistakes, run its examples and hold it against a profile of rules.",
        add_check_arguments,
        execute_check,
    ),
    "format_plan": FileCommand(
        "Lay plans out, in place: aligned, in order, with their comments and no other change.",
        add_format_arguments,
        execute_format,
    ),
    "tell_plan": FileCommand(
        "Say a plan in plain words, as members read it.", add_tell_arguments, execute_tell
    ),
    "fuzz_engine": FileCommand(
        "Ask lab and oracle about drawn plans and networks, and report where they differ.",
        add_fuzz_arguments,
        execute_fuzz,
    ),
}


def main(name: str, arguments: Sequence[str], program: str) -> int:
    """Run a command; return its exit status: 0, or 2 after naming every problem."""
    command = COMMANDS[name]
    parser = ArgumentParser(prog=program, description=command.help)
    command.add_arguments(parser)
    return command.execute(parser.parse_args(arguments), sys.stdout, sys.stderr)
