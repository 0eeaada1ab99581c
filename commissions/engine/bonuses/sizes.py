"""The size that a tier is chosen by: of a sale, of a buyer's sales, of all sales of an owner.

Everything is by place of a sale. A group is what is added up together; in a marginal count its
sales come one after another, in the order of their numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.columns import gathered
from commissions.engine.errors import TooLarge
from commissions.engine.figures.past import earlier
from commissions.engine.ground import Ground
from commissions.engine.money import LIMIT, absolute_total
from commissions.engine.plan import PastFigure, PersonalRule

Int64s = NDArray[np.int64]


def reached(ground: Ground, rule: PersonalRule, base: Int64s) -> Int64s:
    """Return the size of the group that each sale belongs to."""
    sales = ground.sales
    if rule.by_sale:
        return base
    if rule.by_buyer:
        customer = gathered(ground.snapshot.customer, sales.at)
        return _of_buyers(sales.start, sales.middle, customer, base, True)
    return _of_owners(sales.start, base)


def begins_at(ground: Ground, rule: PersonalRule, base: Int64s) -> Int64s:
    """Return what has been added up in each sale's group before it."""
    sales = ground.sales
    if rule.by_sale:
        return np.zeros(len(base), np.int64)
    if rule.by_buyer:
        customer = gathered(ground.snapshot.customer, sales.at)
        return _of_buyers(sales.start, sales.middle, customer, base, False)
    number = gathered(ground.snapshot.sale, sales.at)
    return _before_of_owners(sales.start, sales.middle, number, base, _so_far(ground, rule, base))


def _so_far(ground: Ground, rule: PersonalRule, base: Int64s) -> Int64s:
    """Return what earlier periods added up for each row."""
    if rule.begins_with < 0:
        return np.zeros(ground.size, np.int64)
    figure = ground.plan.figures[rule.begins_with]
    if not isinstance(figure, PastFigure):
        raise TypeError(f"{figure.name} is no volume over time")
    so_far = earlier(ground, figure)
    if absolute_total(so_far) + absolute_total(base) >= LIMIT:
        raise TooLarge(f"{figure.name}: all volumes together leave 64 bits")
    return so_far


@kernel
def _of_owners(start: Int64s, base: Int64s) -> Int64s:
    """Return for each sale the sum of its owner's.

    >>> _of_owners(np.array([0, 2, 3]), np.array([5, 6, 7]))
    array([11, 11,  7])
    """
    size = np.zeros(len(base), np.int64)
    for row in range(len(start) - 1):
        total = 0
        for place in range(start[row], start[row + 1]):
            total += base[place]
        for place in range(start[row], start[row + 1]):
            size[place] = total
    return size


@kernel
def _before_of_owners(
    start: Int64s, middle: Int64s, number: Int64s, base: Int64s, so_far: Int64s
) -> Int64s:
    """Return for each sale what the owner's sales of lower numbers add up to, after `so_far`.

    Own and customers' orders are two stretches, each in the order of numbers.

    >>> start, middle = np.array([0, 3, 3]), np.array([2, 3])
    >>> _before_of_owners(start, middle, np.array([1, 3, 2]), np.array([5, 6, 7]), np.array([100]))
    array([100, 112, 105])
    """
    before = np.zeros(len(base), np.int64)
    for row in range(len(so_far)):
        total = so_far[row]
        own, other = start[row], middle[row]
        while own < middle[row] or other < start[row + 1]:
            if other == start[row + 1] or (own < middle[row] and number[own] < number[other]):
                before[own] = total
                total += base[own]
                own += 1
            else:
                before[other] = total
                total += base[other]
                other += 1
    return before


FEW = 16


@kernel
def _by_customer(customer: Int64s, first: int, last: int, order: Int64s) -> None:
    """Put the places of a stretch in the order of customers, those of one in their own order."""
    size = last - first
    if size > FEW:
        order[:size] = np.argsort(customer[first:last], kind="mergesort") + first
        return
    for i in range(size):
        place, j = first + i, i
        while j > 0 and customer[order[j - 1]] > customer[place]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = place


@kernel
def _add_up(order: Int64s, first: int, last: int, base: Int64s, whole: bool, out: Int64s) -> None:
    """Write down for the places of one group the sum of all, or of those before each."""
    total = 0
    for i in range(first, last):
        if not whole:
            out[order[i]] = total
        total += base[order[i]]
    if whole:
        for i in range(first, last):
            out[order[i]] = total


@kernel
def _of_buyers(
    start: Int64s, middle: Int64s, customer: Int64s, base: Int64s, whole: bool
) -> Int64s:  # fmt: skip
    """Return for each sale the sum of the buyer's with this owner: all, or those before it.

    The owner is the buyer of own orders, and so one of the buyers.

    >>> start, middle = np.array([0, 4, 4]), np.array([1, 4])
    >>> customer, base = np.array([-1, 9, 8, 9]), np.array([1, 2, 3, 4])
    >>> _of_buyers(start, middle, customer, base, True)
    array([1, 6, 3, 6])
    >>> _of_buyers(start, middle, customer, base, False)
    array([0, 0, 0, 2])
    """
    out = np.zeros(len(base), np.int64)
    most = 0
    for row in range(len(start) - 1):
        most = max(most, start[row + 1] - start[row])
    order = np.empty(most, np.int64)
    for row in range(len(start) - 1):
        size = middle[row] - start[row]
        for i in range(size):
            order[i] = start[row] + i
        _add_up(order, 0, size, base, whole, out)
        size = start[row + 1] - middle[row]
        _by_customer(customer, middle[row], start[row + 1], order)
        first = 0
        while first < size:
            last = first
            while last < size and customer[order[last]] == customer[order[first]]:
                last += 1
            _add_up(order, first, last, base, whole, out)
            first = last
    return out
