"""Faults to plant: each is a mistake somebody could make with one rule of the documentation.

A comparison that cannot fail is worth nothing, so the tests plant each of these on one side and
ask whether the random cases notice. `IN_THE_RULES` change a rule of the oracle, `IN_THE_FACTS`
what the oracle is told; the engine is asked the same as ever.
"""

import dataclasses
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle import money, pay, standings
from tests.oracle.cases import Case
from tests.oracle.model import (
    CustomersAtLeast,
    Member,
    Network,
    PersonalVolume,
    Plan,
    Sale,
    Standing,
    Unilevel,
    VolumeAtLeast,
)
from tests.oracle.network import distributor_above

Patch = pytest.MonkeyPatch


def asking_otherwise(change: Callable[[dict[str, Any]], object]) -> Callable[[Patch], None]:
    """Return a fault that changes what decides the table of who is met."""
    rule_that_fits = pay.rule_that_fits

    def changed(member: Member, **facts: Any) -> int:
        facts = {"member": member, **facts}
        change(facts)
        return rule_that_fits(**facts)

    return lambda patch: patch.setattr(pay, "rule_that_fits", changed)


def answering_otherwise(decided: int, instead: int) -> Callable[[Patch], None]:
    """Return a fault that does another thing wherever a line of the table decides."""
    rule_that_fits = pay.rule_that_fits

    def changed(member: Member, **facts: Any) -> int:
        rule = rule_that_fits(member, **facts)
        return instead if rule == decided else rule

    return lambda patch: patch.setattr(pay, "rule_that_fits", changed)


def rounding_otherwise(mode: str, rounded: Callable[[Fraction], int]) -> Callable[[Patch], None]:
    return lambda patch: patch.setitem(money.ROUNDINGS, mode, rounded)


def rates_cut_at_zero(plan: Plan, bonus: Unilevel, rank: str | None) -> list[Fraction]:
    rates = RATES_OF(plan, bonus, rank)
    return rates[: rates.index(Fraction(0))] if Fraction(0) in rates else rates


def rates_of_named_ranks_only(_: Plan, bonus: Unilevel, rank: str | None) -> list[Fraction]:
    return bonus.rates[None] if None in bonus.rates else bonus.rates.get(rank, [])


def rates_of_the_lowest_rank_for_nobody(
    plan: Plan, bonus: Unilevel, rank: str | None
) -> list[Fraction]:
    return RATES_OF(plan, bonus, rank or next((each.name for each in plan.ranks), None))


def met_from_the_sponsor_on(network: Network, sale: Sale) -> str | None:
    first = FIRST_MET(network, sale)
    return distributor_above(network, network[first]) if first and sale.is_customer_order else first


def met_from_the_buyer_on(network: Network, sale: Sale) -> str | None:
    return FIRST_MET(network, sale) if sale.is_customer_order else sale.buyer


def group_without_oneself(plan: Plan, network: Network, found: standings.Standings) -> None:
    ADD_GROUP_VOLUME(plan, network, found)
    for standing in found.values():
        standing.volumes["GV"] -= standing.volumes[plan.group_of]


def group_without_those_who_do_not_count(
    plan: Plan, network: Network, found: standings.Standings
) -> None:
    """Compress group volume: leave out who does not occupy a level."""
    kept = {id: standing.volumes[plan.group_of] for id, standing in found.items()}
    for id, standing in found.items():
        standing.volumes[plan.group_of] *= network[id].occupies_level
    ADD_GROUP_VOLUME(plan, network, found)
    for id, standing in found.items():
        standing.volumes[plan.group_of] = kept[id]


def lowest_rank(plan: Plan, standing: Standing) -> str | None:
    met = [rank.name for rank in plan.ranks if standings.all_met(rank.require, standing)]
    return met[0] if met else None


def rank_by_rank(plan: Plan, standing: Standing) -> str | None:
    reached = None
    for rank in plan.ranks:
        if not standings.all_met(rank.require, standing):
            break
        reached = rank.name
    return reached


def whoever_ordered(volume: PersonalVolume, sale: Sale) -> Fraction:
    return sale.pv if volume.column == "pv" else sale.cv


def more_than(need: Any, standing: Standing) -> bool:
    """Ask for a hundredth of a point more than is asked, or one customer more."""
    if isinstance(need, VolumeAtLeast):
        need = dataclasses.replace(need, points=need.points + Fraction(1, 100))
    elif isinstance(need, CustomersAtLeast):
        need = dataclasses.replace(need, number=need.number + 1)
    return IS_MET(need, standing)


def any_of_them(require: Sequence[Any], standing: Standing) -> bool:
    return any(standings.is_met(need, standing) for need in require) or not require


RATES_OF = pay.rates_of
FIRST_MET = pay.first_met
ADD_GROUP_VOLUME = standings.add_group_volume
IS_MET = standings.is_met


def instead_of(place: Any, name: str, wrong: Any) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(place, name, wrong)


