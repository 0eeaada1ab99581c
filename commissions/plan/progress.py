"""What somebody has, needs and is missing for each rank; from stored figures, without a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commissions.engine.plan import (
    AND,
    Asks,
    LimitedFigure,
    Plan,
    Requirement,
    Requirements,
    Term,
    Unit,
)
from commissions.engine.rounding import PPM
from commissions.plan.exact import shown_points, shown_rate

FAR = 4 * PPM
"""How far off something is that nothing done in this period can bring about."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One comparison of a requirement of one rank (its number, from 1; 0 is being active).

    `have`, `need` and `missing` are hundredths of a point if `is_volume`, else numbers: of
    people, customers, days or months, or (`is_yes_or_no`) 1 and 0. With `is_below`, `have` is to
    be less than `need`. `requirement` is the whole requirement as the plan says it; of one that
    can be met in several ways the nearest way is told.
    """

    rank: int
    rank_name: str
    phrase: str
    is_volume: bool
    have: int
    need: int
    missing: int
    requirement: str = ""
    is_yes_or_no: bool = False
    is_below: bool = False
    term: Term | None = None
    """The comparison itself, for who says it in other words."""

    @property
    def is_met(self) -> bool:
        """Tell whether nothing is missing."""
        return self.missing == 0


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of somebody: figures by their place in `Plan.figures`, activity, ranks.

    `before` is the paid-as rank of the period before.
    """

    figures: Sequence[int]
    active: bool
    paid_as: int = 0
    title: int = 0
    before: int = 0


def requirement_progress(
    plan: Plan, figures: Sequence[int], *, active: bool, paid_as: int = 0, title: int = 0,
    before: int = 0, market: int = 0,
) -> tuple[Progress, ...]:  # fmt: skip
    """Return every requirement of being active and of each rank, in the order of the plan.

    `figures` are in the order of `plan.figures`: hundredths of a point or numbers. `market` is the
    member's place in tables by market.
    """
    stored = Stored(figures, active, paid_as, title, before)
    found = steps_to(plan, plan.active[market], stored, name="active")
    for number, rank in enumerate(plan.ranks, start=1):
        found += steps_to(plan, rank.require[market], stored, number=number, name=rank.name)
    return found


def steps_to(
    plan: Plan, requirements: Requirements, stored: Stored, *, number: int = 0, name: str = ""
) -> tuple[Progress, ...]:
    """Return every comparison of any requirements of a plan: of a bonus, or of keeping a rank."""
    return tuple(step for one in requirements for step in _nearest(plan, number, name, one, stored))


def _nearest(
    plan: Plan, number: int, name: str, requirement: Requirement, stored: Stored
) -> tuple[Progress, ...]:
    """Return the comparisons of a requirement; where one of several is enough, the nearest."""
    single = len(requirement.terms) == 1
    stack: list[tuple[int, tuple[Progress, ...]]] = []
    for word in requirement.program:
        if word >= 0:
            term = requirement.terms[word]
            phrase = requirement.phrase if single else _phrase(plan, term)
            step = _step(plan, (number, name, phrase, requirement.phrase), term, stored)
            stack.append((_distance(term, step), (step,)))
            continue
        far, last = stack.pop()
        near, first = stack.pop()
        if word == AND:
            stack.append((near + far, first + last))
        else:
            stack.append((near, first) if near <= far else (far, last))
    return stack[-1][1]


def _step(plan: Plan, words: tuple[int, str, str, str], term: Term, stored: Stored) -> Progress:
    number, name, phrase, whole = words
    have, need = _have(term, stored), _need(term, stored)
    is_below = term.asks == Asks.BELOW
    yes_or_no = term.asks in {Asks.ACTIVE, Asks.RANK, Asks.TITLE, Asks.WAS}
    return Progress(
        rank=number, rank_name=name, phrase=phrase,
        is_volume=not yes_or_no and plan.figures[term.index].unit == Unit.POINTS,
        have=have, need=need,
        missing=max(0, have - need + 1 if is_below else need - have),
        requirement=whole, is_yes_or_no=yes_or_no, is_below=is_below, term=term,
    )  # fmt: skip


def _have(term: Term, stored: Stored) -> int:
    ranks = {Asks.RANK: stored.paid_as, Asks.TITLE: stored.title, Asks.WAS: stored.before}
    if term.asks == Asks.ACTIVE:
        return int(stored.active)
    if term.asks in ranks:
        return int(ranks[term.asks] >= term.need)
    return stored.figures[term.index]


def _need(term: Term, stored: Stored) -> int:
    if term.asks in {Asks.ACTIVE, Asks.RANK, Asks.TITLE, Asks.WAS}:
        return 1
    if term.asks == Asks.SHARE:
        return -(-stored.figures[term.need] * term.ppm // PPM)
    return term.need


def _distance(term: Term, step: Progress) -> int:
    """Return how far off it is, in parts per million of what is needed."""
    if step.is_met:
        return 0
    if term.asks in {Asks.BELOW, Asks.WAS}:
        return FAR
    return min(PPM, step.missing * PPM // max(1, abs(step.need)))


def _phrase(plan: Plan, term: Term) -> str:
    """Return one comparison of a longer requirement in the words of the language."""
    ranks = {Asks.RANK: "", Asks.TITLE: "title ", Asks.WAS: "was "}
    if term.asks == Asks.ACTIVE:
        return "active"
    if term.asks in ranks:
        return ranks[term.asks] + plan.rank_name(term.need)
    figure = plan.figures[term.index]
    if isinstance(figure, LimitedFigure):
        return figure.name
    if term.asks == Asks.SHARE:
        return f"{figure.name} >= {shown_rate(term.ppm)} of {plan.figures[term.need].name}"
    need = shown_points(term.need) if figure.unit == Unit.POINTS else str(term.need)
    if figure.unit == Unit.NUMBER and " with " in figure.name:
        return f"{figure.name} are at least {need}"
    return f"{figure.name} {'<' if term.asks == Asks.BELOW else '>='} {need}"
