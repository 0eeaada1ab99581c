"""What the phrases of a plan mean, once they are read: volumes and requirements."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from typing_extensions import override


@dataclass(frozen=True)
class Window:
    """`within 60 days of joining`, `after 3 months of joining`."""

    number: int
    unit: str
    after: bool = False


@dataclass(frozen=True)
class Orders:
    """`cv of customers' first orders`; `which` is `all`, `first` or `later`."""

    column: str
    own: bool
    customers: bool
    which: str = "all"
    window: Window | None = None


@dataclass(frozen=True)
class Term:
    """`+ 50% of TEAM`; without a per cent the share is None."""

    sign: int
    share: Fraction | None
    volume: str


@dataclass(frozen=True)
class Sum:
    """`PV + 50% of TEAM`."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Group:
    """`PV of self and downline without Silver groups in placement`.

    `scope` is as written, but `levels` for levels, which then go from `first` to `last`.
    """

    of: str
    scope: str
    tree: str = "sponsor"
    without: str | None = None
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Compressed:
    """`PV of compressed orders`."""

    of: str


@dataclass(frozen=True)
class OverTime:
    """What needs earlier periods; `how` is `lifetime`, `last`, `before` or `growth`."""

    of: str
    how: str
    periods: int = 0


@dataclass(frozen=True)
class Weighted:
    """Weighted levels; `of` is None for people, whose weights are points instead of per cents."""

    of: str | None
    self_weight: Fraction
    levels: tuple[Fraction, ...]
    who: "Requirement"
    compression: str
    tree: str


@dataclass(frozen=True)
class Reserve:
    of: str
    at_once: Fraction
    most: Fraction
    draws_to: Fraction


Volume = Orders | Sum | Group | Compressed | OverTime | Weighted | Reserve


@dataclass(frozen=True)
class All:
    """All of these: a list of requirements, and what `and` joins."""

    of: tuple["Requirement", ...]


@dataclass(frozen=True)
class OneOf:
    """One of these: what `or` joins."""

    of: tuple["Requirement", ...]


@dataclass(frozen=True)
class IsActive:
    @override
    def __str__(self) -> str:
        return "active"


@dataclass(frozen=True)
class AtLeast:
    """`PV >= 100`."""

    volume: str
    points: Fraction

    @override
    def __str__(self) -> str:
        return f"{self.volume} >= {plain(self.points)}"


@dataclass(frozen=True)
class AtLeastShare:
    """`CUSTOMERS >= 50% of PV`."""

    volume: str
    share: Fraction
    of: str


@dataclass(frozen=True)
class LegLimit:
    """`GV >= 2000, at most 60% of it from one leg or oneself`."""

    volume: str
    points: Fraction
    share: Fraction
    or_oneself: bool

    @override
    def __str__(self) -> str:
        whom = "one leg or oneself" if self.or_oneself else "one leg"
        most = plain(self.share * 100)
        return f"{self.volume} >= {plain(self.points)}, at most {most}% of it from {whom}"


@dataclass(frozen=True)
class HasRank:
    rank: str

    @override
    def __str__(self) -> str:
        return name_of(self.rank)


@dataclass(frozen=True)
class HasTitle:
    rank: str

    @override
    def __str__(self) -> str:
        return f"title {name_of(self.rank)}"


@dataclass(frozen=True)
class WasRank:
    rank: str


@dataclass(frozen=True)
class RankBefore:
    """`Silver in 3 of the 5 periods before`."""

    rank: str
    times: int
    periods: int


@dataclass(frozen=True)
class Joined:
    """`months since joining < 3`; `below` is False for `>=`."""

    unit: str
    below: bool
    number: int


Condition = IsActive | AtLeast | HasRank | HasTitle


@dataclass(frozen=True)
class People:
    """Who is counted: `legs with Bronze in binary`.

    `whom` is `customers`, `frontline`, `enrolled`, `downline` or `legs`; `levels` is of `downline
    within 3 levels`; `leg` is the `left` or `right` one of `tree` in which the enrolled must be.
    """

    whom: str
    conditions: tuple[Condition, ...]
    tree: str = "sponsor"
    levels: int | None = None
    leg: str | None = None

    @override
    def __str__(self) -> str:
        levels = "1 level" if self.levels == 1 else f"{self.levels} levels"
        within = f" within {levels}" if self.levels else ""
        where = f" in {self.tree}" if self.tree != "sponsor" else ""
        if self.whom == "enrolled":
            where = f" in the {self.leg} leg of {self.tree}" if self.leg else ""
        return f"{self.whom}{within} with {' and '.join(map(str, self.conditions))}{where}"


@dataclass(frozen=True)
class Count:
    """`frontline with Silver are at least 3`."""

    people: People
    number: int


Requirement = (
    All
    | OneOf
    | IsActive
    | AtLeast
    | AtLeastShare
    | LegLimit
    | HasRank
    | HasTitle
    | WasRank
    | RankBefore
    | Joined
    | Count
)


def single(requirement: Requirement) -> Iterator[Requirement]:
    """Yield every phrase of a requirement by itself, without `and`, `or` and brackets."""
    if isinstance(requirement, All | OneOf):
        for each in requirement.of:
            yield from single(each)
    else:
        yield requirement


def name_of(rank: str) -> str:
    """Return a rank as a phrase has it: in single quotes, unless it is made of capital words.

    >>> name_of("Two Star"), name_of("Élite 2"), name_of("head of sales")
    ('Two Star', 'Élite 2', "'head of sales'")
    """
    words = rank.split(" ")
    begin = [word[:1] for word in words]
    is_plain = begin[0].isupper() and all(each.isupper() or each.isdigit() for each in begin)
    return rank if is_plain else f"'{rank}'"


def plain(points: Fraction) -> str:
    """Return points as a person writes them.

    >>> plain(Fraction("40.50")), plain(Fraction(-100))
    ('40.5', '-100')
    """
    if points.denominator == 1:
        return str(points.numerator)
    whole, hundredths = divmod(int(abs(points) * 100), 100)
    return ("-" if points < 0 else "") + f"{whole}.{hundredths:02}".rstrip("0")
