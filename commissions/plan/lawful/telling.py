"""How somebody gets to a rank or to pay, told as sentences, one for each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from commissions.engine.plan import (
    Asks,
    BonusRule,
    CompressedFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    MixFigure,
    PastFigure,
    PeopleFigure,
    PoolRule,
    Rates,
    ReserveFigure,
    SaleMix,
    Term,
    Unit,
)
from commissions.plan.exact import shown_points, shown_rate
from commissions.plan.lawful.earning import Paid
from commissions.plan.lawful.places import Places
from commissions.plan.lawful.reach import ACTIVITY, Met, Reached, Way

WHO = "Anna"
RANKS_ASKED = (Asks.RANK, Asks.TITLE, Asks.WAS)


@dataclass(slots=True)
class Telling:
    """Tells ways in one world; every step, and what every volume is, once."""

    reached: Reached
    places: Places
    steps: list[str] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)
    explained: set[str] = field(default_factory=set)

    def rank(self, rank: int, market: int) -> None:
        """Tell how somebody comes to a rank (`ACTIVITY`: to being active), and what that needs."""
        if (rank, market) in self.told:
            return
        self.told.add((rank, market))
        way = self.reached.ways.get((rank, market))
        if way is None:
            return
        self._before(way, market)
        what = "is active" if rank == ACTIVITY else f"becomes {self.reached.plan.rank_name(rank)}"
        if way or rank != ACTIVITY:
            self.steps.append(f"{WHO} {what}: {self._phrases(way)}.")

    def pay(self, paid: Paid) -> None:
        """Tell how a bonus comes to be paid."""
        self._before(paid.way, paid.market)
        bonus = self.reached.plan.bonuses[paid.bonus]
        if isinstance(bonus, PoolRule) and bonus.shares >= 0:
            self._others(self.reached.plan.figures[bonus.shares])
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

    def _before(self, way: Way, market: int) -> None:
        """Tell what else must have been reached."""
        for met in way:
            for term in met.terms:
                if term.asks == Asks.ACTIVE:
                    self.rank(ACTIVITY, market)
                elif term.asks in RANKS_ASKED:
                    self._least_rank(term.need, market)
                elif term.asks == Asks.AT_LEAST:
                    self._others(self.reached.plan.figures[term.index])

    def _least_rank(self, need: int, market: int) -> None:
        held = [rank for rank, place in self.reached.ways if place == market and rank >= need]
        if held and need > 0:
            self.rank(min(held), market)

    def _others(self, figure: Figure) -> bool:
        """Tell what people who are counted must have reached, who get there as oneself does.

        Of several kinds of people the first is told. Return whether there are any.
        """
        if isinstance(figure, PeopleFigure | LevelsFigure):
            for market in range(len(self.reached.active)):
                way = self.reached.way(figure.who, market)
                if way is not None:
                    self._before(way, market)
                    return True
        return any(self._others(self.reached.plan.figures[index]) for index in _inside(figure))

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
        figure = self.reached.plan.figures[index]
        meaning = self.places.volume(figure.name)
        if meaning and figure.name not in self.explained:
            self.explained.add(figure.name)
            yield f"{figure.name} is {meaning}"
        for inner in _inside(figure):
            yield from self._meanings(inner)


def _is_told(met: Met) -> bool:
    """Tell whether a requirement is about nothing but what earlier steps have told."""
    return all(term.asks in {Asks.ACTIVE, *RANKS_ASKED} for term in met.terms)


def _inside(figure: Figure) -> list[int]:
    """Return the figures that a figure is made of."""
    match figure:
        case SaleMix() | MixFigure():
            return [of for _, of in figure.terms]
        case GroupFigure() | CompressedFigure() | PastFigure() | ReserveFigure():
            return [figure.of]
        case LevelsFigure():
            return [figure.of] if figure.of >= 0 else []
    return []


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
