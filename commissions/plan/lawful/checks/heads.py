"""Whether people are counted without any sales behind them."""

from __future__ import annotations

from collections.abc import Iterator

from commissions.engine.plan import (
    FullLevelRule,
    PeopleFigure,
    PoolRule,
    RewardRule,
    StructureRule,
    Unit,
)
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.findings import Breach
from commissions.plan.lawful.places import all_asked
from commissions.plan.lawful.telling import told_pay

ONLY_PEOPLE = "Nobody in the whole network buys or sells anything; people only join."


def head_count_alone(case: Case) -> Iterator[Breach]:
    """Find pay for which a number of people is enough: money, or shares of a fund, for heads."""
    for index, bonus in enumerate(case.plan.bonuses):
        heads = _pay_for_heads(case, index)
        ways = case.no_sales.by(index) if isinstance(bonus, RewardRule) and not heads else []
        path: tuple[str, ...] = ()
        if ways and not case.nobody.by(index):
            heads = "is paid for a number of people, with no sales at all"
            path = told_pay(case.no_sales.reached, case.places, ways[0], ONLY_PEOPLE)
        if heads:
            place = case.places.at("bonus", index, "name")
            sentence = f"{bonus.name} {heads}."
            yield Breach("head-count-alone", place, f"bonus {bonus.name}", sentence, path)


def _pay_for_heads(case: Case, index: int) -> str:
    """Return how the amount goes by people with no sales of theirs, nothing if it does not."""
    bonus = case.plan.bonuses[index]
    match bonus:
        case RewardRule() if counts_heads(case, bonus.for_each):
            return f"pays for each of {case.plan.figures[bonus.for_each].name}, sales or not"
        case StructureRule() if _is_met_by_heads(case, index):
            return "pays for a shape of people, whether they sell or not"
        case FullLevelRule() if bonus.rates.is_money and _is_met_by_heads(case, index):
            return "pays for full levels of people, whether they sell or not"
        case PoolRule() if counts_heads(case, bonus.shares):
            return f"is shared by {case.plan.figures[bonus.shares].name}, which people alone make"
    return ""


def head_count_gate(case: Case) -> Iterator[Breach]:
    """Find requirements that count people who need not have sold or bought anything."""
    for one in all_asked(case.plan, case.places):
        for number, requirement in enumerate(one.requirements):
            heads = [term.index for term in requirement.terms if counts_heads(case, term.index)]
            if heads:
                yield Breach(
                    "head-count-gate",
                    one.place(case.places, number),
                    one.what,
                    f'"{requirement.phrase}" counts people, whether they sell or not.',
                    market=case.market_name(one.market),
                )


def counts_heads(case: Case, index: int) -> bool:
    """Tell whether a figure counts people, or their points, without sales of theirs."""
    if index < 0:
        return False
    figure, reached = case.plan.figures[index], case.no_sales.reached
    if isinstance(figure, PeopleFigure):
        return reached.is_anybody(index)
    return figure.unit == Unit.POINTS and any(
        reached.has(index, market) for market in range(len(reached.active))
    )


def _is_met_by_heads(case: Case, index: int) -> bool:
    bonus = case.plan.bonuses[index]
    who = bonus.person if isinstance(bonus, StructureRule) else ()
    who = bonus.counted if isinstance(bonus, FullLevelRule) else who
    return bool(case.anything.by(index)) and case.no_sales.reached.way_of_others(who) is not None
