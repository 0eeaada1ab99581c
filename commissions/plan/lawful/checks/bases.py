"""Whether pay rests on the price really paid, and on nothing that may not be a condition."""

from __future__ import annotations

from collections.abc import Iterator

from commissions.engine.plan import PoolRule, Rates, SaleFigure, Unit
from commissions.plan.lawful.case import Case
from commissions.plan.lawful.cells import Times, counted
from commissions.plan.lawful.findings import Breach
from commissions.plan.lawful.inside import inside
from commissions.plan.lawful.law import Rule, rules
from commissions.plan.lawful.places import Key, all_asked
from commissions.plan.lawful.worst_case import shown


def base_above_price(case: Case) -> Iterator[Breach]:
    """Find volumes that are paid on and are more than what buyers paid, by name or by adding up."""
    rule = rules()["base-above-price"]
    for index, bonus in enumerate(case.plan.bonuses):
        is_pool = isinstance(bonus, PoolRule)
        figure = bonus.fund_of if isinstance(bonus, PoolRule) else bonus.pays_on
        if figure < 0:
            continue
        place = case.places.at("bonus", index, "fund" if is_pool else "pays_on")
        what, name = f"bonus {bonus.name}", case.plan.figures[figure].name
        word = next(_words_in(case, figure, rule), "")
        if word:
            yield Breach(
                rule.id, place, what, f'{name} is made of "{word}", which is not the price paid.'
            )
        for sentence in _adds_up(case, figure):
            yield Breach(rule.id, place, what, f"{name} {sentence}")


def _adds_up(case: Case, figure: int) -> Iterator[str]:
    """Yield how a volume counts a sale for more than the whole; nothing if it does not.

    Volumes that are no sums of single sales (funds of groups) have no base that could be told.
    """
    times = Times([part.when for part in case.made_of.sums[figure]])
    most = max(
        ((counted(case.made_of, figure, cell), cell) for cell in times.cells()),
        key=lambda pair: pair[0] or 0,
    )
    if most[0] is not None and most[0] > 1:
        yield f"counts {shown(most[0])} of {most[1].words(times)}."


def autoship_condition(case: Case) -> Iterator[Breach]:
    """Find conditions that ask for standing orders, tickets or tools."""
    rule = rules()["autoship-condition"]
    for one in all_asked(case.plan, case.places):
        for number, requirement in enumerate(one.requirements):
            figures = [term.index for term in requirement.terms if term.index >= 0]
            words = [word for figure in figures for word in _words_in(case, figure, rule)]
            if words:
                yield Breach(
                    rule.id,
                    one.place(case.places, number),
                    one.what,
                    f'"{requirement.phrase}" asks for "{words[0]}".',
                    market=case.market_name(one.market),
                )
    for index, bonus in enumerate(case.plan.bonuses):
        for key, figure in _deciding(case, index):
            words = list(_words_in(case, figure, rule))
            if words:
                sentence = f'{bonus.name} goes by "{words[0]}".'
                place = case.places.at("bonus", index, key)
                yield Breach(rule.id, place, f"bonus {bonus.name}", sentence)


def _deciding(case: Case, index: int) -> Iterator[tuple[Key, int]]:
    """Yield the figures by which a bonus grades, shares or counts."""
    bonus = case.plan.bonuses[index]
    for rates in (getattr(bonus, "rates", None), getattr(bonus, "pays", None)):
        if isinstance(rates, Rates) and rates.figure >= 0:
            yield "rates_by", rates.figure
    for key in ("shares", "for_each"):
        figure = getattr(bonus, key, -1)
        if figure >= 0:
            yield key, figure


def _words_in(case: Case, index: int, rule: Rule) -> Iterator[str]:
    """Yield the names in a figure by which a rule finds it: its own, and those of columns."""
    for place in inside(case.plan.figures, index, asked=True):
        figure = case.plan.figures[place]
        if figure.unit == Unit.POINTS and rule.finds(figure.name):
            yield figure.name
        if isinstance(figure, SaleFigure) and rule.finds(case.plan.columns[figure.column]):
            yield case.plan.columns[figure.column]
