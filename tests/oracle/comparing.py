"""Says where the lab and the oracle differ in a case: nothing at all, or sentences."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from commissions.lab.outcome import Outcome
from commissions.lab.standings import standings_rows
from commissions.lab.write import earning_rows, line_rows
from tests.oracle.cases import oracle_answers
from tests.oracle.drawing.case import Case
from tests.oracle.explaining import ways_that_differ
from tests.oracle.lab_side import is_lawful, lab_on_files, lab_outcomes
from tests.oracle.lines import Answer, Line, earnings_of
from tests.oracle.money import per_cent
from tests.oracle.phrases import AtLeast, AtLeastShare, Count, OverTime, single
from tests.oracle.plan import Plan
from tests.oracle.rounding import in_order

Table = Mapping[Any, Any]
NUMBER = re.compile(r"\d+\.\d+")


def differences(case: Case) -> list[str]:
    """Return where they differ, in the first run in which they do; none if they agree."""
    return answers_and_differences(case, [])


def answers_and_differences(
    case: Case, answers: list[Answer], *, on_files: bool = False, ways_too: bool = True
) -> list[str]:
    """Return the differences; the oracle's answers are put into a list as they come.

    `ways_too`: also what the engine tells of sales' ways up.
    """
    on_files = on_files and is_lawful(case)
    with TemporaryDirectory() if on_files else nullcontext() as folder:
        outcomes = lab_outcomes(case) if folder is None else lab_on_files(case, Path(folder))
        for (stretch, answer), outcome in zip(oracle_answers(case), outcomes, strict=True):
            answers.append(answer)
            found = list(differences_of_run(answer, outcome))
            found += ways_that_differ(answer, outcome) if ways_too else []
            if found:
                return [f"run {stretch.period} {stretch.cadence or ''}".strip(), *found]
    return []


def differences_of_run(answer: Answer, outcome: Outcome) -> Iterator[str]:
    """Yield what differs: standings, lines and their order, earnings, state."""
    decimals = outcome.plan.exponent
    theirs = [lab_line(row, outcome) for row in line_rows(outcome.lines, decimals)]
    ours = oracle_lines(answer)
    yield from of_tables(
        "standing", oracle_standings(answer), lab_standings(outcome, lifetimes_of(answer.run.plan))
    )
    yield from of_tables("how often there is", Counter(ours), Counter(theirs))
    if Counter(ours) == Counter(theirs):
        yield from of_tables("line", in_sequence(ours), in_sequence(theirs))
    yield from of_tables("earning", oracle_earnings(answer), lab_earnings(outcome))
    yield from of_tables("state", Counter(answer.state), Counter(lab_state(outcome)))


def in_sequence(lines: list[tuple[Any, ...]]) -> Table:
    """Return what decides the order of lines, by place: not base, amount, and what is reversed."""
    return {n: (*line[:4], line[5]) for n, line in enumerate(lines)}


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
    """Return all lines in order; those that take back are in the order of the returns' rows."""
    number = {row.id: number for number, row in enumerate(answer.run.question.sales)}
    back = sorted(answer.reversals, key=lambda each: number[each.line.evidence])
    reverses = {id(each.line): each.reverses for each in back}
    lines = in_order(answer.run, [*answer.lines, *(each.line for each in back)])
    return [
        (
            *(line.earner, line.bonus, line.level, line.evidence, line.base, line.rate),
            *(line.amount, reverses.get(id(line), "")),
        )
        for line in lines
    ]


def lab_line(row: Sequence[Any], outcome: Outcome) -> tuple[Any, ...]:
    member, bonus, level, evidence, base, rate, amount, reverses = row
    smallest = 10**outcome.plan.exponent
    points = Fraction(base) * (smallest if bonus in matching(outcome) else 1)
    return (
        *(member, bonus, level, evidence, points, per_cent(rate)),
        *(int(Fraction(amount) * smallest), reverses),
    )


