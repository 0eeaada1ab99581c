"""The small words that a plan's rules are made of."""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

T = TypeVar("T")

ByMarket = tuple[T, ...]
"""One of each: at 0 for members of no market that the plan names, then by `Plan.markets`."""


class Unit(IntEnum):
    """What a figure counts: hundredths of a point, or people, days, periods."""

    POINTS = 0
    NUMBER = 1


class Whose(IntEnum):
    """Whose orders; the values are bits."""

    OWN = 1
    CUSTOMERS = 2
    BOTH = 3


class OrderOf(IntEnum):
    """Which of a buyer's orders."""

    ALL = 0
    FIRST = 1
    LATER = 2


class TimeOf(IntEnum):
    """When, counted from the buyer's joining."""

    ALWAYS = 0
    WITHIN_DAYS = 1
    AFTER_DAYS = 2
    WITHIN_MONTHS = 3
    AFTER_MONTHS = 4


class Scope(IntEnum):
    """Whose figures a group volume adds."""

    SELF_AND_DOWNLINE = 0
    DOWNLINE = 1
    SELF_AND_FRONTLINE = 2
    FRONTLINE = 3
    LEVELS = 4
    LARGEST_LEG = 5
    ALL_BUT_LARGEST = 6
    LEFT_LEG = 7
    RIGHT_LEG = 8
    WEAKER_LEG = 9
    STRONGER_LEG = 10
    LEGS = 11
    """Counting people only: legs that have one."""


class Past(IntEnum):
    """Which periods a volume over time adds."""

    LIFETIME = 0
    LAST = 1
    BEFORE = 2
    GROWTH = 3


class Compression(IntEnum):
    """Who is looked through on the way up; docs/plan-language.md has the table."""

    NONE = 0
    INACTIVE = 1
    DYNAMIC = 2


class RoundAt(IntEnum):
    """Where the exact amount is rounded."""

    LINE = 0
    BONUS = 1
    EARNER = 2


class OnReturn(IntEnum):
    """What a return does that comes after its sale was paid on."""

    LINE = 0
    VOLUME = 1
    SHARE = 2
    NONE = 3
