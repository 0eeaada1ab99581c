"""`format_plan` and `tell_plan` as functions of files: they need no settings and no database."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Protocol

from commissions.plan.compile import read_plan
from commissions.plan.layout import format_plan
from commissions.plan.mistakes import PlanError, cannot_be_read
from commissions.plan.telling import tell_plan

BAD_FILES = 2


class Writer(Protocol):
    """Where a command says something."""

    def write(self, text: str, /) -> object:
        """Write some lines."""


def add_format_arguments(parser: ArgumentParser) -> None:
    """Add what `format_plan` takes."""
    parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.toml")
    parser.add_argument("--check", action="store_true", help="change nothing, only tell")


def execute_format(options: Namespace, out: Writer, err: Writer) -> int:
    """Lay files out in place; return 2 if one is no TOML, 1 if `--check` finds one untidy."""
    return max(_lay_out(path, out, err, check=options.check) for path in options.plans)


def _lay_out(path: Path, out: Writer, err: Writer, *, check: bool) -> int:
    try:
        text = path.read_text(encoding="utf-8")
        laid_out = format_plan(text)
    except (OSError, UnicodeDecodeError, PlanError) as error:
        return _refuse(path, error, err)
    if laid_out == text:
        return 0
    if not check:
        path.write_text(laid_out, encoding="utf-8")
    out.write(f"{path.name}: {'would be' if check else 'was'} laid out anew\n")
    return int(check)


def add_tell_arguments(parser: ArgumentParser) -> None:
    """Add what `tell_plan` takes."""
    parser.add_argument("plan", type=Path, metavar="PLAN.toml")


def execute_tell(options: Namespace, out: Writer, err: Writer) -> int:
    """Say a plan in plain words; return 2, with every mistake told, if the file is none."""
    try:
        plan = read_plan(options.plan.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, PlanError) as error:
        return _refuse(options.plan, error, err)
    out.write(tell_plan(plan).as_text())
    return 0


def _refuse(path: Path, error: OSError | UnicodeDecodeError | PlanError, err: Writer) -> int:
    problems = error.mistakes if isinstance(error, PlanError) else (cannot_be_read(error),)
    for problem in problems:
        err.write(f"{path.name}: {problem}\n")
    return BAD_FILES
