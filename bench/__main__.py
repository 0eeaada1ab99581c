"""`python -m bench`: measure, compare, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

import django

from bench.children import ChildFailed
from bench.databases import own_database
from bench.live import apart, figures, ingest
from bench.memory import KEPT
from bench.pages import answers
from bench.shell import Say, asked_for, page_file, saying

if TYPE_CHECKING:
    from bench.closing import Closings
    from bench.engine.alone import Alone
    from bench.engine.hybrid import Measured
    from bench.rivals.comparing import Compared
    from bench.rivals.storing import Stored

PAGE: Final = "docs/benchmarks.md"
OTHERS: Final = {
    "--ingest": ingest.main,
    "--live": figures.main,
    "--apart": apart.main,
    "--pages": answers.main,
}
"""What is measured by itself, with arguments of its own."""
SIZES: Final = (100, 1_000, 10_000, 100_000)
QUICK: Final = {
    "members": 2_000, "orders": 4_000, "largest": 0, "repeats": 2, "closings": 1,
    "django_up_to": 100,
}  # fmt: skip
FULL: Final = {
    "members": 1_000_000,
    "orders": 2_000_000,
    "largest": 10_000_000,
    "repeats": 7,
    "closings": 3,
    "django_up_to": 10_000,
}


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for; sizes left out are the full ones, or with --quick tiny ones."""
    parser = argparse.ArgumentParser(prog="./upline bench", description=__doc__)
    parser.add_argument("--members", type=int, help="in the engine's months and the closed company")
    parser.add_argument("--orders", type=int)
    parser.add_argument("--largest", type=int, help="members at most, of what can; 0: none")
    parser.add_argument("--shapes", default="wide,mixed,chain", help="wide, mixed, deep, chain")
    parser.add_argument("--rivals-up-to", type=int, default=100_000, help="members in PostgreSQL")
    parser.add_argument("--django-up-to", type=int, help="members in what is written with its ORM")
    parser.add_argument("--repeats", type=int, help="of the engine's stages; the best counts")
    parser.add_argument("--closings", type=int, help="repetitions of refresh and close; 0: none")
    parser.add_argument("--closing-shape", default="mixed")
    parser.add_argument(
        "--engine-alone-members",
        type=int,
        default=0,
        help="the engine alone over so many members, an order each; 240 bytes a member",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run, does all agree")
    parser.add_argument("--output", help=f"default: {PAGE}; with --quick: shown only")
    return asked_for(parser, given, quick=QUICK, full=FULL)


def main(given: list[str]) -> int:
    """Measure and write the page; 1 if anything does not agree."""
    asked = arguments(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench import machine, report
    from bench.engine.earnings import Disagreement

    say = saying()
    facts = machine.facts(database_url=os.environ["DATABASE_URL"], seed=asked.seed)
    try:
        compared, stored = _compare(asked, say), _store(asked, say)
        hybrids = _measure_hybrids(asked, say)
        alone = _measure_alone(asked, say) if asked.engine_alone_members else None
        closings = _close(asked, say) if asked.closings else None
    except Disagreement as wrong:
        print(f"bench: {wrong}", file=sys.stderr)
        return 1
    facts["load after it"] = machine.load()
    text = report.page(facts, compared, hybrids, closings, stored, alone)
    if page := page_file(asked, PAGE):
        page.write_text(text, encoding="utf-8")
        for name, picture in report.pictures(compared).items():
            (page.parent / "images" / name).write_text(picture, encoding="utf-8")
    print(text)
    return 0


def _compare(asked: argparse.Namespace, say: Say) -> list[Compared]:
    """Measure the first table: the engine beside its rivals."""
    from bench.rivals import comparing
    from bench.rivals.one import pay_apart

    by_member = asked.orders // asked.members
    most = max(asked.members, asked.largest)
    sizes = [(members, members * by_member) for members in SIZES if members < asked.members]
    sizes += [(members, members * by_member) for members in dict.fromkeys((asked.members, most))]
    url = os.environ["DATABASE_URL"]
    return list(
        comparing.compare(
            sizes=sizes,
            shapes=asked.shapes.split(","),
            rivals=comparing.all_rivals(
                database_url=url, up_to=asked.rivals_up_to, django_up_to=asked.django_up_to
            ),
            repeats=asked.repeats,
            seed=asked.seed,
            say=say,
            pay=pay_apart,
        )
    )


def _store(asked: argparse.Namespace, say: Say) -> list[Stored]:
    """Measure the same months with what they pay stored, in a database of the benchmark's own."""
    from bench.rivals.storing import store_months

    with own_database(os.environ["DATABASE_URL"], "bench_stored") as url:
        return list(
            store_months(
                members=asked.members,
                by_member=asked.orders // asked.members,
                shapes=asked.shapes.split(","),
                up_to=asked.rivals_up_to,
                database_url=url,
                seed=asked.seed,
                say=say,
            )
        )


def _measure_hybrids(asked: argparse.Namespace, say: Say) -> list[Measured]:
    """Measure the second table, every shape in two sizes."""
    from bench.engine.hybrid import Size
    from bench.engine.witness import measure_agreed

    by_member = asked.orders // asked.members
    sizes = [
        Size(members, members * by_member, shape, asked.seed, asked.repeats)
        for shape in asked.shapes.split(",")
        for members in dict.fromkeys((asked.members, max(asked.members, asked.largest)))
    ]
    return list(measure_agreed(sizes, say))


def _measure_alone(asked: argparse.Namespace, say: Say) -> Alone:
    """Measure the engine over a network larger than any company's."""
    from bench.engine.alone import measure_apart
    from bench.engine.hybrid import Size

    members = asked.engine_alone_members
    say(f"the engine alone over {members:,} members")
    return measure_apart(Size(members, members, asked.closing_shape, asked.seed))


def _close(asked: argparse.Namespace, say: Say) -> Closings:
    """Measure the third table: from PostgreSQL to PostgreSQL."""
    from bench import closing

    return closing.close_months(
        database_url=os.environ["DATABASE_URL"],
        members=asked.members,
        orders=asked.orders,
        shape=asked.closing_shape,
        repeats=asked.closings,
        seed=asked.seed,
        say=say,
    )


def run(given: list[str]) -> int:
    """Measure what is asked for; 1 as well if a process of its own failed at it."""
    measure = next((other for name, other in OTHERS.items() if name in given), main)
    if measure is main:
        keep_memory(given)
    try:
        return measure(given)
    except ChildFailed as failed:
        print(f"bench: {failed}", file=sys.stderr)
        return 1


def keep_memory(given: list[str]) -> None:
    """Begin this process anew so that it keeps what memory it has, as workers do: all rivals, too.

    How a process gets its memory is settled when it starts.
    """
    if any(os.environ.get(name) != value for name, value in KEPT.items()):
        again = [sys.executable, "-m", "bench", *given]
        os.execve(sys.executable, again, {**os.environ, **KEPT})


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
