"""Faults to plant, read from `faults.toml`: what is changed where, and a case that notices it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "faults.toml"


@dataclass(frozen=True)
class Fault:
    """`old` stands in the module once; `case` is the number of a drawn case that speaks up."""

    what: str
    module: str
    old: str
    new: str
    case: int


FAULTS = [Fault(**said) for said in tomllib.loads(FILE.read_text(encoding="utf-8"))["fault"]]
