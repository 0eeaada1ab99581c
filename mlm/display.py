"""How figures are shown to people, and how what people type becomes figures again: exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from mlm.currencies import exponent, to_decimal

POINT_DECIMALS: Final = 2
_MOST_DIGITS: Final = 17  # what fits a 64-bit integer whatever the digits are
_MOST_DECIMALS: Final = 100  # nobody types more; without a bound, 1e-999999999 would take hours


def money(amount_minor: int, currency: str) -> str:
    """Return an amount for people, with its currency.

    >>> money(-123456, "USD"), money(5000, "JPY"), money(0, "KWD")
    ('-1,234.56 USD', '5,000 JPY', '0.000 KWD')
    """
    return f"{to_decimal(amount_minor, currency):,f} {currency}".rstrip()


def points(volume: int) -> str:
    """Return a volume, hundredths of a point, in points.

    >>> points(10050), points(123400), points(-5)
    ('100.50', '1,234', '-0.05')
    """
    whole = volume % 100 == 0
    return f"{Decimal(volume).scaleb(-POINT_DECIMALS):,.{0 if whole else POINT_DECIMALS}f}"


def share(part: int, whole: int) -> str:
    """Return a part of a whole in per cent with one decimal, rounded half away from zero.

    >>> share(425, 1000), share(-1, 3), share(1, 0)
    ('42.5 %', '-33.3 %', '-')
    """
    if whole == 0:
        return "-"
    tenths = (2 * abs(part) * 1000 + abs(whole)) // (2 * abs(whole))
    sign = "-" if tenths and (part < 0) != (whole < 0) else ""
    return f"{sign}{tenths // 10}.{tenths % 10} %"


def to_minor(amount: Decimal, currency: str) -> int:
    """Return a typed amount in the currency's smallest unit; `ValueError` if it has more decimals.

    >>> to_minor(Decimal("12.3"), "USD"), to_minor(Decimal("12"), "JPY")
    (1230, 12)
    >>> to_minor(Decimal("12.345"), "USD")
    Traceback (most recent call last):
    ValueError: USD has 2 decimals; 12.345 has more.
    """
    return _whole(amount, exponent(currency), currency)


def to_hundredths(amount: Decimal) -> int:
    """Return typed points as a volume; `ValueError` for more than two decimals.

    >>> to_hundredths(Decimal("100.5"))
    10050
    """
    return _whole(amount, POINT_DECIMALS, "A volume")


def _whole(amount: Decimal, decimals: int, what: str) -> int:
    if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS - decimals:
        raise ValueError(f"{amount} is too large.")
    spelled = int(amount.as_tuple().exponent)
    shifted = Fraction(amount) * 10**decimals if spelled > -_MOST_DECIMALS else None
    if shifted is None or shifted.denominator != 1:
        count = f"{decimals} decimals" if decimals else "no decimals"
        raise ValueError(f"{what} has {count}; {amount} has more.")
    return int(shifted)
