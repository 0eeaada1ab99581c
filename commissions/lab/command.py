"""The lab's command line, the same with Django and without."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Protocol

from commissions.lab.figures import figure
from commissions.lab.mistakes import LabError
from commissions.lab.profiles import DEFAULT
from commissions.lab.request import LabRequest
from commissions.lab.rhythms import Clock, shifted
from commissions.lab.run import run_lab
from commissions.lab.why import why_lines

BAD_FILES = 2


class Writer(Protocol):
    """Somewhere to write sentences."""

    def write(self, text: str, /) -> object:
        """Write a text."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("plan", type=Path, metavar="PLAN.toml")
    parser.add_argument("--members", type=Path, required=True, metavar="CSV")
    parser.add_argument("--sales", type=Path, required=True, metavar="CSV")
    parser.add_argument("--period", required=True, metavar="START..END")
    parser.add_argument("--cadence", metavar="CADENCE", help="a shorter rhythm of the plan")
    parser.add_argument(
        "--so-far-from", metavar="DATE", help="with --cadence: first day of the longer period"
    )
    _add_many(parser, "--state", "CSV", "what the period before left; as often as needed")
    parser.add_argument("--as-of", metavar="DATE", help="moment of the tree; default: END")
    _add_many(
        parser, "--prior", "DIR",
        "output of a run that late returns go back to; as often as needed",
    )  # fmt: skip
    _add_many(
        parser, "--shorter", "DIR",
        "output of a run of a shorter rhythm whose bonuses are matched; as often as needed",
    )  # fmt: skip
    parser.add_argument("--time-zone", default="UTC", metavar="NAME")
    parser.add_argument("--profile", default=DEFAULT, metavar="NAME", help="rules of the law")
    _add_words(parser, "--explain", "SALE", "say what became of a sale; as often as needed")
    _add_words(
        parser, "--missed", "MEMBER",
        "say what reached a member and was not paid; as often as needed",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")


def _add_many(parser: ArgumentParser, option: str, metavar: str, help_: str) -> None:
    parser.add_argument(option, type=Path, action="append", default=[], metavar=metavar, help=help_)


def _add_words(parser: ArgumentParser, option: str, metavar: str, help_: str) -> None:
    parser.add_argument(option, action="append", default=[], metavar=metavar, help=help_)


def execute(options: Namespace, out: Writer, err: Writer) -> int:
    """Run the lab; return the exit status: 0, or 2 after naming every problem."""
    request = LabRequest(
        plan=options.plan,
        members=options.members,
        sales=options.sales,
        period=options.period,
        out=options.out,
        state=tuple(options.state),
        as_of=options.as_of,
        prior=tuple(options.prior),
        shorter=tuple(options.shorter),
        cadence=options.cadence,
        so_far_from=options.so_far_from,
        time_zone=options.time_zone,
        profile=options.profile,
        explain=tuple(options.explain),
        missed=tuple(options.missed),
    )
    try:
        outcome = run_lab(request)
    except LabError as error:
        for mistake in error.mistakes:
            err.write(f"{mistake}\n")
        count = len(error.mistakes)
        problems = "1 problem" if count == 1 else f"{count} problems"
        err.write(f"{problems}; nothing was written.\n")
        return BAD_FILES
    total = figure(int(outcome.lines.amount.sum()), outcome.plan.exponent)
    lines = "1 line" if len(outcome.lines) == 1 else f"{len(outcome.lines):,} lines"
    out.write(
        f"{outcome.plan.name}: {lines}, {total} {outcome.plan.currency}. Written to {request.out}\n"
    )
    out.write(_period_note(outcome.clock))
    for line in why_lines(outcome, request.explain, request.missed):
        out.write(f"{line}\n")
    return 0


def _period_note(clock: Clock) -> str:
    """Return a sentence if the stretch is no whole period, as when its last day is given as END."""
    first = clock.period.first_day
    end = shifted(first, clock.rhythm, 1)
    if clock.period.end.date() == end:
        return ""
    return (
        f"Note: a {clock.rhythm} period from {first} would end before {end}:"
        f" --period {first}..{end} says so. This run ended before {clock.period.end.date()}.\n"
    )