def matching(outcome: Outcome) -> set[str]:
    """Return the names of bonuses of which the base is in money."""
    return {rule.name for rule in outcome.plan.bonuses if type(rule).__name__ == "MatchingRule"}


def oracle_earnings(answer: Answer) -> Table:
    lines: list[Line] = [*answer.lines, *(each.line for each in answer.reversals)]
    return earnings_of(lines)


def lab_earnings(outcome: Outcome) -> Table:
    smallest, in_money = 10**outcome.plan.exponent, matching(outcome)
    rows: Iterable[Any] = earning_rows(outcome.lines, outcome.plan.exponent)
    return {
        (member, bonus, level, per_cent(rate)): (
            Fraction(base) * (smallest if bonus in in_money else 1),
            int(Fraction(amount) * smallest),
        )
        for member, bonus, level, base, rate, amount in rows
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


def lab_standings(outcome: Outcome, lifetimes: Mapping[str, str]) -> Table:
    """Return every figure by member and column."""
    header, rows = standings_rows(outcome.result, outcome.people)
    names = [column_name(name, lifetimes) for name in header]
    return {
        (row[0], name): said if name in TEXTS else Fraction(str(said))
        for row in rows
        for name, said in zip(names[1:], row[1:], strict=True)
    }


TEXTS = ("active", "rank", "paid_as", "title")


def column_name(phrase: str, lifetimes: Mapping[str, str]) -> str:
    """Return a column's name in the one way in which both sides are compared.

    `lifetimes` has the name of `lifetime PV`, if it has one, and the same for its other names.

    >>> column_name("customers with PV >= 40.50", {}), column_name("legs with 'Élite'", {})
    ('customers with PV >= 40.5', 'legs with Élite')
    >>> column_name("frontline with lifetime PV >= 4 in enroller", {"lifetime PV": "LPV"})
    'enrolled with LPV >= 4'
    """
    phrase = phrase.replace("'", "").replace("within 1 levels", "within 1 level")
    for said, name in lifetimes.items() if " " in phrase else ():
        phrase = re.sub(rf"\b{said}\b", name, phrase)
    if phrase.startswith("frontline with ") and phrase.endswith(" in enroller"):
        phrase = f"enrolled{phrase.removeprefix('frontline').removesuffix(' in enroller')}"
    return NUMBER.sub(lambda found: found[0].rstrip("0").rstrip("."), phrase)


def lifetimes_of(plan: Plan) -> dict[str, str]:
    """Return the first name of each volume over a lifetime, by its phrase and its other names."""
    found: dict[str, str] = {}
    for name, meaning in plan.volumes.items():
        if isinstance(meaning, OverTime) and meaning.how == "lifetime" and " " not in name:
            found[name] = found.setdefault(f"lifetime {meaning.of}", name)
    return {said: name for said, name in found.items() if said != name}


def oracle_standings(answer: Answer) -> Table:
    """Return every figure by member and column."""
    compared = set(volumes_compared(answer))
    lifetimes = lifetimes_of(answer.run.plan)
    found: dict[tuple[str, str], Fraction | str] = {}
    for id, standing in answer.standings.items():
        for name, figure in {**standing.volumes, **standing.counts}.items():
            if name in compared or not name.startswith("lifetime "):
                found[id, column_name(name, lifetimes)] = figure
        found[id, "active"] = "yes" if standing.is_active else "no"
        found[id, "rank"] = standing.qualified_as or ""
        found[id, "paid_as"] = standing.paid_as or ""
        found[id, "title"] = standing.title or ""
    return found


def volumes_compared(answer: Answer) -> Iterator[str]:
    """Yield the volumes that requirements compare, also of people who are counted."""
    plan = answer.run.plan
    asked = [one for requirement in plan.requirements() for one in single(requirement)]
    people = [each.people for each in asked if isinstance(each, Count)]
    people += plan.people_for_each()
    for each in (*asked, *(one for some in people for one in some.conditions)):
        if isinstance(each, AtLeast | AtLeastShare):
            yield each.volume
        if isinstance(each, AtLeastShare):
            yield each.of
