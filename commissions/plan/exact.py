"""Figures written as text, read exactly."""

from __future__ import annotations

from decimal import Decimal
from math import gcd

MAX_DIGITS = 9


def rate_ppm(text: str) -> int:
    """Return a per cent as parts per million; `ValueError` says what is wrong.

    >>> rate_ppm("2.5%"), rate_ppm("100%")
    (25000, 1000000)
    >>> rate_ppm("0.00001%")
    Traceback (most recent call last):
    ValueError: "0.00001%" has more than 4 decimals.
    """
    number = text.removesuffix("%").rstrip(" ")
    if not text.endswith("%") or not _is_decimal(number):
        raise ValueError(f'"{text}" is not a per cent.')
    if len(number.partition(".")[2]) > 4:
        raise ValueError(f'"{text}" has more than 4 decimals.')
    if len(number) > 12 or Decimal(number) > 100:
        raise ValueError(f'"{text}" is more than the whole.')
    return int(Decimal(number) * 10_000)


def point_value(text: str, exponent: int) -> tuple[int, int]:
    """Return what a point is worth, as a fraction in the currency's smallest units.

    >>> point_value("0.85", 2), point_value("1.00", 0)
    ((85, 1), (1, 1))
    >>> point_value("0.125", 0)
    (1, 8)
    """
    if not _is_decimal(text):
        raise ValueError(f'"{text}" is not an amount.')
    decimals = len(text.partition(".")[2])
    if decimals > 6 or len(text.replace(".", "").lstrip("0")) > MAX_DIGITS:
        raise ValueError(f'"{text}" has more than 6 decimals, or more than {MAX_DIGITS} digits.')
    num, den = int(text.replace(".", "")) * 10**exponent, 10**decimals
    if num == 0:
        raise ValueError(f'"{text}" would make every point worthless.')
    common = gcd(num, den)
    return num // common, den // common


def _is_decimal(text: str) -> bool:
    whole, point, decimals = text.partition(".")
    good = whole.isascii() and whole.isdigit()
    return good and (not point or (decimals.isascii() and decimals.isdigit()))
