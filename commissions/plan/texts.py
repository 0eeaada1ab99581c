"""The small texts that a plan is made of, as types for its models: rates, points, money, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from commissions.plan import exact, limits
from commissions.plan.currencies import EXPONENTS
from commissions.plan.mistakes import closest

SMALL_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
VOLUME_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,29}")
MARKET_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")


def refusal(
    problem: str, remedy: str, suggestion: str = "", offset: int = -1
) -> PydanticCustomError:
    """Return a mistake in the shape that pydantic carries to its place."""
    context = {"problem": problem, "remedy": remedy, "suggestion": suggestion, "offset": offset}
    return PydanticCustomError("plan", "{problem}", context)


def _exactly(read: Callable[[str], object], remedy: str) -> AfterValidator:
    """Return a check that a text can be read; the model keeps the text."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError as error:
            raise refusal(str(error), remedy) from error
        return text

    return AfterValidator(check)


def _pay(text: str) -> None:
    if "%" in text:
        exact.rate_ppm(text)
    else:
        exact.minor_units(text, 3)


def _currency(text: str) -> str:
    if text not in EXPONENTS:
        raise refusal(f'"{text}" is no currency.', 'Write its ISO 4217 code, like "USD".',
                      closest(text, EXPONENTS))  # fmt: skip
    return text


def _name(text: str) -> str:
    unseen = any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text)
    if not text.strip() or text != text.strip() or len(text) > 60 or unseen:
        raise refusal(
            "This is no name.", "Write 1 to 60 letters that can be seen, no space at either end."
        )
    return text


def _sentence(text: str) -> str:
    if not text.strip() or len(text) > 300 or "\n" in text:
        raise refusal("This is no sentence.", "Write 1 to 300 letters in one line.")
    return text


def _weight(value: int | str) -> int | str:
    text = str(value)
    try:
        if "%" in text:
            exact.rate_ppm(text)
        else:
            exact.hundredths(text)
    except ValueError as error:
        remedy = 'Write a per cent of a volume, "5%", or points for each person, "5".'
        raise refusal(str(error), remedy) from error
    return value


def _schema(pattern: str, *examples: str) -> Any:
    return Field(json_schema_extra={"pattern": pattern, "examples": list(examples)})


Name = Annotated[str, AfterValidator(_name), Field(min_length=1, max_length=60)]
Sentence = Annotated[str, AfterValidator(_sentence), Field(min_length=1, max_length=300)]
Currency = Annotated[str, AfterValidator(_currency), _schema("^[A-Z]{3}$", "USD")]
PointValue = Annotated[
    str,
    _exactly(lambda text: exact.point_value(text, 0), 'Write an amount of money like "1.00".'),
    _schema(r"^\d{1,9}(\.\d{1,6})?$", "1.00"),
]
Rate = Annotated[
    str,
    _exactly(exact.rate_ppm, exact.WRITE_RATE),
    _schema(r"^\d{1,3}(\.\d{1,4})? *%$", "5%"),
]
Points = Annotated[
    str,
    _exactly(exact.hundredths, exact.WRITE_POINTS),
    _schema(r"^\d+(\.\d{1,2})?$", "2000"),
]
Money = Annotated[
    str,
    _exactly(lambda text: exact.minor_units(text, 3), exact.WRITE_MONEY),
    _schema(r"^\d+(\.\d{1,3})?$", "25.00"),
]
RateOrMoney = Annotated[
    str,
    _exactly(_pay, exact.WRITE_PAY),
    _schema(r"^(\d{1,3}(\.\d{1,4})? *%|\d+(\.\d{1,3})?)$", "5%", "25.00"),
]
Weight = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[int, Tag("<number>")],
    Discriminator(lambda value: "<number>" if type(value) is int else "<text>"),
    AfterValidator(_weight),
]

Requirement = Annotated[
    str,
    Field(json_schema_extra={"examples": ["active", "GV >= 2000", "legs with Silver >= 2"]}),
]
Requirements = Annotated[list[Requirement], Field(max_length=50)]
SomeRequirements = Annotated[list[Requirement], Field(min_length=1, max_length=50)]
VolumeText = Annotated[
    str, Field(json_schema_extra={"examples": ["pv of own orders", "PV of self and downline"]})
]
VolumeName = Annotated[str, Field(json_schema_extra={"examples": ["CV"]})]
RankName = Annotated[str, Field(json_schema_extra={"examples": ["Silver"]})]
TreeName = Annotated[str, Field(json_schema_extra={"examples": ["sponsor"]})]
ShareOf = Annotated[str, Field(json_schema_extra={"examples": ["2% of CV"]})]
WithinText = Annotated[str, Field(json_schema_extra={"examples": ["60 days", "3 months"]})]
PeopleText = Annotated[str, Field(json_schema_extra={"examples": ["frontline with PV >= 600"]})]
LinesText = Annotated[str, Field(max_length=limits.TEXT)]


def _list_or_table(value: Any) -> str:
    return "<table>" if isinstance(value, dict) else "<list>"


def _text_or_table(value: Any) -> str:
    return "<table>" if isinstance(value, dict) else "<text>"


def _text_or_list(value: Any) -> str:
    return "<list>" if isinstance(value, list) else "<text>"


Levels = Annotated[list[Rate], Field(min_length=1, max_length=limits.LEVELS)]
GradeLevels = Annotated[list[Rate], Field(max_length=limits.LEVELS)]
PayLevels = Annotated[list[RateOrMoney], Field(min_length=1, max_length=limits.LEVELS)]
GradePayLevels = Annotated[list[RateOrMoney], Field(max_length=limits.LEVELS)]

RatesByLevel = Annotated[
    Annotated[Levels, Tag("<list>")]
    | Annotated[dict[str, GradeLevels], Tag("<table>"), Field(min_length=1)],
    Discriminator(_list_or_table),
]
PaysByLevel = Annotated[
    Annotated[PayLevels, Tag("<list>")]
    | Annotated[dict[str, GradePayLevels], Tag("<table>"), Field(min_length=1)],
    Discriminator(_list_or_table),
]
OneRate = Annotated[
    Annotated[Rate, Tag("<text>")]
    | Annotated[dict[str, Rate], Tag("<table>"), Field(min_length=1)],
    Discriminator(_text_or_table),
]
OnePay = Annotated[
    Annotated[RateOrMoney, Tag("<text>")]
    | Annotated[dict[str, RateOrMoney], Tag("<table>"), Field(min_length=1)],
    Discriminator(_text_or_table),
]
OneMoney = Annotated[
    Annotated[Money, Tag("<text>")]
    | Annotated[dict[str, Money], Tag("<table>"), Field(min_length=1)],
    Discriminator(_text_or_table),
]
Leaders = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[SomeRequirements, Tag("<list>")],
    Discriminator(_text_or_list),
]
