"""One period, from people and sales to standings, lines and earnings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.model import Line, Met, Network, Plan, Sale
from tests.oracle.pay import PAID, way_up
from tests.oracle.sales import net_of_returns
from tests.oracle.standings import Standings, standings_of

Earnings = dict[tuple[str, str, int, Fraction], tuple[Fraction, int]]
"""Sums of base and amount, by earner, bonus, level and rate."""


@dataclass
class Answer:
    """Everything there is to know about a period. `met` is by sale, nearest upline first."""

    standings: Standings
    met: dict[str, list[Met]]
    lines: list[Line]
    earnings: Earnings
    total: int


def work_out(plan: Plan, network: Network, sales: Sequence[Sale]) -> Answer:
    net = net_of_returns(sales)
    standings = standings_of(plan, network, net)
    met = {
        sale.id: [
            each for bonus in plan.bonuses for each in way_up(plan, bonus, network, standings, sale)
        ]
        for sale in net
    }
    lines = lines_of(met)
    return Answer(standings, met, lines, earnings_of(lines), sum(line.amount for line in lines))


def lines_of(met: Mapping[str, Sequence[Met]]) -> list[Line]:
    """Return who was paid for what; a rate of zero gives no line, an amount of zero does."""
    return [
        Line(each.member, each.bonus, each.level, sale, each.base, each.rate, each.amount)
        for sale, way in met.items()
        for each in way
        if each.rule == PAID and each.rate != 0
    ]


def earnings_of(lines: Iterable[Line]) -> Earnings:
    sums: Earnings = defaultdict(lambda: (Fraction(0), 0))
    for line in lines:
        key = line.earner, line.bonus, line.level, line.rate
        base, amount = sums[key]
        sums[key] = base + line.base, amount + line.amount
    return dict(sums)
