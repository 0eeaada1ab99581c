"""Figures written as text, read exactly. Refusals are `ValueError` with a sentence."""

from __future__ import annotations

from decimal import Decimal
from math import gcd

from commissions.engine.rounding import PPM
from commissions.plan import limits

MAX_DIGITS = 9
WRITE_RATE = 'Write per cents like "5%" or "2.5%", from "0%" to "100%".'
WRITE_POINTS = 'Write points as a text, "2000" or "2000.50".'
WRITE_MONEY = 'Write an amount of money like "25.00".'
WRITE_PAY = 'Write a per cent like "5%", or an amount of money like "25.00".'


def rate_ppm(text: str) -> int:
    """Return a per cent as parts per million; `ValueError` says what is wrong.

    >>> rate_ppm("2.5%"), rate_ppm("100%")
    (25000, 1000000)
    >>> rate_ppm("0.00001%")
    Traceback (most recent call last):
    ValueError: "0.00001%" has more than 4 decimals.
    """
    number = text.removesuffix("%").rstrip(" ")
    if not text.endswith("%") or not is_decimal(number):
        raise ValueError(f'"{text}" is not a per cent.')
    if len(number.partition(".")[2]) > 4:
        raise ValueError(f'"{text}" has more than 4 decimals.')
    if len(number) > 12 or Decimal(number) > 100:
        raise ValueError(f'"{text}" is more than the whole.')
    return int(Decimal(number) * 10_000)


def hundredths(text: str) -> int:
    """Return points as hundredths of a point.

    >>> hundredths("2000.5"), hundredths("0")
    (200050, 0)
    >>> hundredths("1,000")
    Traceback (most recent call last):
    ValueError: "1,000" is not a number of points.
    """
    if not is_decimal(text):
        raise ValueError(f'"{text}" is not a number of points.')
    if len(text.partition(".")[2]) > 2:
        raise ValueError(f'"{text}" has more than 2 decimals.')
    if len(text) > 40 or Decimal(text) > limits.POINTS:
        raise ValueError(f'"{text}" is more than {limits.POINTS} points.')
    return int(Decimal(text) * 100)


def minor_units(text: str, exponent: int) -> int:
    """Return an amount of money in the smallest units of a currency with so many decimals.

    >>> minor_units("25", 2), minor_units("25.5", 2), minor_units("25", 0)
    (2500, 2550, 25)
    >>> minor_units("25.50", 0)
    Traceback (most recent call last):
    ValueError: "25.50" has more than the 0 decimals of the currency.
    """
    if not is_decimal(text):
        raise ValueError(f'"{text}" is not an amount of money.')
    if len(text.partition(".")[2]) > exponent:
        raise ValueError(f'"{text}" has more than the {exponent} decimals of the currency.')
    if len(text) > 40 or Decimal(text) > limits.MONEY:
        raise ValueError(f'"{text}" is more than {limits.MONEY}.')
    return int(Decimal(text).scaleb(exponent))


def point_value(text: str, exponent: int) -> tuple[int, int]:
    """Return what a point is worth, as a fraction in the currency's smallest units.

    >>> point_value("0.85", 2), point_value("1.00", 0)
    ((85, 1), (1, 1))
    >>> point_value("0.125", 0)
    (1, 8)
    """
    if not is_decimal(text):
        raise ValueError(f'"{text}" is not an amount.')
    decimals = len(text.partition(".")[2])
    if decimals > 6 or len(text.replace(".", "").lstrip("0")) > MAX_DIGITS:
        raise ValueError(f'"{text}" has more than 6 decimals, or more than {MAX_DIGITS} digits.')
    num, den = int(text.replace(".", "")) * 10**exponent, 10**decimals
    if num == 0:
        raise ValueError(f'"{text}" would make every point worthless.')
    common = gcd(num, den)
    return num // common, den // common


def fits(point_num: int, point_den: int, part_ppm: int) -> bool:
    """Tell whether amounts of any rate, and sums of them, are exact in 64 bits.

    >>> fits(100, 1, 1_000_000), fits(333_333, 1_000_000, 333_333)
    (True, False)
    """
    num, den = point_num * part_ppm, point_den * 100 * PPM * PPM
    common = gcd(num, den)
    return max(num // common * PPM, den // common) < 2**60


def is_decimal(text: str) -> bool:
    """Tell whether a text is digits, with a point and further digits if at all.

    >>> is_decimal("12.50"), is_decimal("12."), is_decimal("-1"), is_decimal("1e3")
    (True, False, False, False)
    """
    whole, point, decimals = text.partition(".")
    good = whole.isascii() and whole.isdigit()
    return good and (not point or (decimals.isascii() and decimals.isdigit()))


def shown_points(hundredths: int) -> str:
    """Return hundredths as points, with decimals only where there are any.

    >>> shown_points(4000), shown_points(4050), shown_points(-5)
    ('40', '40.50', '-0.05')
    """
    sign, size = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{size // 100}" + (f".{size % 100:02d}" if size % 100 else "")


def shown_rate(ppm: int) -> str:
    """Return parts per million as a per cent.

    >>> shown_rate(25_000), shown_rate(50_000), shown_rate(1)
    ('2.5%', '5%', '0.0001%')
    """
    sign, size = "-" if ppm < 0 else "", abs(ppm)
    decimals = f"{size % 10_000:04d}".rstrip("0")
    return f"{sign}{size // 10_000}" + (f".{decimals}" if decimals else "") + "%"
