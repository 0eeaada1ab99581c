"""What the oracle is told (people, sales, a plan) and what it answers (standings, lines)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Member:
    """A place in the network. The flags are the policies of the member's life-cycle state.

    `rank_by_hand` is None where nothing is set by hand, and "" where no rank is.
    """

    id: str
    sponsor: str | None
    is_customer: bool = False
    earns: bool = True
    occupies_level: bool = True
    keeps_volume: bool = True
    keeps_customers: bool = True
    rank_by_hand: str | None = None


STATUSES = {  # earns, occupies a level, keeps volume, keeps customers
    "active": (True, True, True, True),
    "reinstated": (True, True, True, True),
    "suspended": (True, True, True, True),
    "deceased": (True, True, True, True),
    "lapsed": (False, False, True, False),
    "applicant": (False, False, False, True),
    "terminated": (False, False, False, False),
}


def member_of_status(id: str, sponsor: str | None, status: str) -> Member:
    """Return a distributor with the policies of a status in the lab.

    >>> member_of_status("bob", "alice", "lapsed").keeps_volume
    True
    """
    earns, occupies_level, keeps_volume, keeps_customers = STATUSES[status]
    return Member(
        id,
        sponsor,
        earns=earns,
        occupies_level=occupies_level,
        keeps_volume=keeps_volume,
        keeps_customers=keeps_customers,
    )


@dataclass(frozen=True)
class Sale:
    """An order of the period, or (with negative figures) the return of one. Points."""

    id: str
    buyer: str
    is_customer_order: bool
    pv: Fraction
    cv: Fraction
    returns: str | None = None


Network = Mapping[str, Member]


@dataclass(frozen=True)
class PersonalVolume:
    """`cv of own and customers' orders`."""

    column: str
    own: bool
    customers: bool


@dataclass(frozen=True)
class IsActive:
    """`active`."""


@dataclass(frozen=True)
class VolumeAtLeast:
    """`GV >= 2000`."""

    volume: str
    points: Fraction


@dataclass(frozen=True)
class CustomersAtLeast:
    """`customers with PV >= 40 are at least 3`."""

    volume: str
    points: Fraction
    number: int


Requirement = IsActive | VolumeAtLeast | CustomersAtLeast


@dataclass(frozen=True)
class Rank:
    name: str
    require: list[Requirement]


@dataclass(frozen=True)
class Unilevel:
    """`rates` is by rank, or under the key None for everybody."""

    name: str
    pays_on: str
    compression: str
    rates: dict[str | None, list[Fraction]]


@dataclass(frozen=True)
class Plan:
    decimals: int
    point_value: Fraction
    rounded: Callable[[Fraction], int]
    personal: dict[str, PersonalVolume]
    group_of: str
    active: list[Requirement]
    ranks: list[Rank]
    bonuses: list[Unilevel]

    def customer_requirements(self) -> list[CustomersAtLeast]:
        """Every customers' requirement, of activity first and then of the ranks as written."""
        everything = [*self.active, *(need for rank in self.ranks for need in rank.require)]
        return [need for need in everything if isinstance(need, CustomersAtLeast)]


@dataclass
class Standing:
    """A distributor's figures. `customers` has the count of each pair of volume and points."""

    volumes: dict[str, Fraction] = field(default_factory=dict)
    customers: dict[tuple[str, Fraction], int] = field(default_factory=dict)
    is_active: bool = False
    qualified_as: str | None = None
    paid_as: str | None = None


@dataclass(frozen=True)
class Met:
    """An upline whom a sale met, with the level to be paid then.

    `rule` is the line of the table in the documentation that decided, 1 to 7; 7 is paid.
    """

    bonus: str
    member: str
    level: int
    rule: int
    base: Fraction
    rate: Fraction = Fraction(0)
    amount: int = 0


@dataclass(frozen=True)
class Line:
    """One payment. `amount` is in the currency's smallest unit, `base` in points."""

    earner: str
    bonus: str
    level: int
    sale: str
    base: Fraction
    rate: Fraction
    amount: int
