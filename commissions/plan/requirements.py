"""Requirements: from what a phrase says to what the engine asks of each distributor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commissions.engine.plan import (
    ENROLLER,
    SPONSOR,
    Asks,
    CustomersFigure,
    Figure,
    GroupFigure,
    JoinedFigure,
    LimitedFigure,
    Past,
    PastFigure,
    PeopleFigure,
    RankBeforeFigure,
    Requirement,
    Requirements,
    SaleFigure,
    SaleMix,
    Scope,
    Term,
    TreeKind,
    Whose,
)
from commissions.engine.rounding import PPM
from commissions.plan import limits
from commissions.plan.exact import shown_points, shown_rate
from commissions.plan.given import Text
from commissions.plan.meaning import ACTIVITY, Asker, Meaning
from commissions.plan.phrases import is_plain, said
from commissions.plan.phrases.said import Word

WHOLE_GROUPS = (Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE)
PEOPLE_WORDS = {Scope.FRONTLINE: "frontline", Scope.DOWNLINE: "downline", Scope.LEGS: "legs"}


def requirements_of(texts: Sequence[Text], meaning: Meaning, asker: Asker) -> Requirements:
    """Return the requirements that a list of texts says; those with mistakes are left out."""
    found = []
    for text in texts:
        phrase = meaning.phrase("requirement", text)
        if phrase is not None:
            requirement = requirement_of(phrase, text, meaning, asker)
            if requirement is not None:
                found.append(requirement)
    return tuple(found)


def requirement_of(
    phrase: said.Said, text: Text, meaning: Meaning, asker: Asker
) -> Requirement | None:
    """Return one requirement; None, with its mistakes noted, if it means nothing."""
    reader = Asking(text, meaning, asker)
    terms = [reader.term(ask) for ask in phrase.asks]
    good = tuple(term for term in terms if term is not None)
    if len(good) < len(terms):
        return None
    return Requirement(text.value, good, phrase.program)


def figure_asked(volume: Word | said.OverTime, meaning: Meaning) -> int | None:
    """Return the place of the volume, or the lifetime of one, that a phrase compares."""
    if isinstance(volume, Word):
        return meaning.volumes.get(volume.text)
    of = meaning.volumes.get(volume.volume.text)
    if of is None:
        return None
    return meaning.place_of(PastFigure(f"lifetime {volume.volume.text}", of, Past.LIFETIME))


def people_asked(people: said.People, text: Text, meaning: Meaning, asker: Asker) -> int | None:
    """Return the place of a count of people; None, noted, if it counts nobody."""
    return Asking(text, meaning, asker).people(people)


@dataclass(frozen=True, slots=True)
class Asking:
    """Reads the terms of one requirement."""

    text: Text
    meaning: Meaning
    asker: Asker

    def term(self, ask: said.Ask) -> Term | None:
        """Return the term for one comparison; None, noted, if it cannot be asked here."""
        if isinstance(ask, said.AskActive):
            self._note_asked(ACTIVITY, ask.at)
            return Term(Asks.ACTIVE)
        if isinstance(ask, said.AskRank):
            return self._rank(ask)
        if isinstance(ask, said.AskRankBefore):
            return self._rank_before(ask)
        if isinstance(ask, said.AskCount):
            return self._count(ask)
        if isinstance(ask, said.AskJoined):
            return self._joined(ask)
        return self._compared(ask)

    def _compared(self, ask: said.AskAtLeast | said.AskShare | said.AskLimited) -> Term | None:
        if isinstance(ask, said.AskAtLeast):
            return self._at_least(ask)
        return self._share(ask) if isinstance(ask, said.AskShare) else self._limited(ask)

    def _note_asked(self, index: int, at: int) -> None:
        where = (self.text.place(at), self.text.path)
        self.meaning.asked.setdefault((self.asker, index), where)

    def _figure(self, volume: Word | said.OverTime) -> int | None:
        """Return a volume's place, and remember who asked for it where."""
        index = figure_asked(volume, self.meaning)
        if index is not None:
            self._note_asked(index, _first(volume).at)
        return index

    def _add(self, figure: Figure, at: int) -> int:
        index = self.meaning.place_of(figure)
        self._note_asked(index, at)
        return index

    def _rank(self, ask: said.AskRank) -> Term | None:
        if ask.asks != Asks.WAS and self.asker != "others":
            self.meaning.refuse(
                self.text, ask.rank.at, "One's own rank is not known yet here.",
                f'Write "was {_quoted(ask.rank.text)}", or "{_quoted(ask.rank.text)} in 3 of the 5 '
                'periods before".',
            )  # fmt: skip
            return None
        return Term(ask.asks, need=self.meaning.rank_number(ask.rank.text))

    def _at_least(self, ask: said.AskAtLeast) -> Term | None:
        index, points = self._figure(ask.volume), self.meaning.points(ask.points, self.text)
        if index is None or points is None:
            return None
        return Term(Asks.AT_LEAST, index, points)

    def _share(self, ask: said.AskShare) -> Term | None:
        index, of = self._figure(ask.volume), self._figure(ask.of)
        ppm = self.meaning.rate(ask.share, self.text)
        if index is None or of is None or ppm is None:
            return None
        return Term(Asks.SHARE, index, of, ppm)

    def _limited(self, ask: said.AskLimited) -> Term | None:
        index = self._figure(ask.volume)
        points = self.meaning.points(ask.points, self.text)
        ppm = self.meaning.rate(ask.share, self.text)
        if index is None or points is None or ppm is None:
            return None
        figure, word = self.meaning.figures[index], _first(ask.volume)
        if not isinstance(figure, GroupFigure) or figure.scope not in WHOLE_GROUPS:
            self.meaning.refuse(
                self.text, word.at, f"{word.text} has no legs that could be limited.",
                'Name a volume "of self and downline" or "of downline".',
            )  # fmt: skip
            return None
        name = (
            f"{word.text} >= {shown_points(points)}, at most {shown_rate(ppm)} of it from one leg"
        )
        limited = LimitedFigure(
            name + " or oneself" * ask.own_too, index, points * ppm // PPM, ask.own_too
        )
        return Term(Asks.AT_LEAST, self._add(limited, word.at), points)

    def _count(self, ask: said.AskCount) -> Term | None:
        if isinstance(ask.counted, said.Customers):
            what, index = "customers", self.customers(ask.counted)
        else:
            what = "legs" if ask.counted.scope == Scope.LEGS else "people"
            index = self.people(ask.counted)
        number = self.meaning.whole(ask.number, self.text, what, limits.COUNT)
        if index is None or number is None:
            return None
        return Term(Asks.AT_LEAST, index, number)

    def customers(self, ask: said.Customers) -> int | None:
        """Return the place of a count of customers; None, noted, if it counts nothing sold."""
        index = figure_asked(ask.volume, self.meaning)
        points, word = self.meaning.points(ask.points, self.text), _first(ask.volume)
        if points == 0:
            self.meaning.refuse(
                self.text, ask.points.at,
                "That counts heads: a customer must have bought something.",
                "Write how many points each has bought, above zero.",
            )  # fmt: skip
        if index is None or not points:
            return None
        if not self._has_customers(index):
            self.meaning.refuse(
                self.text, word.at, f"{word.text} has no customers' orders.",
                "Name a sale volume made of customers' orders, like \"PV\".",
            )  # fmt: skip
            return None
        name = f"customers with {word.text} >= {shown_points(points)}"
        return self._add(CustomersFigure(name, index, points), word.at)

    def _has_customers(self, index: int) -> bool:
        figure = self.meaning.figures[index]
        if isinstance(figure, SaleMix):
            return any(self._has_customers(of) for _, of in figure.terms)
        return isinstance(figure, SaleFigure) and bool(figure.whose & Whose.CUSTOMERS)

    def people(self, ask: said.People) -> int | None:
        """Return the place of a count of people; None, noted, if its condition cannot be asked."""
        terms, words = [], []
        for condition in ask.conditions:
            term = self._condition(condition)
            if term is None:
                return None
            terms.append(term)
            words.append(self._condition_words(condition, term))
        levels = 0
        if ask.levels is not None:
            found = self.meaning.whole(ask.levels, self.text, "levels", limits.LEVELS)
            if found is None:
                return None
            levels = found
        leg_tree = self._leg_tree(ask)
        if leg_tree is None:
            return None
        tree = ENROLLER if ask.enrolled else self.meaning.tree(ask.tree)
        who = " and ".join(words)
        program = (0, *(step for k in range(1, len(terms)) for step in (k, -1)))
        figure = PeopleFigure(
            self._people_words(ask, who, levels), ask.scope,
            (Requirement(who, tuple(terms), program),), tree, levels, leg_tree, ask.leg,
        )  # fmt: skip
        return self._add(figure, ask.at)

    def _leg_tree(self, ask: said.People) -> int | None:
        """Return the tree whose leg is meant, -1 for none; None, noted, if it has no such legs."""
        if not ask.leg or ask.tree is None:
            return -1
        tree = self.meaning.tree(ask.tree)
        if self.meaning.trees[tree].kind != TreeKind.BINARY:
            self.meaning.refuse(
                self.text, ask.tree.at, f'The tree "{ask.tree.text}" has no left and right leg.',
                "Name a binary tree.",
            )  # fmt: skip
            return None
        return tree

    def _condition(self, ask: said.AskActive | said.AskRank | said.AskAtLeast) -> Term | None:
        """Return a condition of others: their ranks are known where one's own is not."""
        if isinstance(ask, said.AskRank):
            return Term(ask.asks, need=self.meaning.rank_number(ask.rank.text))
        return self.term(ask)

    def _condition_words(
        self, ask: said.AskActive | said.AskRank | said.AskAtLeast, term: Term
    ) -> str:
        if isinstance(ask, said.AskActive):
            return "active"
        if isinstance(ask, said.AskRank):
            return "title " * (ask.asks == Asks.TITLE) + _quoted(ask.rank.text)
        lifetime = "lifetime " * isinstance(ask.volume, said.OverTime)
        return f"{lifetime}{_first(ask.volume).text} >= {shown_points(term.need)}"

    def _people_words(self, ask: said.People, who: str, levels: int) -> str:
        words = "enrolled" if ask.enrolled else PEOPLE_WORDS[ask.scope]
        if levels:
            words += f" within {levels} level" + "s" * (levels > 1)
        words += f" with {who}"
        if ask.tree is not None and ask.leg:
            return f"{words} in the {'left' if ask.leg == 1 else 'right'} leg of {ask.tree.text}"
        if ask.tree is not None and self.meaning.tree(ask.tree) != SPONSOR:
            return f"{words} in {ask.tree.text}"
        return words

    def _joined(self, ask: said.AskJoined) -> Term | None:
        unit = "months" if ask.in_months else "days"
        most = limits.MONTHS if ask.in_months else limits.DAYS
        number = self.meaning.whole(ask.number, self.text, unit, most)
        if number is None:
            return None
        index = self._add(JoinedFigure(f"{unit} since joining", ask.in_months), ask.number.at)
        return Term(Asks.BELOW if ask.below else Asks.AT_LEAST, index, number)

    def _rank_before(self, ask: said.AskRankBefore) -> Term | None:
        periods = self.meaning.whole(ask.periods, self.text, "periods", limits.PERIODS)
        times = self.meaning.whole(ask.times, self.text, "periods", periods or limits.PERIODS)
        if periods is None or times is None:
            return None
        name = f"{_quoted(ask.rank.text)} in the {periods} periods before"
        figure = RankBeforeFigure(name, self.meaning.rank_number(ask.rank.text), periods)
        return Term(Asks.AT_LEAST, self._add(figure, ask.rank.at), times)


def _first(volume: Word | said.OverTime) -> Word:
    return volume if isinstance(volume, Word) else volume.volume


def _quoted(rank: str) -> str:
    """Return a rank's name as phrases write it."""
    return rank if is_plain(rank) else f"'{rank}'"
