"""Ask lab and oracle about drawn cases, and report where they differ: docs/measuring.md."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path

from commissions.lab.command import Writer

DIFFERS = 1
NOT_HERE = 2


def add_fuzz_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--cases", type=int, default=1_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the first case's number")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many processes")
    parser.add_argument("--seconds", type=int, metavar="N", help="stop after so long")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table here, too")


def execute_fuzz(options: Namespace, out: Writer, err: Writer) -> int:
    """Run the cases; return the exit status.

    It is 1 if anything differed, or if a long run left something out, and 2 where the tests, which
    hold the oracle, are not installed.
    """
    try:
        reporting = import_module("tests.oracle.reporting")
    except ModuleNotFoundError as error:
        err.write(f"The oracle is one of the tests, and they are not here: {error}\n")
        return NOT_HERE
    is_good = reporting.fuzz_and_report(
        seeds=range(options.seed, options.seed + options.cases),
        jobs=options.jobs,
        seconds=options.seconds,
        report_to=options.report,
        tell=lambda text: out.write(f"{text}\n"),
    )
    return 0 if is_good else DIFFERS
