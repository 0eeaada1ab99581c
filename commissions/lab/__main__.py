"""`python -m commissions.lab`: the lab without Django and its settings."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from commissions.lab.command import add_arguments, execute


def main(arguments: Sequence[str], program: str = "python -m commissions.lab") -> int:
    """Run the lab; return the exit status."""
    parser = ArgumentParser(prog=program, description="Run a compensation plan on CSV files.")
    add_arguments(parser)
    return execute(parser.parse_args(arguments), sys.stdout, sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
