"""A plan checked without files: its mistakes, its examples, and the rules of a profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from commissions.lab.command import BAD_FILES, Writer
from commissions.lab.examples import run_examples
from commissions.lab.profiles import DEFAULT, held_against
from commissions.plan import PlanError, read_plan
from commissions.plan.mistakes import cannot_be_read


def add_check_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("plan", type=Path, metavar="PLAN.toml")
    parser.add_argument("--profile", default=DEFAULT, metavar="NAME", help="rules of the law")
    parser.add_argument(
        "--market",
        action="append",
        type=str.upper,
        default=[],
        metavar="CODE",
        help="a market of the company, like VN; as often as needed",
    )


def execute_check(options: Namespace, out: Writer, err: Writer) -> int:
    """Check a plan; return the exit status: 0, or 2 after telling everything that is wrong."""
    path: Path = options.plan
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        err.write(f"{path.name}: {cannot_be_read(error)}\n")
        return BAD_FILES
    try:
        plan = read_plan(text)
        runs = run_examples(text)
    except PlanError as error:
        return _refuse(path, [str(mistake) for mistake in error.mistakes], err)
    held = held_against(text, options.profile, options.market)
    problems = [str(mistake) for run in runs for mistake in run.mistakes]
    if problems := [*problems, *held.refused]:
        return _refuse(path, problems, err)
    for sentence in held.told:
        out.write(f"{path.name}: {sentence}\n")
    said = f"{len(runs)} examples come out as they say" if runs else "it has no examples"
    if len(runs) == 1:
        said = "1 example comes out as it says"
    out.write(f"{plan.name}: {said}; profile {options.profile} allows it.\n")
    out.write(f"It pays at most {held.worst_case}.\n")
    return 0


def _refuse(path: Path, problems: list[str], err: Writer) -> int:
    for problem in problems:
        err.write(f"{path.name}: {problem}\n")
    err.write("1 problem.\n" if len(problems) == 1 else f"{len(problems)} problems.\n")
    return BAD_FILES
