"""One period: sales net of returns, volumes, customers, activity, ranks, and the pay on them."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from tests.oracle.model import (
    CustomersAtLeast,
    IsActive,
    Line,
    Network,
    PersonalVolume,
    Plan,
    Requirement,
    Sale,
    Standing,
)
from tests.oracle.network import distributor_above, distributors, from_the_bottom
from tests.oracle.pay import unilevel_lines

Standings = dict[str, Standing]


def work_out(plan: Plan, network: Network, sales: Sequence[Sale]) -> tuple[Standings, list[Line]]:
    """Return everybody's standing, and every line in the order that the documentation gives."""
    net = net_of_returns(sales)
    standings = {member.id: Standing() for member in distributors(network)}
    add_personal_volumes(plan, network, net, standings)
    add_group_volume(plan, network, standings)
    count_customers(plan, network, net, standings)
    for id, standing in standings.items():
        standing.is_active = all(is_met(need, standing) for need in plan.active)
        for rank in plan.ranks:
            if all(is_met(need, standing) for need in rank.require):
                standing.qualified_as = rank.name
        standing.paid_as = network[id].rank_by_hand or standing.qualified_as
    lines = [
        line
        for bonus in plan.bonuses
        for sale in net
        for line in unilevel_lines(plan, bonus, network, standings, sale)
    ]
    return standings, sorted(lines, key=documented_order(plan, network, net))


def net_of_returns(sales: Sequence[Sale]) -> list[Sale]:
    """Return the sales with what is left of their volumes; the returns themselves are gone."""
    net = {sale.id: sale for sale in sales if sale.returns is None}
    for back in sales:
        if back.returns is not None:
            sold = net[back.returns]
            net[sold.id] = dataclasses.replace(sold, pv=sold.pv + back.pv, cv=sold.cv + back.cv)
    return list(net.values())


def belongs_to(network: Network, sale: Sale) -> str | None:
    """Return the distributor of an own order, or the one credited with a customer's."""
    return distributor_above(network, network[sale.buyer]) if sale.is_customer_order else sale.buyer


def figure(volume: PersonalVolume, sale: Sale) -> Fraction:
    """Return what the sale brings to a personal volume, zero if it is outside it."""
    if not (volume.customers if sale.is_customer_order else volume.own):
        return Fraction(0)
    return sale.pv if volume.column == "pv" else sale.cv


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


def is_met(need: Requirement, standing: Standing) -> bool:
    if isinstance(need, IsActive):
        return standing.is_active
    if isinstance(need, CustomersAtLeast):
        return standing.customers[need.volume, need.points] >= need.number
    return standing.volumes[need.volume] >= need.points


def documented_order(
    plan: Plan, network: Network, net: Sequence[Sale]
) -> Callable[[Line], tuple[int, int, int, int]]:
    """Return the key that sorts by earner, bonus in the order of the plan, level and sale."""
    earner = {id: place for place, id in enumerate(network)}
    bonus = {bonus.name: place for place, bonus in enumerate(plan.bonuses)}
    sold = {sale.id: place for place, sale in enumerate(net)}
    return lambda line: (earner[line.earner], bonus[line.bonus], line.level, sold[line.sale])
