"""Figures in files: text to integers and back, exactly."""

from __future__ import annotations

MAX_DIGITS = 15


def scaled(text: str, decimals: int) -> int:
    """Return a decimal figure in its smallest units; `ValueError` says what is wrong.

    >>> scaled("-12.5", 2), scaled("7", 0)
    (-1250, 7)
    >>> scaled("1,000", 2)
    Traceback (most recent call last):
    ValueError: "1,000" is not a number; write it like "-12.50"
    """
    sign, size = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, point, part = size.partition(".")
    if not _digits(whole) or (point and not _digits(part)):
        raise ValueError(f'"{text}" is not a number; write it like "-12.50"')
    if len(part) > decimals:
        raise ValueError(f'"{text}" has more than {decimals} decimals')
    if len(whole) > MAX_DIGITS:
        raise ValueError(f'"{text}" has more than {MAX_DIGITS} digits')
    return sign * int(whole + part.ljust(decimals, "0"))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def figure(value: int, decimals: int) -> str:
    """Return smallest units as a decimal figure.

    >>> figure(-5, 2), figure(1250, 2), figure(7, 0)
    ('-0.05', '12.50', '7')
    """
    digits = str(abs(value)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


def points(value: int) -> str:
    """Return hundredths as points.

    >>> points(2810)
    '28.10'
    """
    return figure(value, 2)


def per_cent(ppm: int) -> str:
    """Return parts per million as a per cent.

    >>> per_cent(25_000), per_cent(1_000_000)
    ('2.5%', '100%')
    """
    return figure(ppm, 4).rstrip("0").rstrip(".") + "%"
