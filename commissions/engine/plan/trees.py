"""The trees that a plan's rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

SPONSOR = 0
ENROLLER = 1
"""Places in `Plan.trees` of the two trees that exist always."""


class TreeKind(IntEnum):
    """How a tree comes about."""

    SPONSOR = 0
    ENROLLER = 1
    BINARY = 2
    MATRIX = 3
    FREE = 4
    PASS_UP = 5


@dataclass(frozen=True, slots=True)
class TreeRule:
    """A tree. `width` is of a binary (2) or matrix; `of` and `first` of a pass-up tree.

    `finds_places` tells whether the lab places those who have no place, breadth-first.
    """

    name: str
    kind: TreeKind
    width: int = 0
    of: int = SPONSOR
    first: int = 0
    finds_places: bool = False
