"""What the parts of a plan may refer to while they are compiled, and what they have asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from commissions.engine.plan import (
    SPONSOR,
    Figure,
    LimitedFigure,
    SaleFigure,
    SaleMix,
    TreeKind,
    TreeRule,
)
from commissions.plan import exact
from commissions.plan.given import Text
from commissions.plan.mistakes import Mistakes, Place, closest, one_of
from commissions.plan.phrases import BadPhrase, Names, Start, read_phrase
from commissions.plan.phrases.said import Word

Asker = Literal["active", "ranks", "others"]
"""Who asks for something: activity, ranks, or what comes after both."""

LEFT_OUT_HERE = "left out in this market"
"""Stands as a requirement, which nobody meets, where a bonus without rates is left out."""

ACTIVITY = -1
"""Stands for activity where places of figures are meant."""


@dataclass(frozen=True, slots=True)
class BonusName:
    """A bonus as others may name it; `cadence` is empty for the plan's own."""

    name: str
    cadence: str
    rounds_at: str


@dataclass(slots=True)
class Meaning:
    """Names that exist, and the figures that are asked for so far.

    `volumes` has the place of each volume, None if it could not be read; `asked` where activity
    and ranks ask for a figure, or (`ACTIVITY`) who is active, and what the place is called.
    `exponent` is None if the currency could not be read.
    """

    mistakes: Mistakes
    names: Names
    cadence: str = ""
    exponent: int | None = None
    is_worth_one: bool = False
    markets: tuple[str, ...] = ()
    bonuses: tuple[BonusName, ...] = ()
    trees: list[TreeRule] = field(
        default_factory=lambda: [
            TreeRule("sponsor", TreeKind.SPONSOR), TreeRule("enroller", TreeKind.ENROLLER)
        ]
    )  # fmt: skip
    columns: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    volumes: dict[str, int | None] = field(default_factory=dict)
    asked: dict[tuple[Asker, int], tuple[Place, str]] = field(default_factory=dict)
    _places: dict[Figure, int] = field(default_factory=dict)

    @property
    def ranks(self) -> list[str]:
        """Return the names of the ranks, from the lowest."""
        return list(self.names.ranks)

    def phrase(self, start: Start, text: Text) -> Any:
        """Return what a phrase says; None, with its mistakes noted, if it cannot be read."""
        said, wrong = read_phrase(start, text.value, self.names)
        for mistake in wrong:
            self.note(text, mistake)
        return said

    def note(self, text: Text, wrong: BadPhrase) -> None:
        """Note a mistake inside a text."""
        self.refuse(text, wrong.at, wrong.problem, wrong.remedy, wrong.suggestion)

    def refuse(self, text: Text, at: int, problem: str, remedy: str, suggestion: str = "") -> None:
        """Note a mistake at a letter of a text; -1 is the text as a whole."""
        self.mistakes.add(text.place(at), text.path, problem, remedy, suggestion)

    def add_volume(self, name: str, figure: Figure) -> int:
        """Take in the figure of a named volume and return its place."""
        self.volumes[name] = len(self.figures)
        self._places.setdefault(replace(figure, name=""), len(self.figures))
        self.figures.append(figure)
        return len(self.figures) - 1

    def place_of(self, figure: Figure) -> int:
        """Return the place of a figure that no volume names; the same is one figure.

        A leg limit is named by its whole phrase, and so is what counts for it.
        """
        bare = figure if isinstance(figure, LimitedFigure) else replace(figure, name="")
        place = self._places.setdefault(bare, len(self.figures))
        if place == len(self.figures):
            self.figures.append(figure)
        return place

    def volumes_in_order(self) -> list[int | None]:
        """Return the places of the named volumes, in the order of the text."""
        return [self.volumes.get(name) for name in self.names.volumes]

    def is_sale_volume(self, index: int) -> bool:
        """Tell whether a figure says of each single sale what it counts."""
        return isinstance(self.figures[index], SaleFigure | SaleMix)

    def rank_number(self, name: str) -> int:
        """Return the number of a rank, from 1."""
        return self.ranks.index(name) + 1

    def tree(self, word: Word | None, default: int = SPONSOR) -> int:
        """Return the place of a tree that a phrase names."""
        if word is None:
            return default
        return [tree.name for tree in self.trees].index(word.text)

    def points(self, word: Word, text: Text) -> int | None:
        """Return a number of points in hundredths; None, noted, if it is none."""
        try:
            return exact.hundredths(word.text)
        except ValueError as error:
            self.refuse(text, word.at, str(error), 'Write digits, like "2000" or "2000.50".')
            return None

    def rate(self, word: Word, text: Text) -> int | None:
        """Return a per cent in parts per million; None, noted, if it is none."""
        try:
            return exact.rate_ppm(word.text)
        except ValueError as error:
            self.refuse(text, word.at, str(error), exact.WRITE_RATE)
            return None

    def whole(self, word: Word, text: Text, what: str, most: int, least: int = 1) -> int | None:
        """Return a whole number within bounds; None, noted, if it is none."""
        if word.text.isascii() and word.text.isdigit() and len(word.text) < 16:
            number = int(word.text)
            if least <= number <= most:
                return number
        self.refuse(text, word.at, f"{word.text} is not a number of {what} here.",
                    f"Write a whole number from {least} to {most}.")  # fmt: skip
        return None

    def volume_named(self, text: Text) -> int | None:
        """Return the place of the volume that a text names; None, noted, if there is none."""
        if text.value not in self.names.volumes:
            self.mistakes.add(
                text.place(), text.path, f'There is no volume "{text.value}".',
                f"Write {one_of(self.names.volumes)}.", closest(text.value, self.names.volumes),
            )  # fmt: skip
            return None
        return self.volumes.get(text.value)

    def tree_named(self, text: Text | None, default: int, kinds: tuple[TreeKind, ...] = ()) -> int:
        """Return the place of the tree that a text names, of certain kinds if that is wanted."""
        if text is None:
            return default
        names = [tree.name for tree in self.trees if not kinds or tree.kind in kinds]
        everywhere = [tree.name for tree in self.trees]
        if text.value in names:
            return everywhere.index(text.value)
        wanted = " or ".join(kind.name.lower() for kind in kinds)
        remedy = f"Write {one_of(names)}." if names else f"Add a [tree.NAME] of the kind {wanted}."
        if text.value in everywhere:
            problem = f'The tree "{text.value}" is not of the kind that is wanted here, {wanted}.'
        else:
            problem = f'There is no tree "{text.value}".'
        self.mistakes.add(text.place(), text.path, problem, remedy, closest(text.value, names))
        return default
