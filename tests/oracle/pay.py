"""Unilevel pay: each sale goes up the sponsors by itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from tests.oracle.model import Line, Network, Plan, Sale, Standing, Unilevel
from tests.oracle.network import distributor_above

Earnings = dict[tuple[str, str, int, Fraction], tuple[Fraction, int]]


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


def base_of(plan: Plan, bonus: Unilevel, sale: Sale) -> Fraction:
    """Return the column the bonus pays on, zero for a sale outside the volume."""
    volume = plan.personal[bonus.pays_on]
    if not (volume.customers if sale.is_customer_order else volume.own):
        return Fraction(0)
    return sale.pv if volume.column == "pv" else sale.cv


def unilevel_lines(
    plan: Plan, bonus: Unilevel, network: Network, standings: Mapping[str, Standing], sale: Sale
) -> Iterator[Line]:
    """Yield what one sale pays, nearest first. The steps are the table of the documentation."""
    base = base_of(plan, bonus, sale)
    if base == 0:
        return
    depth = max(len(levels) for levels in bonus.rates.values())
    level = 1
    met = distributor_above(network, network[sale.buyer])
    while met is not None and level <= depth:
        member, standing = network[met], standings[met]
        rates = rates_of(plan, bonus, standing.paid_as)
        met = distributor_above(network, member)
        if not member.occupies_level:
            continue
        if not standing.is_active and bonus.compression in ("inactive", "dynamic"):
            continue
        if level > len(rates) and bonus.compression == "dynamic":
            continue
        if member.earns and standing.is_active and level <= len(rates) and rates[level - 1] != 0:
            rate = rates[level - 1]
            amount = plan.rounded(base * plan.point_value * rate * 10**plan.decimals)
            yield Line(member.id, bonus.name, level, sale.id, base, rate, amount)
        level += 1


def earnings(lines: Iterable[Line]) -> Earnings:
    """Return the sums of base and amount by earner, bonus, level and rate."""
    sums: Earnings = defaultdict(lambda: (Fraction(0), 0))
    for line in lines:
        key = line.earner, line.bonus, line.level, line.rate
        base, amount = sums[key]
        sums[key] = base + line.base, amount + line.amount
    return dict(sums)
