"""What is found about each distributor before anybody is paid: volumes, activity, ranks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from tests.oracle.model import (
    CustomersAtLeast,
    IsActive,
    Network,
    Plan,
    Requirement,
    Sale,
    Standing,
)
from tests.oracle.network import distributor_above, distributors, from_the_bottom
from tests.oracle.sales import belongs_to, figure

Standings = dict[str, Standing]


def standings_of(plan: Plan, network: Network, net: Sequence[Sale]) -> Standings:
    """Return every distributor's standing, from sales that are net of returns."""
    standings = {member.id: Standing() for member in distributors(network)}
    add_personal_volumes(plan, network, net, standings)
    add_group_volume(plan, network, standings)
    count_customers(plan, network, net, standings)
    for id, standing in standings.items():
        standing.is_active = all_met(plan.active, standing)
        standing.qualified_as = highest_rank(plan, standing)
        by_hand = network[id].rank_by_hand
        standing.paid_as = standing.qualified_as if by_hand is None else by_hand or None
    return standings


def add_personal_volumes(
    plan: Plan, network: Network, net: Sequence[Sale], standings: Standings
) -> None:
    for name, volume in plan.personal.items():
        for standing in standings.values():
            standing.volumes[name] = Fraction(0)
        for sale in net:
            owner = belongs_to(network, sale)
            if owner is not None and network[owner].keeps_volume:
                standings[owner].volumes[name] += figure(volume, sale)


def add_group_volume(plan: Plan, network: Network, standings: Standings) -> None:
    """Give each the own personal volume and the groups of the frontline, from the bottom up."""
    of_the_frontline: dict[str | None, Fraction] = defaultdict(Fraction)
    for member in from_the_bottom(network):
        volumes = standings[member.id].volumes
        volumes["GV"] = volumes[plan.group_of] + of_the_frontline[member.id]
        of_the_frontline[distributor_above(network, member)] += volumes["GV"]


def count_customers(
    plan: Plan, network: Network, net: Sequence[Sale], standings: Standings
) -> None:
    for need in plan.customer_requirements():
        bought: dict[tuple[str | None, str], Fraction] = defaultdict(Fraction)
        for sale in net:
            if sale.is_customer_order:
                pair = belongs_to(network, sale), sale.buyer
                bought[pair] += figure(plan.personal[need.volume], sale)
        key = need.volume, need.points
        for standing in standings.values():
            standing.customers[key] = 0
        for (credited, _), points in bought.items():
            if credited is not None and network[credited].keeps_volume and points >= need.points:
                standings[credited].customers[key] += 1


def highest_rank(plan: Plan, standing: Standing) -> str | None:
    """Return the highest rank whose own requirements are all met."""
    for rank in reversed(plan.ranks):
        if all_met(rank.require, standing):
            return rank.name
    return None


def all_met(require: Iterable[Requirement], standing: Standing) -> bool:
    return all(is_met(need, standing) for need in require)


def is_met(need: Requirement, standing: Standing) -> bool:
    if isinstance(need, IsActive):
        return standing.is_active
    if isinstance(need, CustomersAtLeast):
        return standing.customers[need.volume, need.points] >= need.number
    return standing.volumes[need.volume] >= need.points
