"""Plain Python: dictionaries, loops, and a walk up for every sale."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from bench.engine.months import Month
from bench.engine.rules import EARNINGS, Rules
from mlm.copying import Rows


def pay_month(month: Month, rules: Rules) -> Rows:
    """Return the month's earnings. Sponsors come before those they sponsor."""
    sponsor, seller = month.sponsor.tolist(), month.seller.tolist()
    customer, pv = month.customer.tolist(), month.pv.tolist()
    covered = _covered_levels(sponsor, seller, customer, pv, rules)
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    rates, depth = _rates(rules), rules.depth
    for who, buyer, base in zip(seller, customer, month.cv.tolist(), strict=True):
        at = who if buyer >= 0 else sponsor[who]
        level = 1
        while at >= 0 and level <= depth:
            if covered[at] >= level:
                total = sums[at, level]
                total[0] += 1
                total[1] += base
                total[2] += (2 * base * rates[level] + 1_000_000) // 2_000_000
                level += 1
            at = sponsor[at]
    rows = [(who, level, rates[level], *total) for (who, level), total in sorted(sums.items())]
    return np.array(rows, dtype=EARNINGS)


def _covered_levels(
    sponsor: list[int], seller: list[int], customer: list[int], pv: list[int], rules: Rules
) -> list[int]:
    """Return how many levels everybody is paid on."""
    personal = [0] * len(sponsor)
    bought: dict[tuple[int, int], int] = defaultdict(int)
    for who, buyer, points in zip(seller, customer, pv, strict=True):
        personal[who] += points
        if buyer >= 0:
            bought[who, buyer] += points
    customers = [0] * len(sponsor)
    for (who, _), points in bought.items():
        customers[who] += points >= rules.customer_pv
    group = personal.copy()
    for row in range(len(sponsor) - 1, 0, -1):
        group[sponsor[row]] += group[row]
    return [
        _covered(points, served, volume, rules) if points >= rules.active_pv else 0
        for points, served, volume in zip(personal, customers, group, strict=True)
    ]


def _covered(pv: int, customers: int, gv: int, rules: Rules) -> int:
    for rank in reversed(rules.ranks):
        if pv >= rank.pv and customers >= rank.customers and gv >= rank.gv:
            return len(rank.rates_ppm)
    return 0


def _rates(rules: Rules) -> list[int]:
    """Return each level's rate, the same for every rank that covers it."""
    highest = max(rules.ranks, key=lambda rank: len(rank.rates_ppm)).rates_ppm
    if any(rank.rates_ppm != highest[: len(rank.rates_ppm)] for rank in rules.ranks):
        raise NotImplementedError("the rivals know one rate a level")
    return [0, *highest]
