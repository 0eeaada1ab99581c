"""The shape of a plan file: which keys there are and what may stand in them.

The JSON Schema comes from these models, and so do the mistakes of shape. What keys mean together
is the business of whoever compiles them. Keys are in the order of the language page.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from commissions.plan import limits
from commissions.plan.texts import (
    Currency,
    LinesText,
    Money,
    Name,
    OneMoney,
    Points,
    PointValue,
    Rate,
    Requirements,
    Sentence,
    ShareOf,
    SomeRequirements,
    TreeName,
    VolumeText,
    Weight,
)

Cadence = Literal[
    "daily", "weekly", "four-weekly", "semi-monthly", "monthly", "quarterly", "yearly"
]
RoundingName = Literal["half away from zero", "half to even", "toward zero"]


class Table(BaseModel):
    """A table of a plan: no key that is not named here, no type that is not meant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def words_of(annotation: Any) -> tuple[str, ...]:
    """Return the words of a literal type, also of one that may be left out."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(word for part in get_args(annotation) for word in words_of(part))
    return ()


class TreeTable(Table):
    """A further tree."""

    kind: Literal["binary", "matrix", "free", "pass-up"]
    width: Annotated[int, Field(ge=1, le=limits.WIDTH)] | None = None
    fill: Literal["given", "breadth-first"] = "given"
    of: TreeName = "sponsor"
    first: Annotated[int, Field(ge=1, le=limits.WIDTH)] | None = None


class LevelsTable(Table):
    """Points that people on certain levels bring."""

    of: VolumeText
    self: Weight | None = None
    levels: Annotated[list[Weight], Field(min_length=1, max_length=limits.LEVELS)] | None = None
    who: Requirements = []
    compression: Literal["none", "dynamic"] = "none"
    tree: TreeName = "sponsor"


class ReserveTable(Table):
    """What counts at once of each sale, and what is drawn from a reserve."""

    of: VolumeText
    at_once: Points
    most: Points
    draws_to: Points


class ActiveTable(Table):
    """Who is active."""

    require: SomeRequirements


class RankTable(Table):
    """A rank, what it requires, and what keeping it requires."""

    name: Name
    require: SomeRequirements
    maintain: SomeRequirements | None = None


class RanksTable(Table):
    """How ranks are kept."""

    paid_as: Literal["qualified", "title"] = "qualified"
    grace: Annotated[int, Field(ge=0, le=limits.PERIODS)] = 0
    title: Literal["highest", "window"] = "highest"
    met: Annotated[int, Field(ge=1, le=limits.PERIODS)] | None = None
    of: Annotated[int, Field(ge=2, le=limits.PERIODS)] | None = None
    falls: Literal["one step", "to qualified"] | None = None


class CapTable(Table):
    """The plan's limits."""

    per_earner: Money | None = None
    per_holder: Money | None = None
    payout: ShareOf | None = None
    inside: Annotated[list[Name], Field(min_length=1, max_length=limits.ENTRIES)] | None = None


class DeductionTable(Table):
    """What is taken off all that somebody earns."""

    name: Name
    rate: Rate


class MarketActiveTable(Table):
    """Who is active in a market."""

    require: Requirements


class MarketRankTable(Table):
    """What a rank requires in a market."""

    require: Requirements | None = None
    maintain: Requirements | None = None


class MarketCapTable(Table):
    """The plan's limits for earners of a market."""

    per_earner: Money


class MarketBonusCapTable(Table):
    """A bonus's limits for earners of a market."""

    per_earner: OneMoney


class MarketTable(Table):
    """What is different in a market; `bonus` is held against the bonus's kind."""

    leave_out: Annotated[list[Name], Field(min_length=1, max_length=limits.ENTRIES)] = []
    active: MarketActiveTable | None = None
    rank: dict[str, MarketRankTable] = {}
    bonus: dict[str, Any] = {}
    cap: MarketCapTable | None = None


class ExampleTable(Table):
    """One of the plan's own tests, in texts of lines."""

    name: Sentence
    network: LinesText
    sales: LinesText = ""
    state: LinesText = ""
    standings: LinesText = ""
    pays: LinesText
    carries: LinesText = ""
    period: LinesText = ""
    cadence: Cadence | None = None


class PlanTable(Table):
    """A plan file; volumes and bonuses are held against tables of their own."""

    name: Sentence
    currency: Currency
    cadence: Cadence
    point_value: PointValue = "1.00"
    rounding: RoundingName = "half away from zero"
    late_returns: Literal["leave volume", "deduct volume"] = "leave volume"
    tree: Annotated[dict[str, TreeTable], Field(max_length=20)] = {}
    volume: Annotated[dict[str, Any], Field(max_length=limits.ENTRIES)] = {}
    active: ActiveTable | None = None
    rank: Annotated[list[RankTable], Field(max_length=limits.ENTRIES)] = []
    ranks: RanksTable | None = None
    bonus: Annotated[list[dict[str, Any]], Field(max_length=limits.ENTRIES)] = []
    cap: CapTable | None = None
    deduction: Annotated[list[DeductionTable], Field(max_length=20)] = []
    market: Annotated[dict[str, MarketTable], Field(max_length=300)] = {}
    example: Annotated[list[ExampleTable], Field(max_length=limits.ENTRIES)] = []
