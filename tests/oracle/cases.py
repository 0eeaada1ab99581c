"""Random cases: a plan as text, a network and its sales, small enough to read and full of halves.

Figures are small and round on purpose. Drawn from a wide range, a base times a rate hardly ever
ends in exactly one half, and a fault in rounding goes unseen; the same is true of thresholds that
nobody meets to the point.

Everything is drawn from a `Random`, so that a number makes a case (`case_of(7)`), and so that
hypothesis can play the dice and make a case that fails as small as it can.
"""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from typing_extensions import override

from tests.oracle.model import Member, Network, Sale
from tests.oracle.plan_texts import draw_plan_text, rank_names

SMALL = (10, 30, 50, 70, 90, 110, 20, 60, 1, 3, 5, 7, 100, 300, 500)
ROUND = (1000, 2000, 3000, 5000, 7000, 9000, 10_000, 4050)
LARGE = (123_456_789_010, 9_999_999_999_990)
HUNDREDTHS = (*2 * SMALL, *2 * ROUND, *LARGE)
PEOPLE = (1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
SALES = (0, 1, 2, 4, 6, 8, 8, 10, 10, 12, 12, 14, 16, 16)
SHAPES = ("tree", "tree", "slim tree", "slim tree", "chain", "star")
POLICIES = ("earns", "occupies_level", "keeps_volume", "keeps_customers")


@dataclass(frozen=True)
class Case:
    """`shuffle` seeds the order in which rows are given to the engine."""

    plan_text: str
    network: Network
    sales: list[Sale]
    shuffle: int = 0

    @override
    def __str__(self) -> str:
        return "\n".join([self.plan_text, *map(str, self.network.values()), *map(str, self.sales)])


def case_of(seed: int) -> Case:
    return draw_case(Random(seed))  # noqa: S311 - the same dice every time are what we want


def draw_case(dice: Random) -> Case:
    plan_text = draw_plan_text(dice)
    network = draw_network(dice, rank_names(plan_text))
    return Case(plan_text, network, draw_sales(dice, network), dice.randint(0, 999))


def draw_network(dice: Random, ranks: list[str]) -> dict[str, Member]:
    """Draw distributors and customers: a tree, a chain, a star, several tops, or a mixture."""
    shape = dice.choice(SHAPES)
    network: dict[str, Member] = {}
    for place in range(dice.choice(PEOPLE)):
        highest = {"slim tree": place - 3, "chain": place - 1}.get(shape, 0)
        lowest = 0 if shape == "star" else place - 1
        above = dice.randint(max(highest, 0), lowest) if place else -1
        if one_in(dice, 12):
            above = dice.randint(-1, place - 1)
        sponsor = list(network)[above] if above >= 0 else None
        if one_in(dice, 4):
            network[f"c{place}"] = Member(f"c{place}", sponsor, is_customer=True)
        else:
            by_hand = dice.choice(["", *ranks]) if one_in(dice, 8) else None
            policies = {policy: not one_in(dice, 10) for policy in POLICIES}
            network[f"d{place}"] = Member(f"d{place}", sponsor, rank_by_hand=by_hand, **policies)
    return network


def one_in(dice: Random, times: int) -> bool:
    return dice.randrange(times) == times - 1


def draw_sales(dice: Random, network: Network) -> list[Sale]:
    """Draw sales, some of them negative, each perhaps followed by returns of parts or all of it."""
    sales: list[Sale] = []
    for place in range(dice.choice(SALES)):
        buyer = dice.choice(list(network))
        sale = Sale(
            f"s{place}",
            buyer,
            is_customer_order=network[buyer].is_customer or one_in(dice, 5),
            pv=draw_points(dice),
            cv=draw_points(dice),
        )
        sales += [sale, *draw_returns(dice, sale)]
    return sales


def draw_points(dice: Random) -> Fraction:
    """Draw points: positive mostly, now and then zero or negative."""
    sign = dice.choice([1, 1, 1, 1, 1, 1, 1, -1, 0])
    return Fraction(sign * dice.choice(HUNDREDTHS), 100)


def draw_returns(dice: Random, sale: Sale) -> list[Sale]:
    """Draw what comes back in the period, mostly nothing: some or all of one to three parts."""
    parts = dice.choice([0, 0, 0, 0, 0, 1, 2, 3])
    return [
        Sale(
            f"{sale.id}r{part}",
            sale.buyer,
            is_customer_order=sale.is_customer_order,
            pv=-share(sale.pv, part, parts),
            cv=-share(sale.cv, part, parts),
            returns=sale.id,
        )
        for part in range(dice.randint(0, parts))
    ]


def share(points: Fraction, part: int, parts: int) -> Fraction:
    """Return one of several shares, in whole hundredths, that add up to the points exactly.

    >>> [str(share(Fraction(10), part, 3)) for part in range(3)]
    ['333/100', '333/100', '167/50']
    """
    hundredths = int(points * 100)
    return Fraction(hundredths * (part + 1) // parts - hundredths * part // parts, 100)
