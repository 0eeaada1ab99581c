"""What everything that is measured does in a shell: takes its sizes, says how far it is."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.machine import ROOT

Say = Callable[[str], None]


def asked_for(
    parser: argparse.ArgumentParser,
    given: Sequence[str],
    *,
    quick: Mapping[str, object],
    full: Mapping[str, object],
) -> argparse.Namespace:
    """Return what was asked for; sizes left out are the full ones, or with --quick tiny ones."""
    asked = parser.parse_args(given)
    for name, value in (quick if asked.quick else full).items():
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


def saying() -> Say:
    """Return what says something, with the seconds since now."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {text}", file=sys.stderr, flush=True)

    return say


def page_file(asked: argparse.Namespace, page: str, *, is_part: bool = False) -> Path | None:
    """Return the file that a page is written into; None for a tiny one, or a part: only shown."""
    output = asked.output or (None if asked.quick or is_part else page)
    return ROOT / output if output else None
