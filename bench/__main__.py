"""`python -m bench`: measure, compare, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Final

import django

PAGE: Final = "docs/benchmarks.md"
QUICK: Final = {"members": 2_000, "orders": 4_000, "repeats": 2, "closings": 1}
FULL: Final = {"members": 1_000_000, "orders": 2_000_000, "repeats": 7, "closings": 3}


def arguments(given: list[str]) -> argparse.Namespace:
    """Return what was asked for; sizes left out are the full ones, or with --quick tiny ones."""
    parser = argparse.ArgumentParser(prog="./upline bench", description=__doc__)
    parser.add_argument("--members", type=int, help="in the engine's months and the closed company")
    parser.add_argument("--orders", type=int)
    parser.add_argument("--shapes", default="wide,mixed,chain", help="wide, mixed, deep, chain")
    parser.add_argument("--rivals-up-to", type=int, default=100_000, help="members in PostgreSQL")
    parser.add_argument("--repeats", type=int, help="of the engine's stages; the best counts")
    parser.add_argument("--closings", type=int, help="repetitions of refresh and close; 0: none")
    parser.add_argument("--closing-shape", default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="tiny: does it run, does all agree")
    parser.add_argument("--output", help=f"default: {PAGE}; with --quick: shown only")
    asked = parser.parse_args(given)
    for name, value in (QUICK if asked.quick else FULL).items():
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


def main(given: list[str]) -> int:
    """Measure and write the page; 1 if anything does not agree."""
    asked = arguments(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench import closing, earnings, machine, report, rivals

    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {text}", file=sys.stderr, flush=True)

    url = os.environ["DATABASE_URL"]
    facts = machine.facts(database_url=url, seed=asked.seed)
    sizes = [(asked.members, asked.orders)]
    if asked.members > rivals.SMALL:
        sizes.insert(0, (rivals.SMALL, rivals.SMALL * asked.orders // asked.members))
    try:
        compared = list(
            rivals.compare(
                sizes=sizes,
                shapes=asked.shapes.split(","),
                rivals=rivals.all_rivals(database_url=url, up_to=asked.rivals_up_to),
                repeats=asked.repeats,
                seed=asked.seed,
                say=say,
            )
        )
        closings = (
            closing.close_months(
                database_url=url,
                members=asked.members,
                orders=asked.orders,
                shape=asked.closing_shape,
                repeats=asked.closings,
                seed=asked.seed,
                say=say,
            )
            if asked.closings
            else None
        )
    except (earnings.Disagreement, closing.Wrong) as wrong:
        print(f"bench: {wrong}", file=sys.stderr)
        return 1
    facts["load after it"] = machine.load()
    text = report.page(facts, compared, closings)
    output = asked.output or (None if asked.quick else PAGE)
    if output:
        (machine.ROOT / Path(output)).write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
