"""What all pay together can come to, on how many levels, and what markets allow of it."""

from __future__ import annotations

from collections.abc import Iterator

from commissions.engine.plan import (
    FullLevelRule,
    PersonalRule,
    StructureRule,
    UnilevelRule,
)
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.checks.customers import pays_on_others
from commissions.plan.lawful.findings import Breach
from commissions.plan.lawful.law import MarketLaw, markets, numbers
from commissions.plan.lawful.worst_case import WorstCase, shown

ANY_NUMBER = 10**6


def worst_case_payout(case: Case) -> Iterator[Breach]:
    """Find out whether all bonuses together can pay more than there is, or than a market allows."""
    most = numbers()["payout_most"].value
    for number in range(len(case.plan.markets) + 1):
        worst = case.worst_case(number)
        if number and worst == case.worst_case():
            continue
        if worst.share is None or worst.share > most:
            yield _too_much(case, worst, shown(most), case.market_name(number))
    for law in _laws(case):
        worst = case.worst_case(case.market_number(law.code))
        if law.payout_most is not None and (worst.share is None or worst.share > law.payout_most):
            most_here = f"{shown(law.payout_most)} in {law.name}: {law.source}"
            yield _too_much(case, worst, most_here, law.code, law.code)


def _too_much(case: Case, worst: WorstCase, most: str, market: str, law: str = "") -> Breach:
    what = "has no limit" if worst.share is None else f"can come to {shown(worst.share)}"
    return Breach(
        "worst-case-payout",
        case.places.at("cap" if case.places.has("cap") else "bonus"),
        "the plan",
        f"What all bonuses pay together {what}; the most is {most}.",
        (*_told(worst), *_cap_of_each(case, worst)),
        market,
        law,
    )


def _told(worst: WorstCase) -> tuple[str, ...]:
    """Return the parts of the worst case as sentences."""
    of_sale = "" if worst.share is None else f" of {worst.sale}"
    return tuple(
        f"{part.bonus} pays without a limit."
        if part.share is None
        else f"{part.bonus} pays {shown(part.share)}{of_sale}."
        for part in worst.parts
    )


def _cap_of_each(case: Case, worst: WorstCase) -> tuple[str, ...]:
    """Return why the plan's cap leaves more than it says: it is of each run by itself."""
    rhythms = {bonus.cadence for bonus in case.plan.bonuses}
    if not worst.capped or len(rhythms) == 1:
        return ()
    return (f"The plan's cap holds for each of its {len(rhythms)} rhythms by itself.",)


def levels_above_limit(case: Case) -> Iterator[Breach]:
    """Find bonuses that pay on more levels than a market allows; the seller's own is the first."""
    for law in _laws(case):
        if law.levels_most is None:
            continue
        number = case.market_number(law.code)
        for index, bonus in enumerate(case.plan.bonuses):
            levels = _levels(case, index) if (index, number) in case.anything.paid else 0
            if levels > law.levels_most:
                many = "any number of" if levels == ANY_NUMBER else str(levels)
                yield Breach(
                    "levels-above-limit",
                    case.places.at("bonus", index, "name"),
                    f"bonus {bonus.name}",
                    f"{bonus.name} pays on {many} levels; the most in {law.name} is "
                    f"{law.levels_most} ({law.source}).",
                    market=law.code,
                    law=law.code,
                )


def market_unknown(case: Case) -> Iterator[Breach]:
    """Find markets of which the profiles know nothing."""
    for code in case.markets:
        if code not in markets():
            yield Breach(
                "market-unknown",
                case.places.at("market", code),
                "the plan",
                f"The law of {code} is not known here.",
                market=code,
            )


def _laws(case: Case) -> Iterator[MarketLaw]:
    yield from (markets()[code] for code in case.markets if code in markets())


def _levels(case: Case, index: int) -> int:
    """Return on how many levels a bonus pays, the seller's own included."""
    bonus = case.plan.bonuses[index]
    match bonus:
        case PersonalRule():
            return 1
        case UnilevelRule():
            only_customers = all(part.customers for part in case.made_of.sums[bonus.pays_on])
            seller_apart = bonus.owner_left_out or not only_customers
            return bonus.rates.depth + seller_apart if pays_on_others(case, index) else 1
        case FullLevelRule():
            return bonus.rates.depth + 1
        case StructureRule():
            return max(map(len, bonus.pays)) + 1
    return ANY_NUMBER if pays_on_others(case, index) else 1
