"""Says where the lab and the oracle differ in a case: nothing at all, or sentences."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from commissions.lab.outcome import Outcome
from commissions.lab.standings import standings_rows
from commissions.lab.write import earning_rows, line_rows
from tests.oracle.cases import oracle_answers
from tests.oracle.drawing.case import Case
from tests.oracle.lab_side import lab_outcomes
from tests.oracle.lines import Answer, Line, earnings_of
from tests.oracle.money import per_cent
from tests.oracle.phrases import Count, Joined, RankBefore, name_of, single
from tests.oracle.requirements import periods_with, since_joining
from tests.oracle.rounding import in_order

Table = Mapping[Any, Any]
NUMBER = re.compile(r"\d+\.\d+")


def differences(case: Case) -> list[str]:
    """Return where they differ, in the first run in which they do; none if they agree."""
    for (stretch, answer), (_, outcome) in zip(
        oracle_answers(case), lab_outcomes(case), strict=True
    ):
        found = list(differences_of_run(answer, outcome))
        if found:
            return [f"run {stretch.period} {stretch.cadence or ''}".strip(), *found]
    return []


def differences_of_run(answer: Answer, outcome: Outcome) -> Iterator[str]:
    """Yield what differs: standings, lines and their order, earnings, state."""
    decimals = outcome.plan.exponent
    theirs = [lab_line(row, outcome) for row in line_rows(outcome.lines, decimals)]
    ours = oracle_lines(answer)
    yield from of_tables("standing", oracle_standings(answer), lab_standings(outcome))
    yield from of_tables("how often there is", Counter(ours), Counter(theirs))
    if ours != theirs and Counter(ours) == Counter(theirs):
        yield from of_tables("line", dict(enumerate(ours)), dict(enumerate(theirs)))
    yield from of_tables("earning", oracle_earnings(answer), lab_earnings(outcome))
    yield from of_tables("state", Counter(answer.state), Counter(lab_state(outcome)))


def of_tables(what: str, oracle: Table, lab: Table) -> Iterator[str]:
    """
    >>> list(of_tables("total", {"USD": 3}, {"USD": 4}))
    ["total 'USD': oracle 3, lab 4"]
    """
    for key in {**oracle, **lab}:
        if oracle.get(key) != lab.get(key):
            yield f"{what} {shown(key)}: oracle {shown(oracle.get(key))}, lab {shown(lab.get(key))}"


def shown(part: Any) -> str:
    """Return a key or a figure as people read it.

    >>> shown(("bob", Fraction(3, 2)))
    'bob | 3/2'
    """
    if isinstance(part, tuple):
        return " | ".join(str(each) for each in part)
    return str(part) if isinstance(part, Fraction) else repr(part)


def oracle_lines(answer: Answer) -> list[tuple[Any, ...]]:
    reverses = {id(each.line): each.reverses for each in answer.reversals}
    lines = in_order(answer.run, [*answer.lines, *(each.line for each in answer.reversals)])
    return [
        (
            *(line.earner, line.bonus, line.level, line.evidence, line.base, line.rate),
            *(line.amount, reverses.get(id(line), "")),
        )
        for line in lines
    ]


def lab_line(row: Any, outcome: Outcome) -> tuple[Any, ...]:
    member, bonus, level, evidence, base, rate, amount, reverses = row
    smallest = 10**outcome.plan.exponent
    points = Fraction(base) * (smallest if bonus in matching(outcome) else 1)
    return (
        *(member, bonus, level, evidence, points, per_cent(rate)),
        *(int(Fraction(amount) * smallest), reverses),
    )


def matching(outcome: Outcome) -> set[str]:
    """Return the names of bonuses of which the base is in money."""
    return {
        rule.name for rule in outcome.plan.bonuses if type(rule).__name__ == "MatchingRule"
    }


def oracle_earnings(answer: Answer) -> Table:
    lines: list[Line] = [*answer.lines, *(each.line for each in answer.reversals)]
    return earnings_of(lines)


def lab_earnings(outcome: Outcome) -> Table:
    smallest, in_money = 10**outcome.plan.exponent, matching(outcome)
    return {
        (member, bonus, level, per_cent(rate)): (
            Fraction(base) * (smallest if bonus in in_money else 1),
            int(Fraction(amount) * smallest),
        )
        for member, bonus, level, base, rate, amount in earning_rows(
            outcome.lines, outcome.plan.exponent
        )
    }


def lab_state(outcome: Outcome) -> list[tuple[str, str, Fraction | str]]:
    ranks = {rank.name for rank in outcome.plan.ranks}
    return [
        (member, key, value if value in ranks else number_or_text(value))
        for member, key, value in outcome.state
    ]


def number_or_text(value: str) -> Fraction | str:
    try:
        return Fraction(value)
    except ValueError:
        return value


def lab_standings(outcome: Outcome) -> Table:
    """Return every figure by member and column."""
    header, rows = standings_rows(outcome.result, outcome.people)
    columns = [column_name(name) for name in header]
    return {
        (row[0], column): said if column in TEXTS else Fraction(str(said))
        for row in rows
        for column, said in zip(columns[1:], row[1:], strict=True)
    }


TEXTS = ("active", "rank", "paid_as", "title")


def column_name(phrase: str) -> str:
    """Return a column's name with its numbers as the oracle writes them.

    >>> column_name("customers with PV >= 40.50")
    'customers with PV >= 40.5'
    """
    return NUMBER.sub(lambda found: found[0].rstrip("0").rstrip("."), phrase)


def oracle_standings(answer: Answer) -> Table:
    run = answer.run
    phrases = columns_asked(answer)
    found: dict[tuple[str, str], Fraction | str] = {}
    for id, standing in answer.standings.items():
        found |= {(id, name): figure for name, figure in standing.volumes.items()}
        found |= {(id, n): figure for n, figure in standing.counts.items() if n in phrases}
        for name, each in phrases.items():
            if isinstance(each, Joined):
                found[id, name] = Fraction(since_joining(run, id, each.unit))
            elif isinstance(each, RankBefore):
                found[id, name] = Fraction(periods_with(run, each, id))
        found[id, "active"] = "yes" if standing.is_active else "no"
        found[id, "rank"] = standing.qualified_as or ""
        found[id, "paid_as"] = standing.paid_as or ""
        found[id, "title"] = standing.title or ""
    return found


def columns_asked(answer: Answer) -> dict[str, Any]:
    """Return what requirements ask for, by the name of its column; not what is only paid for."""
    plan = answer.run.plan
    paid_for = {str(bonus.for_each) for bonus in plan.bonuses if bonus.for_each}
    found: dict[str, Any] = {}
    for number, requirement in enumerate(plan.requirements()):
        for each in single(requirement):
            name = phrase_of(each)
            if name not in paid_for or name in found or not isinstance(requirement, Count):
                found[name] = each
        del number
    return found


def phrase_of(each: Any) -> str:
    if isinstance(each, Count):
        return str(each.people)
    if isinstance(each, Joined):
        return f"{each.unit} since joining"
    if isinstance(each, RankBefore):
        return f"{name_of(each.rank)} in the {each.periods} periods before"
    return str(each)
