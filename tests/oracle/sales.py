"""Sales net of their returns, and whose they are."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction

from tests.oracle.model import Network, PersonalVolume, Sale
from tests.oracle.network import distributor_above


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
    if not sale.is_customer_order:
        return sale.buyer
    credited = distributor_above(network, network[sale.buyer])
    while credited is not None and not network[credited].keeps_customers:
        credited = distributor_above(network, network[credited])
    return credited


def figure(volume: PersonalVolume, sale: Sale) -> Fraction:
    """Return what the sale brings to a personal volume, zero if it is outside it."""
    if not (volume.customers if sale.is_customer_order else volume.own):
        return Fraction(0)
    return sale.pv if volume.column == "pv" else sale.cv
