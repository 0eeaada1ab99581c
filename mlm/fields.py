"""Fields of the API: strict about types, exact about money, and the same in every body.

Nothing is guessed: a number is no text, a text is no number, a time has a zone, money is text with
its currency. What came in wrong is told with all else that came in wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.core.validators import RegexValidator
from django.http import QueryDict
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from typing_extensions import override

from mlm.currencies import exponent, to_decimal
from mlm.display import POINT_DECIMALS, to_minor

# Text on one line that neither begins nor ends with a space
ONE_LINE: Final = r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
# Numbers of other systems: visible ASCII, spaces inside allowed
FOREIGN_ID: Final = r"^[!-~](?:[ -~]*[!-~])?$"
AMOUNT: Final = r"^[0-9]{1,12}(?:\.[0-9]{1,3})?$"
CURRENCY: Final = r"^[A-Z]{3}$"
# What clocks may differ by, and before which nothing was sold through us
CLOCKS_DIFFER: Final = timedelta(minutes=10)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class StrictSerializer(serializers.Serializer[Any]):
    """Takes the fields it knows and refuses any other, with all mistakes at once."""

    def mistakes_between(self, data: Mapping[str, Any]) -> dict[str, ErrorDetail]:
        """Return what is wrong with fields that are right each by itself, by field."""
        return {}

    @override
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the values, or raise every mistake."""
        errors: dict[str, Any] = {}
        values: dict[str, Any] = {}
        if isinstance(data, QueryDict):  # as a plain mapping, an empty value is a value
            twice = [ErrorDetail("Give it once.", "given_twice")]
            errors = {name: twice for name, given in data.lists() if len(given) > 1}
            data = data.dict()
        try:
            values = super().to_internal_value(data)
        except ValidationError as wrong:
            if not isinstance(data, Mapping) or not isinstance(wrong.detail, dict):
                raise
            errors = wrong.detail | errors
        for name in data.keys() - self.fields.keys():
            errors[name] = [ErrorDetail("There is no such field.", "unknown_field")]
        for name, mistake in self.mistakes_between(data).items():
            errors.setdefault(name, [mistake])
        if errors:
            raise ValidationError(errors)
        return values


class TextField(serializers.CharField):
    """Text as it was sent; it must fit the pattern as a whole."""

    def __init__(self, *, pattern: str = ONE_LINE, wrong: str = "", **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)
        self.pattern = pattern
        message = wrong or "Write one line of text, with no spaces at its ends."
        self.validators.append(
            RegexValidator(f"{pattern[:-1]}\\Z", message=message, code="wrong_form")
        )

    @override
    def to_internal_value(self, data: Any) -> str:
        """Return the text."""
        if not isinstance(data, str):
            raise ValidationError("Write this as text, in quotation marks.", "not_text")
        return data


class WholeNumberField(serializers.IntegerField):
    """A whole number, written as one."""

    @override
    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if type(data) is not int:
            raise ValidationError("Write this as a whole number.", "not_whole_number")
        return data


class QueryNumberField(serializers.IntegerField):
    """A whole number in an address, in plain digits."""

    @override
    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if not re.fullmatch("[0-9]{1,9}", str(data)):
            raise ValidationError("Write this as a whole number.", "not_whole_number")
        return int(data)


class FlagField(serializers.BooleanField):
    """Yes or no, written as true or false."""

    @override
    def to_internal_value(self, data: Any) -> bool:
        """Return the flag."""
        if type(data) is not bool:
            raise ValidationError("Write true or false.", "not_true_or_false")
        return data


class TimeField(serializers.DateTimeField):
    """A time as RFC 3339 writes it, with its zone, not ahead of our clock (`at` in the context)."""

    @override
    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment, in UTC."""
        moment = moment_of(value)
        if moment < EARLIEST:
            raise ValidationError("That is too long ago.", "too_long_ago")
        now = self.context.get("at")
        if now is not None and moment > now + CLOCKS_DIFFER:
            raise ValidationError("That is in the future.", "in_the_future")
        return moment


class MomentOut(serializers.DateTimeField):
    """A moment of ours, in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, default_timezone=UTC, **options)


def moment_of(value: object) -> datetime:
    """Return the moment that a text names, in UTC; anything else is a mistake."""
    try:
        if isinstance(value, str) and _TIME.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    wrong = "Write a time with its zone, as in 2026-11-20T14:05:00+01:00."
    raise ValidationError(wrong, "not_a_time")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency's smallest unit."""

    amount_minor: int
    currency: str


class Amount(TextField):
    """A decimal number as text."""

    @override
    def to_internal_value(self, data: Any) -> str:
        """Return the text; a JSON number may have lost its cents on the way."""
        if isinstance(data, int | float) and not isinstance(data, bool):
            raise ValidationError('Write the amount as text, as in "12.30".', "amount_not_text")
        return super().to_internal_value(data)


@extend_schema_serializer(component_name="MoneyIn")
class MoneyField(StrictSerializer):
    """Money that comes in: no more decimals than the currency has, and not negative."""

    amount = Amount(
        pattern=AMOUNT, wrong='Write a plain amount that is not negative, as in "12.30".'
    )
    currency = TextField(pattern=CURRENCY, wrong='Write a currency code, as in "USD".')

    @override
    def to_internal_value(self, data: Any) -> Any:
        """Return the `Money`."""
        return money_of(super().to_internal_value(data))


def money_of(values: Mapping[str, str]) -> Money:
    """Return money of an amount and a currency that are well written each by itself."""
    try:
        minor = to_minor(Decimal(values["amount"]), values["currency"])
    except ValueError as mistake:
        wrong = {"amount": [ErrorDetail(str(mistake), "too_many_decimals")]}
        raise ValidationError(wrong) from None
    return Money(minor, values["currency"])


def shown_money(amount_minor: int, currency: str) -> dict[str, str]:
    """Return money as the API writes it.

    >>> shown_money(1230, "USD"), shown_money(-5, "KWD")
    ({'amount': '12.30', 'currency': 'USD'}, {'amount': '-0.005', 'currency': 'KWD'})
    """
    amount = f"{to_decimal(amount_minor, currency):.{exponent(currency)}f}"
    return {"amount": amount, "currency": currency}


def shown_points(volume: int) -> str:
    """Return a volume, hundredths of a point, as the API writes it.

    >>> shown_points(10050), shown_points(-5)
    ('100.50', '-0.05')
    """
    return f"{Decimal(volume).scaleb(-POINT_DECIMALS):.{POINT_DECIMALS}f}"


class MoneyOut(serializers.Field[Any, Any, Any, Any]):
    """Money of ours: the row's amount in its smallest unit, with the currency `of` names."""

    def __init__(self, amount: str, *, of: str = "currency") -> None:
        super().__init__(source="*", read_only=True)
        self.amount = amount.split(".")
        self.of = of.split(".")

    @override
    def to_representation(self, value: Any) -> dict[str, str]:
        """Return the amount as text with its currency."""
        return shown_money(_follow(value, self.amount), _follow(value, self.of))


class PointsOut(serializers.Field[int, Any, str, Any]):
    """A volume of ours, in points."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    @override
    def to_representation(self, value: int) -> str:
        """Return the points as text."""
        return shown_points(value)


def shown(serializer: type[serializers.Serializer[Any]], value: Any) -> dict[str, Any]:
    """Return what a serializer makes of a value of ours, without making the serializer anew."""
    written: dict[str, Any] = _writer(serializer).to_representation(value)
    return written


@cache
def _writer(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return serializer()


def _follow(value: Any, names: list[str]) -> Any:
    for name in names:
        value = getattr(value, name)
    return value
