"""Makes a failing case small: fewer runs, people, sales, bonuses, keys; then plainer figures.

Each step is tried for as long as it helps. What is left still fails in the same way.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from tests.oracle.drawing.case import Bought, Case, Person

Fails = Callable[[Case], bool]
Thing = TypeVar("Thing")
MUST_STAY = ("name", "currency", "cadence", "kind")


class Shrinking:
    """Looks for a smaller case that still fails, with so many tries."""

    def __init__(self, case: Case, fails: Fails, tries: int = 3000) -> None:
        self.case = case
        self.fails = fails
        self.tries = tries

    def smallest(self) -> Case:
        """Return a case in which nothing can be left out any more."""
        while sum(self.helps(step) for step in STEPS):
            pass
        return self.case

    def helps(self, step: Callable[[Case], Iterator[Case]]) -> bool:
        """Take a step as often as it makes the case smaller; return whether it ever did."""
        found = False
        while self.takes(step):
            found = True
        return found

    def takes(self, step: Callable[[Case], Iterator[Case]]) -> bool:
        for candidate in step(self.case):
            if self.tries <= 0:
                return False
            self.tries -= 1
            if candidate != self.case and self.fails(candidate):
                self.case = candidate
                return True
        return False


def fewer_runs(case: Case) -> Iterator[Case]:
    for number in reversed(range(len(case.runs))):
        yield replace(case, runs=without(case.runs, [number]))


def fewer_rows_of_state(case: Case) -> Iterator[Case]:
    for some in parts(len(case.state)):
        yield replace(case, state=without(case.state, some))


def fewer_sales(case: Case) -> Iterator[Case]:
    """Leave sales out, each with its returns."""
    for some in parts(len(case.sales)):
        gone = {case.sales[place].id for place in some}
        left = [row for row in case.sales if row.id not in gone and row.returns not in gone]
        yield replace(case, sales=left)


def fewer_people(case: Case) -> Iterator[Case]:
    for some in parts(len(case.people)):
        yield without_people(case, {case.people[place].id for place in some})


def without_people(case: Case, gone: set[str]) -> Case:
    """Return a case without some people: those below them move up."""
    sponsors = {person.id: person.sponsor for person in case.people}

    def next_above(id: str) -> str:
        while id in gone:
            id = sponsors[id]
        return id

    people = [
        replace(
            person,
            sponsor=next_above(person.sponsor),
            enroller="" if person.enroller in gone else person.enroller,
            places={tree: at for tree, at in person.places.items() if at[0] not in gone},
        )
        for person in case.people
        if person.id not in gone
    ]
    sales = [row for row in case.sales if row.member not in gone]
    state = [row for row in case.state if row[0] not in gone]
    return replace(case, people=people, sales=sales, state=state)


def smaller_plan(case: Case) -> Iterator[Case]:
    for plan in smaller(case.plan):
        if isinstance(plan, dict):
            yield replace(case, plan=plan)


def smaller(part: Any) -> Iterator[Any]:
    """Yield a table, list or phrase of a plan with something left out or said more simply."""
    if isinstance(part, Mapping):
        yield from smaller_table(part)
    elif isinstance(part, list):
        for place in reversed(range(len(part))):
            yield without(part, [place])
        for place, said in enumerate(part):
            yield from (put(part, place, each) for each in smaller(said))
    elif isinstance(part, str):
        yield from simpler(part)


def smaller_table(table: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a table without one of its keys, or one of its values instead of a table by grade."""
    for key in table:
        if key not in MUST_STAY:
            yield {name: said for name, said in table.items() if name != key}
    for key, said in table.items():
        yield from ({**table, key: each} for each in smaller(said))
    if not any(isinstance(each, dict) for each in table.values()):
        yield from table.values()


def simpler(phrase: str) -> Iterator[str]:
    """Yield the parts of a phrase that is joined, and plainer ones.

    >>> list(simpler("PV >= 1 and active or GV >= 2"))
    ['PV >= 1', 'active', 'GV >= 2']
    """
    words = re.split(r" (?:and|or) |(?<=\w) (?=[+-] )", re.sub(r"[()]", "", phrase))
    if len(words) > 1 and "orders" not in phrase and "self and" not in phrase:
        yield from (word.removeprefix("+ ").removeprefix("- ") for word in words)
    for less in (
        r" in \w+$",
        r" without .+ groups",
        r", at most .+",
        r" of joining",
        r"^\d.*% of ",
    ):
        if re.search(less, phrase):
            yield re.sub(less, "", phrase)


def plainer_people(case: Case) -> Iterator[Case]:
    for place, person in enumerate(case.people):
        for key in ("enroller", "status", "market", "rank", "holder"):
            if getattr(person, key):
                nothing: dict[str, Any] = {key: ""}
                yield replace(case, people=put(case.people, place, replace(person, **nothing)))
        for tree in person.places:
            places = {name: at for name, at in person.places.items() if name != tree}
            yield replace(case, people=put(case.people, place, replace(person, places=places)))
        if person.joined != Person.joined:
            plain = replace(person, joined=Person.joined)
            yield replace(case, people=put(case.people, place, plain))


def plainer_sales(case: Case) -> Iterator[Case]:
    for place, row in enumerate(case.sales):
        for plain in plainer(row):
            yield replace(case, sales=put(case.sales, place, plain))


def plainer(row: Bought) -> Iterator[Bought]:
    """Yield a row with less said, and with rounder figures."""
    if row.order:
        yield replace(row, order="")
    if row.purpose:
        yield replace(row, purpose="")
    if len(row.at) > len("2026-01-01"):
        yield replace(row, at=row.at[:10])
    for column, figure in row.figures.items():
        others = {name: each for name, each in row.figures.items() if name != column}
        yield replace(row, figures=others)
        for rounder in (Fraction(int(figure)), Fraction(int(figure / 10) * 10)):
            if rounder not in (figure, 0):
                yield replace(row, figures={**row.figures, column: rounder})


def plainer_case(case: Case) -> Iterator[Case]:
    if case.time_zone != "UTC":
        yield replace(case, time_zone="UTC")
    by_number = sorted(case.people, key=lambda person: (person.is_customer, person.id))
    if by_number != list(case.people):
        yield replace(case, people=by_number)


def parts(count: int) -> Iterator[list[int]]:
    """Yield places to be left out: halves, quarters, ... and at last each by itself.

    >>> list(parts(3))
    [[0, 1, 2], [0, 1], [2], [0], [1], [2]]
    """
    size = count
    while size > 0:
        for start in range(0, count, size):
            yield list(range(start, min(start + size, count)))
        size = (size + 1) // 2 if size > 1 else 0


def without(things: Sequence[Thing], some: Sequence[int]) -> list[Thing]:
    return [thing for place, thing in enumerate(things) if place not in some]


def put(things: Sequence[Thing], place: int, thing: Thing) -> list[Thing]:
    return [*things[:place], thing, *things[place + 1 :]]


STEPS = (
    fewer_runs,
    smaller_plan,
    fewer_sales,
    fewer_people,
    fewer_rows_of_state,
    plainer_people,
    plainer_sales,
    plainer_case,
)
