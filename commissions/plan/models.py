"""The shape of a plan file: which keys there are and what may stand in them.

The JSON Schema comes from these models, and so do the mistakes of shape. What keys mean together
is `compile`'s business.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from commissions.plan import exact, phrases
from commissions.plan.currencies import EXPONENTS
from commissions.plan.mistakes import closest

Cadence = Literal[
    "daily", "weekly", "four-weekly", "semi-monthly", "monthly", "quarterly", "yearly"
]
RoundingName = Literal["half away from zero", "half to even", "toward zero"]


def refusal(
    problem: str, remedy: str, suggestion: str = "", offset: int = -1
) -> PydanticCustomError:
    """Return a mistake in the shape that pydantic carries to its place."""
    context = {"problem": problem, "remedy": remedy, "suggestion": suggestion, "offset": offset}
    return PydanticCustomError("plan", "{problem}", context)


def _rate(text: str) -> str:
    try:
        exact.rate_ppm(text)
    except ValueError as error:
        raise refusal(
            str(error), 'Write per cents like "5%" or "2.5%", from "0%" to "100%".'
        ) from error
    return text


def _point_value(text: str) -> str:
    try:
        exact.point_value(text, 0)
    except ValueError as error:
        raise refusal(str(error), 'Write an amount of money like "1.00".') from error
    return text


def _requirement(text: str) -> str:
    try:
        phrases.read_requirement(text)
    except phrases.BadPhrase as error:
        raise refusal(error.problem, error.remedy, error.suggestion, error.offset) from error
    return text


def _volume(text: str) -> str:
    try:
        phrases.read_volume(text)
    except phrases.BadPhrase as error:
        raise refusal(error.problem, error.remedy, error.suggestion, error.offset) from error
    return text


def _currency(text: str) -> str:
    if text not in EXPONENTS:
        raise refusal(f'"{text}" is no currency.', 'Write its ISO 4217 code, like "USD".',
                      closest(text, EXPONENTS))  # fmt: skip
    return text


def _name(text: str) -> str:
    if not text.strip() or text != text.strip() or len(text) > 60 or "\n" in text:
        raise refusal("This is no name.", "Write 1 to 60 letters, no space at either end.")
    return text


Name = Annotated[str, AfterValidator(_name), Field(min_length=1, max_length=60)]
Rate = Annotated[
    str, AfterValidator(_rate), Field(json_schema_extra={"pattern": r"^\d{1,3}(\.\d{1,4})? *%$"})
]
RequirementText = Annotated[str, AfterValidator(_requirement)]
VolumeText = Annotated[str, AfterValidator(_volume)]
Levels = Annotated[list[Rate], Field(min_length=1, max_length=100)]
Rates = Annotated[
    Annotated[Levels, Tag("by level")]
    | Annotated[dict[str, Levels], Tag("by rank"), Field(min_length=1)],
    Discriminator(lambda value: "by rank" if isinstance(value, dict) else "by level"),
]
TAGS = {"by level", "by rank"}


class Table(BaseModel):
    """A table of a plan: no key that is not named here, no type that is not meant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VolumeTable(Table):
    """What the three volumes are made of."""

    PV: VolumeText = "pv of own and customers' orders"
    CV: VolumeText = "cv of own and customers' orders"
    GV: VolumeText = "PV of self and downline"


class ActiveTable(Table):
    """Who is active."""

    require: Annotated[list[RequirementText], Field(min_length=1)]


class RankTable(Table):
    """A rank and what it requires."""

    name: Name
    require: Annotated[list[RequirementText], Field(min_length=1)]


class BonusTable(Table):
    """What every kind of bonus has."""

    name: Name
    kind: str


class PlanTable(Table):
    """A plan file."""

    name: Name
    currency: Annotated[str, AfterValidator(_currency)]
    cadence: Cadence
    point_value: Annotated[str, AfterValidator(_point_value)] = "1.00"
    rounding: RoundingName = "half away from zero"
    volume: VolumeTable = VolumeTable()
    active: ActiveTable | None = None
    rank: list[RankTable] = []
    bonus: list[dict[str, Any]] = []
