"""How many decimals a currency has, by its ISO 4217 code."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_NO_DECIMALS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
_THREE_DECIMALS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def exponent(currency: str) -> int:
    """Return the number of decimals of a currency.

    >>> exponent("USD"), exponent("JPY"), exponent("KWD")
    (2, 0, 3)
    """
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def to_decimal(amount_minor: int, currency: str) -> Decimal:
    """Return an amount of minor units (cents) as an exact decimal of the currency.

    >>> to_decimal(1234, "USD"), to_decimal(1234, "JPY")
    (Decimal('12.34'), Decimal('1234'))
    """
    return Decimal(amount_minor).scaleb(-exponent(currency))
