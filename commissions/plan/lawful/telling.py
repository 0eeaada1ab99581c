"""How somebody gets to a rank or to pay, told as sentences, one for each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from commissions.engine.plan import (
    Asks,
    BonusRule,
    PoolRule,
    Rates,
    Term,
    Unit,
)
from commissions.plan.exact import shown_points, shown_rate
from commissions.plan.lawful.earning import Paid
from commissions.plan.lawful.inside import PEOPLE_KINDS, inside
from commissions.plan.lawful.places import Places
from commissions.plan.lawful.reach import ACTIVITY, Met, Reached, Way

WHO = "Anna"
RANKS_ASKED = (Asks.RANK, Asks.TITLE, Asks.WAS)
Goal = tuple[int, int]
"""A rank (or `ACTIVITY`) and a market, as in `Reached.ways`."""


@dataclass(slots=True)
class Telling:
    """Tells ways in one world; every step, and what every volume is, once."""

    reached: Reached
    places: Places
    steps: list[str] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)

    def rank(self, rank: int, market: int) -> None:
        """Tell how somebody comes to a rank, and what that needs."""
        self._reaching(self._needed([], [(rank, market)]))

    def pay(self, paid: Paid) -> None:
        """Tell how a bonus comes to be paid."""
        bonus = self.reached.plan.bonuses[paid.bonus]
        ways = [(paid.way, paid.market)]
        if isinstance(bonus, PoolRule) and bonus.shares >= 0:
            ways += self._counted(bonus.shares)
        self._reaching(self._needed(ways, []))
        asked = [met for met in paid.way if not _is_told(met)]
        given = f": {self._phrases(tuple(asked))}" if asked else ""
        self.steps.append(
            f"{WHO} is paid {bonus.name}{self._rate(paid)}{self._base(bonus)}{given}."
        )

    def _base(self, bonus: BonusRule) -> str:
        """Return what is paid on, or what a fund is made of, and what that is."""
        base = bonus.fund_of if isinstance(bonus, PoolRule) else bonus.pays_on
        if base < 0:
            return ""
        meanings = "; ".join(self._meanings(base))
        name = self.reached.plan.figures[base].name
        shares = ""
        if isinstance(bonus, PoolRule) and bonus.shares >= 0:
            shares = f", shared by {self.reached.plan.figures[bonus.shares].name}"
        return f" on {name} ({meanings}){shares}" if meanings else f" on {name}{shares}"

    def _rate(self, paid: Paid) -> str:
        """Return the first rate that is paid, with its level if there are several."""
        rates = getattr(self.reached.plan.bonuses[paid.bonus], "rates", None)
        if not isinstance(rates, Rates) or rates.is_money or not paid.row:
            return ""
        level = next((at for at, rate in enumerate(paid.row) if rate > 0), 0)
        word = f" on level {level + 1}" if len(paid.row) > 1 else ""
        return f", {shown_rate(paid.row[level])}{word}"

    def _reaching(self, needed: set[Goal]) -> None:
        """Tell how each of some goals is reached, in the order in which they were."""
        for goal, way in self.reached.ways.items():
            rank = goal[0]
            if goal not in needed or (rank == ACTIVITY and not way):
                continue
            name = self.reached.plan.rank_name(rank)
            what = "is active" if rank == ACTIVITY else f"becomes {name}"
            self.steps.append(f"{WHO} {what}: {self._phrases(way)}.")

    def _needed(self, ways: list[tuple[Way, int]], goals: list[Goal]) -> set[Goal]:
        """Return all goals that must be reached for some ways and goals, these included."""
        found: set[Goal] = set()
        while ways or goals:
            for goal in goals:
                if goal not in found and goal in self.reached.ways:
                    found.add(goal)
                    ways.append((self.reached.ways[goal], goal[1]))
            goals = []
            for way, market in ways:
                goals += [goal for met in way for goal in self._asked(met, market)]
            ways = []
        return found

    def _asked(self, met: Met, market: int) -> Iterator[Goal]:
        """Yield the goals that a requirement asks for, of oneself and of people who are counted."""
        for term in met.terms:
            if term.asks == Asks.ACTIVE:
                yield ACTIVITY, market
            elif term.asks in RANKS_ASKED:
                yield from self._least_rank(term.need, market)
            elif term.asks == Asks.AT_LEAST:
                for way, place in self._counted(term.index):
                    yield from (goal for inner in way for goal in self._asked(inner, place))

    def _least_rank(self, need: int, market: int) -> list[Goal]:
        held = [rank for rank, place in self.reached.ways if place == market and rank >= need]
        return [(min(held), market)] if held and need > 0 else []

    def _counted(self, index: int) -> list[tuple[Way, int]]:
        """Return how people who are counted in a figure get there; of several kinds the first."""
        figures = self.reached.plan.figures
        for place in inside(figures, index):
            if isinstance(figures[place], PEOPLE_KINDS):
                for market in range(len(self.reached.active)):
                    way = self.reached.who(place, market)
                    if way is not None:
                        return [(way, market)]
        return []

    def _phrases(self, way: Way) -> str:
        if not way:
            return "the plan asks nothing for it"
        return ", ".join(self._phrase(met) for met in way)

    def _phrase(self, met: Met) -> str:
        words = met.requirement.phrase
        if len(met.terms) < len(met.requirement.terms):
            words += ", by " + " and ".join(self._term(term) for term in met.terms)
        figures = [term.index for term in met.terms if term.asks in {Asks.AT_LEAST, Asks.SHARE}]
        figures += [term.need for term in met.terms if term.asks == Asks.SHARE]
        meanings = [meaning for index in figures for meaning in self._meanings(index)]
        return f"{words} ({'; '.join(meanings)})" if meanings else words

    def _term(self, term: Term) -> str:
        plan = self.reached.plan
        if term.asks == Asks.ACTIVE:
            return "active"
        if term.asks in RANKS_ASKED:
            return plan.rank_name(term.need)
        figure = plan.figures[term.index]
        if term.asks == Asks.SHARE:
            other = plan.figures[term.need].name
            return f"{figure.name} >= {shown_rate(term.ppm)} of {other}"
        need = shown_points(term.need) if figure.unit == Unit.POINTS else str(term.need)
        return f"{figure.name} {'<' if term.asks == Asks.BELOW else '>='} {need}"

    def _meanings(self, index: int) -> Iterator[str]:
        """Yield what a volume is and what those that it is made of are, each once."""
        figures = self.reached.plan.figures
        for place in inside(figures, index):
            name = figures[place].name
            meaning = self.places.volume(name)
            if meaning and name not in self.explained:
                self.explained.add(name)
                yield f"{name} is {meaning}"


def _is_told(met: Met) -> bool:
    """Tell whether a requirement is about nothing but what earlier steps have told."""
    return all(term.asks in {Asks.ACTIVE, *RANKS_ASKED} for term in met.terms)


def told_rank(
    reached: Reached, places: Places, rank: int, market: int, intro: str
) -> tuple[str, ...]:
    """Return the steps to a rank, after a sentence that says what the world is like."""
    telling = Telling(reached, places)
    telling.rank(rank, market)
    return (intro, *telling.steps)


def told_pay(reached: Reached, places: Places, paid: Paid, intro: str) -> tuple[str, ...]:
    """Return the steps to pay, after a sentence that says what the world is like."""
    telling = Telling(reached, places)
    telling.pay(paid)
    return (intro, *telling.steps)
