"""Whether own purchases make ranks and pay: alone, or as a part of what qualifies."""

from __future__ import annotations

from collections.abc import Iterator

from commissions.engine.plan import (
    Asks,
    BonusRule,
    GradeBy,
    LimitedFigure,
    OrderOf,
    PersonalRule,
    PoolRule,
    Rates,
    UnilevelRule,
)
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.cells import WITHIN
from commissions.plan.lawful.findings import Breach
from commissions.plan.lawful.made_of import Part
from commissions.plan.lawful.places import Key, all_asked
from commissions.plan.lawful.telling import told_pay, told_rank

ENTRY = 1
"""The rank that everybody may reach who buys."""
ONLY_BUYING = "Nobody in the whole network sells anything to a customer; everybody only buys."


def own_purchases_alone(case: Case) -> Iterator[Breach]:
    """Find ranks above the first, and pay, that are reached where nobody sells to a customer."""
    earned = case.no_customers
    reached = earned.reached
    for number, rank in enumerate(case.plan.ranks, start=1):
        markets = [place for place, ranks in enumerate(reached.ranks) if number in ranks]
        if number > ENTRY and markets:
            yield Breach(
                "own-purchases-alone",
                case.places.at("rank", number - 1, "require"),
                f"rank {rank.name}",
                f"{rank.name} can be reached without a single customer's order"
                f"{_in_markets(case, markets)}.",
                told_rank(reached, case.places, number, markets[0], ONLY_BUYING),
            )
    for index, bonus in enumerate(case.plan.bonuses):
        ways = earned.by(index)
        if ways:
            yield Breach(
                "own-purchases-alone",
                case.places.at("bonus", index, "name"),
                f"bonus {bonus.name}",
                f"{bonus.name} can be paid without a single customer's order"
                f"{_in_markets(case, [way.market for way in ways])}.",
                told_pay(reached, case.places, ways[0], ONLY_BUYING),
            )


def buying_to_qualify(case: Case) -> Iterator[Breach]:
    """Find volumes with own orders in them that somebody must have to qualify for anything."""
    asked: dict[int, list[tuple[str, tuple[Key, ...]]]] = {}
    for figure, what, keys in _compared(case):
        if counts_own_orders(case, figure):
            asked.setdefault(figure, []).append((what, keys))
    for figure, askers in asked.items():
        name = case.plan.figures[figure].name
        who = list(dict.fromkeys(what for what, _ in askers))
        yield Breach(
            "buying-to-qualify",
            min(case.places.at(*keys) for _, keys in askers),
            who[0] if len(who) == 1 else f"volume {name}",
            f"{name} counts what one buys oneself, and is asked for by {', '.join(who)}.",
        )


def _compared(case: Case) -> Iterator[tuple[int, str, tuple[Key, ...]]]:
    """Yield every figure of which more helps to qualify, with who asks for it where."""
    for one in all_asked(case.plan, case.places):
        for number, requirement in enumerate(one.requirements):
            for term in requirement.terms:
                if term.asks == Asks.SHARE or (term.asks == Asks.AT_LEAST and term.need > 0):
                    yield _unlimited(case, term.index), one.what, (*one.keys, number)
    for index, bonus in enumerate(case.plan.bonuses):
        for figure, key in _deciding(bonus):
            yield figure, f"bonus {bonus.name}", ("bonus", index, key)


def _unlimited(case: Case, index: int) -> int:
    """Return the volume of which a leg limit is, or the figure itself."""
    figure = case.plan.figures[index]
    return figure.of if isinstance(figure, LimitedFigure) else index


def newcomers_own_orders(case: Case) -> Iterator[Breach]:
    """Find bonuses that pay others on what people buy for themselves, only while they are new."""
    for index, bonus in enumerate(case.plan.bonuses):
        if isinstance(bonus, PersonalRule) or bonus.pays_on < 0:
            continue
        rests_on = [
            part
            for part, count in case.made_of.sums[bonus.pays_on].items()
            if count > 0 and not part.customers and _is_of_newcomers(part, bonus)
        ]
        if rests_on and case.anything.by(index):
            yield Breach(
                "newcomers-own-orders",
                case.places.at("bonus", index, "name"),
                f"bonus {bonus.name}",
                f"{bonus.name} pays on what people buy for themselves when they are new.",
            )


def counts_own_orders(case: Case, figure: int) -> bool:
    """Tell whether one's own purchases make a figure larger."""
    parts = [part for part, count in case.made_of.sums[figure].items() if count > 0]
    return any(_is_own(case, part) for part in parts)


def _is_own(case: Case, part: Part) -> bool:
    if part.region is not None:
        return False
    if part.is_figure:
        return any(_is_own(case, one) for one in case.made_of.support(part))
    return not part.customers


def _is_of_newcomers(part: Part, bonus: BonusRule) -> bool:
    whens = [part.when, *([bonus.when] if isinstance(bonus, UnilevelRule) else [])]
    return any(when.orders == OrderOf.FIRST or when.time in WITHIN for when in whens)


def _deciding(bonus: BonusRule) -> Iterator[tuple[int, str]]:
    """Yield the figures by which a bonus grades or shares, each with the key that names it."""
    rates = getattr(bonus, "rates", None) or getattr(bonus, "pays", None)
    if isinstance(rates, Rates) and rates.by == GradeBy.FIGURE:
        yield rates.figure, "rates_by"
    if isinstance(bonus, PoolRule) and bonus.shares >= 0:
        yield bonus.shares, "shares"


def _in_markets(case: Case, markets: list[int]) -> str:
    """Return in which markets something is so, nothing if it is so for everybody."""
    if 0 in markets:
        return ""
    return " in the market " + ", ".join(case.market_name(market) for market in markets)
