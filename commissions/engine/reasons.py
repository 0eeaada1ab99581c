"""Reasons: what happened to somebody, or to volume, as codes with the word that people read.

It loads no compiler, so that whoever only shows reasons can name them.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

NOBODY: Final = -1
"""Instead of a member's number."""


class Outcome(IntEnum):
    """What happened to somebody who was met. Up to `NOT_COVERED` the level is used up.

    From `NOT_A_LEADER` on they come from kinds that have further reasons, from `COUNTED` on they
    are about the volume that a leg of a binary got.
    """

    PAID = 0
    NOT_EARNING = 1
    INACTIVE = 2
    UNQUALIFIED = 3
    NOT_COVERED = 4
    SKIPPED_STATE = 5
    SKIPPED_INACTIVE = 6
    SKIPPED_UNQUALIFIED = 7
    SKIPPED_NOT_COVERED = 8
    NOT_A_LEADER = 9
    BLOCKED = 10
    """Somebody below has the same rate or a higher one."""
    TOO_NEAR = 11
    """Below the first level, or generation, that is paid."""
    BEYOND = 12
    """The way ended below, at a rank that ends it: breakaway, or `stop_at`."""
    BUYER = 13
    """The own order, on which this bonus pays the buyer nothing."""
    GROUP_LEADER = 14
    """The own group, on which this bonus pays its leader nothing."""
    NOT_IN_TREE = 15
    """The sale's owner has no place in the bonus's tree: nobody above is met."""
    CAPPED = 16
    """A limit took something off what somebody is paid."""
    COUNTED = 17
    """The sale entered a leg."""
    PAIRED = 18
    USED_UP = 19
    """Taken off both legs without pay."""
    CARRIED = 20
    """Left in the leg for the next period."""
    FLUSHED = 21
    """Not carried, since the plan does not carry that leg."""
    LOST = 22
    """Lost because somebody is not qualified, or has no rate."""
    FULL = 23
    """Lost because a leg carries no more than so much."""
    EXPIRED = 24
    """Lost because it was carried for too long."""
    MADE_GOOD = 25
    """Set off against what was below zero in the leg."""


class Limit(StrEnum):
    """Which limit took something off, by its key in the plan."""

    PER_BUYER = "per_buyer"
    PER_EARNER = "per_earner"
    PER_HOLDER = "per_holder"
    TOTAL = "total"
    PAYOUT = "payout"


CODES: Final = {
    Outcome.PAID: "paid",
    Outcome.NOT_EARNING: "state",
    Outcome.INACTIVE: "inactive",
    Outcome.UNQUALIFIED: "unqualified",
    Outcome.NOT_COVERED: "not covered",
    Outcome.SKIPPED_STATE: "state",
    Outcome.SKIPPED_INACTIVE: "inactive",
    Outcome.SKIPPED_UNQUALIFIED: "unqualified",
    Outcome.SKIPPED_NOT_COVERED: "not covered",
    Outcome.NOT_A_LEADER: "no leader",
    Outcome.BLOCKED: "blocked",
    Outcome.TOO_NEAR: "too near",
    Outcome.BEYOND: "beyond",
    Outcome.BUYER: "buyer",
    Outcome.GROUP_LEADER: "group leader",
    Outcome.NOT_IN_TREE: "not in tree",
    Outcome.CAPPED: "cap",
    Outcome.COUNTED: "counted",
    Outcome.PAIRED: "paired",
    Outcome.USED_UP: "used up",
    Outcome.CARRIED: "carried",
    Outcome.FLUSHED: "flushed",
    Outcome.LOST: "lost",
    Outcome.FULL: "full",
    Outcome.EXPIRED: "expired",
    Outcome.MADE_GOOD: "made good",
}
"""Each reason's code, as the language page lists them; answers and the lab write these."""

SKIPPED: Final = frozenset(
    {
        Outcome.SKIPPED_STATE,
        Outcome.SKIPPED_INACTIVE,
        Outcome.SKIPPED_UNQUALIFIED,
        Outcome.SKIPPED_NOT_COVERED,
    }
)
"""Reasons that share their code with one that uses the level up: here it goes on to others."""

MEANINGS: Final = {
    "paid": "is paid",
    "state": "may not earn, or stands on no level, in this state",
    "inactive": "is not active in this period",
    "unqualified": "does not meet what the bonus requires",
    "not covered": "has a rank or volume that has no rate here",
    "no leader": "is no leader and is looked through",
    "blocked": "has no higher rate than somebody below who counts",
    "too near": "stands below the first level or generation that is paid",
    "beyond": "stands above the rank at which the way up ends",
    "buyer": "bought it, and this bonus pays the buyer nothing",
    "group leader": "leads this group, and this bonus pays nothing on the own group",
    "not in tree": "has no place in this bonus's tree, so that nobody above is met",
    "cap": "is paid less because of a limit",
    "counted": "has it counted in a leg",
    "paired": "had it paired",
    "used up": "had it taken off both legs without pay",
    "carried": "carries it to the next period",
    "flushed": "loses it, since the plan does not carry this leg",
    "lost": "loses it, since it was not to be paired",
    "full": "loses it, since a leg carries no more",
    "expired": "loses it, since it was carried for too long",
    "made good": "had it set off against what was below zero in the leg",
}
"""What each code says of somebody."""
