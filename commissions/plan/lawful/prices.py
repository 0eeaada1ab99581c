"""Whether a product carries more points than the price that was paid for it.

A plan names columns, products fill them: that a column of a plan is never worth more than what the
buyer paid can only be seen where products and orders are kept.
"""

from __future__ import annotations

from fractions import Fraction


def cv_within_price(point_value: Fraction, cv: int, price: int) -> bool:
    """Tell whether points are worth no more than the price really paid for them.

    `point_value` is what one point is worth in the smallest units of the currency, `cv` hundredths
    of a point, `price` the smallest units paid: after discounts, without taxes and shipping. What
    came back, with points and price below zero, is held against each other in the same way.

    >>> cv_within_price(Fraction(100), cv=8000, price=8000)
    True
    >>> cv_within_price(Fraction(85), cv=8000, price=6799)
    False
    """
    return abs(point_value * cv) <= abs(price) * 100
