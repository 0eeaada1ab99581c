"""Requirements: conditions about one distributor, as small programs over figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

AND = -1
OR = -2


class Asks(IntEnum):
    """What a term asks.

    `AT_LEAST` and `BELOW` compare figure `index` with `need` (hundredths of a point or a number);
    `SHARE` asks whether figure `index` is at least `ppm` of figure `need`. `RANK`, `TITLE` and
    `WAS` ask for a rank of at least `need`: paid-as, title, and paid-as of the period before.
    """

    ACTIVE = 0
    AT_LEAST = 1
    BELOW = 2
    SHARE = 3
    RANK = 4
    TITLE = 5
    WAS = 6


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison."""

    asks: Asks
    index: int = -1
    need: int = 1
    ppm: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement as it is written, and what it asks.

    `program` is in postfix order: a number from 0 is a place in `terms`, `AND` and `OR` join the
    two results before them.
    """

    phrase: str
    terms: tuple[Term, ...]
    program: tuple[int, ...] = (0,)


Requirements = tuple[Requirement, ...]
"""All of them must be met; none are met by everybody."""
