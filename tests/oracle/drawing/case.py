"""A whole case: a plan, who is there, what is sold, and the runs that are made, one after another.

All texts are as in the lab's files, so that a case can be written down and read again as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Person:
    """A row of members.csv. A place is a parent and a leg; a top is its own parent."""

    id: str
    sponsor: str = ""
    is_customer: bool = False
    joined: str = "2025-01-01"
    enroller: str = ""
    status: str = ""
    market: str = ""
    rank: str = ""
    holder: str = ""
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bought:
    """A row of sales.csv: a sale, or the return of one."""

    id: str
    member: str
    at: str
    figures: Mapping[str, Fraction]
    purpose: str = ""
    order: str = ""
    returns: str = ""


@dataclass(frozen=True)
class Stretch:
    """A run: its period, and its rhythm if it is not the plan's own."""

    period: str
    cadence: str | None = None
    so_far_from: str | None = None


@dataclass(frozen=True)
class Case:
    """Runs that follow each other: each reads the state that the one before it left.

    A run knows the earlier ones of its rhythm, and those of a shorter one that ended in it.
    """

    plan: Mapping[str, Any]
    people: Sequence[Person]
    sales: Sequence[Bought]
    runs: Sequence[Stretch]
    state: Sequence[tuple[str, str, str]] = ()
    time_zone: str = "UTC"
