"""Says where the engine tells of a sale's way up something else than the oracle."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from commissions.engine import Outcome as Told
from commissions.engine import Trace, explain_sale
from commissions.lab.outcome import Outcome
from tests.oracle.lines import Answer, Line
from tests.oracle.plan import Plan
from tests.oracle.way_up import PAID

BY_THE_TABLE = ("unilevel", "fast-start")
"""Kinds of which everybody who is met has a line of the documentation's table."""
ON_SALES = (*BY_THE_TABLE, "retail", "personal", "differential", "generation", "infinity")
NOT_COVERED = 8
RULES = {
    Told.SKIPPED_STATE: 1,
    Told.SKIPPED_INACTIVE: 2,
    Told.SKIPPED_UNQUALIFIED: 3,
    Told.SKIPPED_NOT_COVERED: 4,
    Told.NOT_EARNING: 5,
    Told.INACTIVE: 6,
    Told.UNQUALIFIED: 7,
    Told.NOT_COVERED: NOT_COVERED,
    Told.PAID: PAID,
}
Way = tuple[str, str]
"""A bonus and a sale."""


def ways_that_differ(answer: Answer, outcome: Outcome) -> Iterator[str]:
    """Yield what differs: whom sales met, and what those were paid who are told to be paid."""
    plan = answer.run.plan
    told = {each: traces_of(outcome, each) for each in outcome.snapshot.sale.tolist()}
    ids, sales = outcome.people.ids, outcome.orders.ids
    theirs: dict[Way, Counter[Any]] = defaultdict(Counter)
    paid: dict[Way, Counter[Any]] = defaultdict(Counter)
    for number, traces in told.items():
        for each in traces:
            way = outcome.plan.bonuses[each.bonus].name, sales[number]
            if plan.bonus(way[0]).kind in BY_THE_TABLE and each.outcome in RULES:
                theirs[way][ids[each.member], each.level, RULES[each.outcome]] += 1
            if each.outcome == Told.PAID:
                paid[way][payment_told(plan, way[0], ids[each.member], each)] += 1
    yield from of_ways("way up of", whom_they_met(answer), theirs)
    yield from of_ways("told to be paid on", what_they_paid(answer), paid)


def traces_of(outcome: Outcome, sale: int) -> list[Trace]:
    return explain_sale(outcome.result, sale)


def whom_they_met(answer: Answer) -> dict[Way, Counter[Any]]:
    """Return whom sales met; who is paid nothing at a rate of 0% is told not to be covered."""
    found: dict[Way, Counter[Any]] = defaultdict(Counter)
    paid = {(line.bonus, line.evidence, line.earner, line.level) for line in answer.lines}
    for met in answer.met:
        if answer.run.plan.bonus(met.bonus).kind in BY_THE_TABLE:
            is_paid = (met.bonus, met.evidence, met.member, met.level) in paid
            rule = NOT_COVERED if met.rule == PAID and not is_paid else met.rule
            found[met.bonus, met.evidence][met.member, met.level, rule] += 1
    return found


def what_they_paid(answer: Answer) -> dict[Way, Counter[Any]]:
    """Return the lines on each sale."""
    plan, found = answer.run.plan, defaultdict[Way, Counter[Any]](Counter)
    kinds = {bonus.name: bonus.kind for bonus in plan.bonuses}
    for line in answer.lines:
        if kinds.get(line.bonus) in ON_SALES and not line.evidence.startswith("earnings of "):
            found[line.bonus, line.evidence][payment(plan, line)] += 1
    return found


def payment(plan: Plan, line: Line) -> tuple[Any, ...]:
    """Return a payment; of an amount that is not rounded line by line it does not matter how."""
    amount = line.amount if plan.bonus(line.bonus).round_at == "line" else None
    return line.earner, line.level, line.rate, line.base, amount


def payment_told(plan: Plan, bonus: str, earner: str, told: Trace) -> tuple[Any, ...]:
    amount = told.amount if plan.bonus(bonus).round_at == "line" else None
    rate = Fraction(told.rate_ppm, 1_000_000)
    return earner, told.level, rate, Fraction(told.base, 100), amount


def of_ways(
    what: str, oracle: dict[Way, Counter[Any]], lab: dict[Way, Counter[Any]]
) -> Iterator[str]:
    for bonus, sale in {**oracle, **lab}:
        ours, theirs = oracle.get((bonus, sale), Counter()), lab.get((bonus, sale), Counter())
        if ours != theirs:
            yield f"{what} {sale} in {bonus}: oracle {dict(ours)}, lab {dict(theirs)}"
