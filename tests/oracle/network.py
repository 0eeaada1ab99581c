"""Who is above whom, among distributors. Nothing recurses: chains may be as long as they like."""

from collections import defaultdict

from tests.oracle.model import Member, Network


def distributor_above(network: Network, member: Member) -> str | None:
    """Return the nearest distributor above; customers in between do not matter."""
    above = member.sponsor
    while above is not None and network[above].is_customer:
        above = network[above].sponsor
    return above


def distributors(network: Network) -> list[Member]:
    return [member for member in network.values() if not member.is_customer]


def from_the_bottom(network: Network) -> list[Member]:
    """Return the distributors, everybody after all of their downline."""
    frontline = defaultdict(list)
    for member in distributors(network):
        frontline[distributor_above(network, member)].append(member)
    from_the_top = list(frontline[None])
    for member in from_the_top:  # grows while it is walked: level by level
        from_the_top.extend(frontline[member.id])
    return from_the_top[::-1]
