"""Whether who is paid on the sales of others serves customers, too."""

from __future__ import annotations

from collections.abc import Iterator

from commissions.engine.plan import (
    Asks,
    ByMarket,
    Compression,
    GradeBy,
    LevelsFigure,
    PeopleFigure,
    PersonalRule,
    Requirement,
    Requirements,
    RewardRule,
    UnilevelRule,
)
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.earning import Earned
from commissions.plan.lawful.findings import Breach
from commissions.plan.lawful.law import numbers

OF_RANKS = (Asks.RANK, Asks.TITLE, Asks.WAS)


def customers_missing(case: Case) -> Iterator[Breach]:
    """Find pay on others' sales for somebody with fewer customers than the numbers ask."""
    ask = {name: int(number.value) for name, number in numbers().items() if "customers" in name}
    most, newcomers = ask["customers"], ask["customers_of_newcomers"]
    months = int(numbers()["newcomer_months"].value)
    overrides = [
        index for index in range(len(case.plan.bonuses)) if pays_on_others(case, index)
    ]  # fmt: skip
    old, old_bonuses = _least(case, overrides, most, months)
    new, new_bonuses = _least(case, overrides, newcomers, 0)
    short = sorted(set(old_bonuses) | set(new_bonuses))
    if not short:
        return
    names = ", ".join(case.plan.bonuses[index].name for index in short)
    sentence = (
        f"With {_so_many(old)} in the period somebody can be paid {names}; {most} is the number."
        if old_bonuses
        else f"With {_so_many(new)} in the period a newcomer can be paid {names}; {newcomers} is "
        f"the number for the first {months} months."
    )
    yield Breach(
        "customers-missing",
        min(case.places.at("bonus", index, "name") for index in short),
        "pay on others' sales",
        sentence,
    )


def pays_on_others(case: Case, index: int) -> bool:
    """Tell whether a bonus can pay anybody on what others have sold or bought.

    Pay on one's own customers' orders and on one's own purchases is no such pay. A reward is, if
    anything that it asks is about others.
    """
    bonus = case.plan.bonuses[index]
    if not case.anything.by(index):
        return False
    match bonus:
        case PersonalRule():
            return False
        case UnilevelRule():
            only_customers = all(part.customers for part in case.made_of.sums[bonus.pays_on])
            return (
                bonus.rates.depth > 1
                or bonus.owner_left_out
                or bonus.compression != Compression.NONE
                or not only_customers
            )
        case RewardRule():
            return bonus.for_each >= 0 or _is_about_others(case, bonus)
    return True


def _is_about_others(case: Case, bonus: RewardRule) -> bool:
    """Tell whether anything that a reward asks, activity and ranks included, is about others."""
    plan = case.plan
    asked = _all(bonus.requires) + _all(plan.active)
    goes_by_rank = bonus.pays.by != GradeBy.FIGURE
    if goes_by_rank or any(term.asks in OF_RANKS for one in asked for term in one.terms):
        asked += [one for rank in plan.ranks for one in _all(rank.require)]
    figures = {term.index for one in asked for term in one.terms} | {bonus.pays.figure}
    return any(_is_of_others(case, figure) for figure in figures - {-1})


def _all(requirements: ByMarket[Requirements]) -> list[Requirement]:
    return [one for of_market in requirements for one in of_market]


def _is_of_others(case: Case, figure: int) -> bool:
    if isinstance(case.plan.figures[figure], PeopleFigure | LevelsFigure):
        return True
    return any(
        part.region is not None
        or (part.is_figure and any(one.region is not None for one in case.made_of.support(part)))
        for part in case.made_of.sums[figure]
    )


def _least(case: Case, overrides: list[int], most: int, months: int) -> tuple[int, list[int]]:
    """Return the least number of customers with which any of some bonuses is paid, and which are.

    Which ones is told for one customer less than `most`; nothing if that is too few for all.
    """
    paid = _paid(case.with_customers(most - 1, months), overrides)
    if not paid:
        return most, []
    return next(
        number
        for number in range(most)
        if _paid(case.with_customers(number, months), overrides)
    ), paid  # fmt: skip


def _paid(earned: Earned, overrides: list[int]) -> list[int]:
    return [index for index in overrides if earned.by(index)]


def _so_many(customers: int) -> str:
    if customers == 0:
        return "no customer of one's own"
    return "1 customer" if customers == 1 else f"{customers} customers"
