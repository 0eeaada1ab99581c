"""Unilevel pay: each sale goes up the sponsors by itself."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tests.oracle.model import Member, Met, Network, Plan, Sale, Standing, Unilevel
from tests.oracle.network import distributor_above
from tests.oracle.sales import belongs_to, figure

SKIPPED = (1, 2, 3)
PAID = 7


def rule_that_fits(member: Member, *, is_active: bool, covers: bool, compression: str) -> int:
    """Return the first line of the documentation's table that fits the distributor met."""
    if not member.occupies_level:
        return 1
    if not is_active and compression in ("inactive", "dynamic"):
        return 2
    if not covers and compression == "dynamic":
        return 3
    if not member.earns:
        return 4
    if not is_active:
        return 5
    if not covers:
        return 6
    return PAID


def rates_of(plan: Plan, bonus: Unilevel, rank: str | None) -> list[Fraction]:
    """Return the rates of a paid-as rank: its own, or those of the nearest lower rank named."""
    if None in bonus.rates:
        return bonus.rates[None]
    if rank is None:
        return []
    names = [each.name for each in plan.ranks]
    for name in reversed(names[: names.index(rank) + 1]):
        if name in bonus.rates:
            return bonus.rates[name]
    return []


def way_up(
    plan: Plan, bonus: Unilevel, network: Network, standings: Mapping[str, Standing], sale: Sale
) -> Iterator[Met]:
    """Yield whom one sale meets, nearest first, until its levels are used up."""
    base = figure(plan.personal[bonus.pays_on], sale)
    if base == 0:
        return
    depth = max(len(levels) for levels in bonus.rates.values())
    level = 1
    above = first_met(network, sale)
    while above is not None and level <= depth:
        member, standing = network[above], standings[above]
        rates = rates_of(plan, bonus, standing.paid_as)
        rule = rule_that_fits(
            member,
            is_active=standing.is_active,
            covers=level <= len(rates),
            compression=bonus.compression,
        )
        if rule == PAID:
            rate = rates[level - 1]
            yield Met(bonus.name, above, level, rule, base, rate, amount_of(plan, base, rate))
        else:
            yield Met(bonus.name, above, level, rule, base)
        if rule not in SKIPPED:
            level += 1
        above = distributor_above(network, member)


def first_met(network: Network, sale: Sale) -> str | None:
    """Return the credited distributor of a customer's order, the sponsor of another buyer."""
    if sale.is_customer_order:
        return belongs_to(network, sale)
    return distributor_above(network, network[sale.buyer])


def amount_of(plan: Plan, base: Fraction, rate: Fraction) -> int:
    return plan.rounded(base * plan.point_value * rate * 10**plan.decimals)
