"""Who is there: members, what their state lets them do, and where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

JOINED = datetime(2025, 1, 1)  # noqa: DTZ001 - in the company's time zone, as all times here


@dataclass(frozen=True)
class Policies:
    """What a member's state allows, by the life-cycle table of the documentation."""

    earns: bool = True
    occupies_level: bool = True
    counts_as_leg: bool = True
    keeps_volume: bool = True
    keeps_customers: bool = True


EVERYTHING = Policies()
STATUSES = {
    "active": EVERYTHING,
    "reinstated": EVERYTHING,
    "suspended": EVERYTHING,
    "deceased": EVERYTHING,
    "lapsed": Policies(
        earns=False,
        occupies_level=False,
        counts_as_leg=True,
        keeps_volume=True,
        keeps_customers=False,
    ),
    "applicant": Policies(
        earns=False,
        occupies_level=False,
        counts_as_leg=False,
        keeps_volume=False,
        keeps_customers=True,
    ),
    "terminated": Policies(
        earns=False,
        occupies_level=False,
        counts_as_leg=False,
        keeps_volume=False,
        keeps_customers=False,
    ),
}


@dataclass(frozen=True)
class Place:
    """A place in a placement tree; a top has no parent, a free tree no legs."""

    parent: str | None
    leg: int | None = None


@dataclass(frozen=True)
class Member:
    """A member of the network. `rank_by_hand` is None where nothing is set by hand."""

    id: str
    sponsor: str | None = None
    is_customer: bool = False
    policies: Policies = EVERYTHING
    joined: datetime = JOINED
    enroller: str | None = None
    market: str | None = None
    holder: str | None = None
    rank_by_hand: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


Network = Mapping[str, Member]
"""Members by id, in the order of their numbers."""


def distributor_above(network: Network, member: Member) -> str | None:
    """Return the nearest distributor above along sponsors; customers are looked through."""
    above = member.sponsor
    while above is not None and network[above].is_customer:
        above = network[above].sponsor
    return above


def introduced_by(network: Network, member: Member) -> str | None:
    """Return the nearest distributor going up along enrollers; who has none: along sponsors."""
    above = member.enroller or member.sponsor
    while above is not None and network[above].is_customer:
        above = network[above].enroller or network[above].sponsor
    return above


def distributors(network: Network) -> list[str]:
    return [id for id, member in network.items() if not member.is_customer]