IN_THE_RULES: dict[str, Callable[[Patch], None]] = {
    "compression switched off": asking_otherwise(lambda it: it.update(compression="none")),
    "compression always inactive": asking_otherwise(lambda it: it.update(compression="inactive")),
    "compression always dynamic": asking_otherwise(lambda it: it.update(compression="dynamic")),
    "inactive paid": asking_otherwise(lambda it: it.update(is_active=True)),
    "every level covered where there is a rate": answering_otherwise(6, 3),
    "skipped by state uses a level up": answering_otherwise(1, 4),
    "not earning passed over": answering_otherwise(4, 1),
    "inactive passed over without compression": answering_otherwise(5, 2),
    "half to even by default": rounding_otherwise("half away from zero", money.half_to_even),
    "half up, lopsided": rounding_otherwise(
        "half away from zero", lambda x: int((x + Fraction(1, 2)) // 1)
    ),
    "half away for half to even": rounding_otherwise("half to even", money.half_away_from_zero),
    "floor for toward zero": rounding_otherwise("toward zero", lambda x: int(x // 1)),
    "rounded for toward zero": rounding_otherwise("toward zero", money.half_away_from_zero),
    "level off by one": instead_of(pay, "rates_of", lambda *its: RATES_OF(*its)[1:]),
    "0% leaves the level": instead_of(pay, "rates_of", rates_cut_at_zero),
    "ranks not named have no rates": instead_of(pay, "rates_of", rates_of_named_ranks_only),
    "no rank is the lowest": instead_of(pay, "rates_of", rates_of_the_lowest_rank_for_nobody),
    "customers' orders start at level 2": instead_of(pay, "first_met", met_from_the_sponsor_on),
    "own orders pay the buyer": instead_of(pay, "first_met", met_from_the_buyer_on),
    "GV without own": instead_of(standings, "add_group_volume", group_without_oneself),
    "GV compressed": instead_of(
        standings, "add_group_volume", group_without_those_who_do_not_count
    ),
    "lowest rank": instead_of(standings, "highest_rank", lowest_rank),
    "ranks as a ladder": instead_of(standings, "highest_rank", rank_by_rank),
    "more than for at least": instead_of(standings, "is_met", more_than),
    "any requirement is enough": instead_of(standings, "all_met", any_of_them),
    "volumes of whoever ordered": instead_of(standings, "figure", whoever_ordered),
    "pay on whoever ordered": instead_of(pay, "figure", whoever_ordered),
}


def members(**change: Any) -> Callable[[Case], Case]:
    """Return a fault that overlooks something about every distributor."""

    def changed(case: Case) -> Case:
        network = {
            id: member if member.is_customer else dataclasses.replace(member, **change)
            for id, member in case.network.items()
        }
        return dataclasses.replace(case, network=network)

    return changed


def sold(change: Callable[[Sale], Sale | None]) -> Callable[[Case], Case]:
    """Return a fault that changes every sale, or leaves it out."""
    return lambda case: dataclasses.replace(
        case, sales=[sale for sale in map(change, case.sales) if sale is not None]
    )


def plan_saying(old: str, new: str) -> Callable[[Case], Case]:
    return lambda case: dataclasses.replace(case, plan_text=case.plan_text.replace(old, new))


def a_customer_for_every_order(case: Case) -> Case:
    """Count orders, not people: every order is given a buyer of its own."""
    network, sales = dict(case.network), []
    for sale in case.sales:
        if sale.is_customer_order:
            buyer = f"{sale.buyer} for {sale.returns or sale.id}"
            network[buyer] = Member(buyer, case.network[sale.buyer].sponsor, is_customer=True)
            sale = dataclasses.replace(sale, buyer=buyer)
        sales.append(sale)
    return dataclasses.replace(case, network=network, sales=sales)


IN_THE_FACTS: dict[str, Callable[[Case], Case]] = {
    "earns overlooked": members(earns=True),
    "occupies a level overlooked": members(occupies_level=True),
    "keeps volume overlooked": members(keeps_volume=True),
    "keeps customers overlooked": members(keeps_customers=True),
    "rank by hand overlooked": members(rank_by_hand=None),
    "returns overlooked": sold(lambda sale: sale if sale.returns is None else None),
    "returns pay by themselves": sold(lambda sale: dataclasses.replace(sale, returns=None)),
    "PV is CV": sold(lambda sale: dataclasses.replace(sale, pv=sale.cv)),
    "CV is PV": sold(lambda sale: dataclasses.replace(sale, cv=sale.pv)),
    "negative sales overlooked": sold(
        lambda sale: (
            dataclasses.replace(sale, cv=max(sale.cv, Fraction(0)))
            if sale.returns is None
            else sale
        )
    ),
    "own orders taken for customers'": sold(
        lambda sale: dataclasses.replace(sale, is_customer_order=True)
    ),
    "point value overlooked": plan_saying("point_value", "# point_value"),
    "cents in yen": plan_saying("JPY", "USD"),
    "a thousandth rounded to cents": plan_saying("KWD", "USD"),
    "GV of the other volume": plan_saying('"PV of self', '"CV of self'),
    "nobody has to be active": plan_saying("[active]\nrequire", "[active]\nx"),
    "every order a customer": a_customer_for_every_order,
}
