"""Figures of named volumes: from what a phrase or a table says to what the engine works out."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import (
    PEOPLE,
    CompressedFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    MixFigure,
    PastFigure,
    ReserveFigure,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    TimeOf,
    TreeKind,
)
from commissions.engine.rounding import PPM
from commissions.plan import exact, limits, lint
from commissions.plan.given import Given, Text
from commissions.plan.meaning import Meaning
from commissions.plan.phrases import said
from commissions.plan.phrases.said import Word
from commissions.plan.requirements import requirement_of
from commissions.plan.toml import Node

NOT_COLUMNS = {"at", "id", "market", "member", "order", "orders", "purpose", "returns"}
"""What files of sales call something else."""
BREAKS_AWAY = {
    Scope.SELF_AND_DOWNLINE, Scope.DOWNLINE, Scope.LARGEST_LEG, Scope.ALL_BUT_LARGEST
}  # fmt: skip
TWO_LEGS = {Scope.LEFT_LEG, Scope.RIGHT_LEG, Scope.WEAKER_LEG, Scope.STRONGER_LEG}


@dataclass(frozen=True, slots=True)
class PhraseFigures:
    """Makes figures of volumes that are phrases. Every volume that one names is there already."""

    meaning: Meaning
    name: str
    text: Text

    def figure(self, phrase: said.Volume) -> Figure | None:
        """Return the figure; None, noted, if it means nothing."""
        match phrase:
            case said.Orders():
                return self._orders(phrase)
            case said.Sum():
                return self._sum(phrase)
            case said.Group():
                return self._group(phrase)
            case said.Compressed():
                return self._compressed(phrase)
            case said.OverTime():
                return self._over_time(phrase)

    def _refuse(self, at: int, problem: str, remedy: str) -> None:
        self.meaning.refuse(self.text, at, problem, remedy)

    def _orders(self, phrase: said.Orders) -> Figure | None:
        column = phrase.column.text
        if not self._is_column(phrase.column):
            return None
        count = 0
        if phrase.count is not None:
            in_days = phrase.time in {TimeOf.WITHIN_DAYS, TimeOf.AFTER_DAYS}
            what, most = ("days", limits.DAYS) if in_days else ("months", limits.MONTHS)
            found = self.meaning.whole(phrase.count, self.text, what, most)
            if found is None:
                return None
            count = found
        if column not in self.meaning.columns:
            self.meaning.columns.append(column)
        when = SaleTime(phrase.orders, phrase.time, count)
        return SaleFigure(self.name, self.meaning.columns.index(column), phrase.whose, when)

    def _is_column(self, word: Word) -> bool:
        name = word.text
        if lint.is_pay_for_joining(name):
            self._refuse(word.at, f'"{name}" may not be counted. {lint.why_not(name)}',
                         'Count what products carry, "pv" or "cv".')  # fmt: skip
        elif name in NOT_COLUMNS or name.endswith("'") or len(name) > 30:
            self._refuse(word.at, f'Products carry no "{name}".',
                         'Write "pv", "cv" or another column of the products.')  # fmt: skip
        elif name == "amount" and not (self.meaning.is_worth_one and self._has_cents()):
            self._refuse(
                word.at, "An amount of money is not a number of points in this plan.",
                'Only with point_value = "1.00" and a currency of at most 2 decimals are they one.',
            )  # fmt: skip
        else:
            return True
        return False

    def _has_cents(self) -> bool:
        return self.meaning.exponent is None or self.meaning.exponent <= 2

    def _sum(self, phrase: said.Sum) -> Figure | None:
        terms = []
        for part in phrase.parts:
            index = self.meaning.volumes[part.volume.text]
            ppm = PPM if part.share is None else self.meaning.rate(part.share, self.text)
            if index is not None and ppm is not None:
                terms.append((-ppm if part.is_taken_off else ppm, index))
        if len(terms) < len(phrase.parts):
            return None
        if all(self.meaning.is_sale_volume(index) for _, index in terms):
            return SaleMix(self.name, tuple(terms))
        return MixFigure(self.name, tuple(terms))

    def _group(self, phrase: said.Group) -> Figure | None:
        index = self.meaning.volumes[phrase.volume.text]
        tree = self.meaning.tree(phrase.tree)
        if index is None or not self._fits(phrase, index, tree):
            return None
        low, high = 0, 0
        if phrase.low is not None and phrase.high is not None:
            first = self.meaning.whole(phrase.low, self.text, "levels", limits.LEVELS)
            last = self.meaning.whole(phrase.high, self.text, "levels", limits.LEVELS, first or 1)
            if first is None or last is None:
                return None
            low, high = first, last
        without = self.meaning.rank_number(phrase.without.text) if phrase.without else 0
        return GroupFigure(self.name, index, phrase.scope, tree, low, high, without)

    def _fits(self, phrase: said.Group, index: int, tree: int) -> bool:
        """Tell whether this volume can be added over this scope; what is wrong is noted."""
        word = phrase.volume.text
        if not is_of_one_person(self.meaning, index):
            self._refuse(
                phrase.volume.at, f"{word} is of a group already; its points would count again "
                "for everybody above.", 'Name a volume of one person, like "PV".',
            )  # fmt: skip
        elif phrase.scope in TWO_LEGS and self.meaning.trees[tree].kind != TreeKind.BINARY:
            self._refuse(
                phrase.tree.at if phrase.tree else phrase.at,
                f'The tree "{self.meaning.trees[tree].name}" has no such leg.',
                'Name a binary tree at the end, "in TREE".',
            )  # fmt: skip
        elif phrase.without and phrase.scope not in BREAKS_AWAY:
            self._refuse(
                phrase.without.at, "No groups can be left out of this.",
                'They can of "self and downline", "downline" and the largest leg.',
            )  # fmt: skip
        else:
            return True
        return False

    def _compressed(self, phrase: said.Compressed) -> Figure | None:
        index = self.meaning.volumes[phrase.volume.text]
        if index is None:
            return None
        if not self.meaning.is_sale_volume(index):
            self._refuse(phrase.volume.at, f"{phrase.volume.text} is not made of orders.",
                         'Name a sale volume, like "PV".')  # fmt: skip
            return None
        return CompressedFigure(self.name, index)

    def _over_time(self, phrase: said.OverTime) -> Figure | None:
        index, periods = self.meaning.volumes[phrase.volume.text], 0
        if index is None:
            return None
        if isinstance(self.meaning.figures[index], PastFigure):
            self._refuse(phrase.volume.at, f"{phrase.volume.text} is over time already.",
                         "Name the volume that it is made of.")  # fmt: skip
            return None
        if phrase.periods is not None:
            found = self.meaning.whole(
                phrase.periods, self.text, "periods", limits.PERIODS, least=2
            )
            if found is None:
                return None
            periods = found
        return PastFigure(self.name, index, phrase.past, periods)


def is_of_one_person(meaning: Meaning, index: int) -> bool:
    """Tell whether a figure is one's own, so that adding it over a group counts nothing twice."""
    figure = meaning.figures[index]
    if isinstance(figure, MixFigure):
        return all(is_of_one_person(meaning, of) for _, of in figure.terms)
    if isinstance(figure, PastFigure):
        return is_of_one_person(meaning, figure.of)
    return not isinstance(figure, GroupFigure | LevelsFigure)


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Makes figures of volumes that are tables."""

    meaning: Meaning
    name: str
    given: Given

    def levels(self, who: list[tuple[said.Said, Text]]) -> Figure | None:
        """Return the weighted levels; None, noted, if a weight is of the wrong kind."""
        of = self.given.text("of")
        index = PEOPLE
        if not self.given.has("self") and not self.given.has("levels"):
            self.meaning.mistakes.add(
                self.given.node.place, self.given.path, "This volume counts nobody.",
                'Write "levels", or "self".',
            )  # fmt: skip
        if of is None:
            return None
        if of.value != "people":
            found = self.meaning.volumes.get(of.value)
            if found is None:
                return None
            index = found
        weights = [self._weight(node, index) for node in self._weights()]
        own = self.given.value("self")
        asked = [requirement_of(phrase, text, self.meaning, "others") for phrase, text in who]
        return LevelsFigure(
            self.name, index, self._weight(own, index) if own else 0, tuple(weights),
            tuple(one for one in asked if one is not None),
            self.given.word("compression") == "dynamic",
            self.meaning.tree_named(self.given.text("tree"), 0),
        )  # fmt: skip

    def _weights(self) -> list[Node]:
        node = self.given.value("levels")
        return node.value if node is not None and isinstance(node.value, list) else []

    def _weight(self, node: Node, index: int) -> int:
        """Return parts per million of a volume, or hundredths for each person; 0 if noted."""
        text = str(node.value)
        if node.broken or not isinstance(node.value, str | int):
            return 0
        if ("%" in text) == (index == PEOPLE):
            wanted = 'points for each person, "5"' if index == PEOPLE else 'a per cent, "5%"'
            self.meaning.mistakes.add(
                node.place, self.given.name("levels"), f'"{text}" is not what is wanted here.',
                f"Write {wanted}.",
            )  # fmt: skip
            return 0
        try:
            return exact.hundredths(text) if index == PEOPLE else exact.rate_ppm(text)
        except ValueError:
            return 0

    def reserve(self) -> Figure | None:
        """Return the reserve; None, noted, if it is not of a sale volume."""
        of = self.given.text("of")
        index = None if of is None else self.meaning.volumes.get(of.value)
        if of is None or index is None:
            return None
        if not self.meaning.is_sale_volume(index):
            self.meaning.mistakes.add(of.place(), of.path, f"{of.value} is not made of orders.",
                                      'Name a sale volume, like "PV".')  # fmt: skip
            return None
        at_once, most, draws_to = (self._points(key) for key in ("at_once", "most", "draws_to"))
        return ReserveFigure(self.name, index, at_once, most, draws_to)

    def _points(self, key: str) -> int:
        text = self.given.text(key)
        try:
            return exact.hundredths(text.value) if text else 0
        except ValueError:
            return 0
