"""The volumes of a plan: each name becomes a figure, after those that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from commissions.engine.plan import Figure
from commissions.plan import limits
from commissions.plan.figures import PhraseFigures, TableFigures
from commissions.plan.given import Given, Text
from commissions.plan.meaning import Meaning
from commissions.plan.mistakes import Place, closest, one_of
from commissions.plan.models import LevelsTable, ReserveTable
from commissions.plan.phrases import said
from commissions.plan.phrases.said import Word
from commissions.plan.shape import check_shape
from commissions.plan.texts import VOLUME_NAME
from commissions.plan.toml import Entry, Node

DEFAULTS = {
    "PV": "pv of own and customers' orders",
    "CV": "cv of own and customers' orders",
    "GV": "PV of self and downline",
}
RESERVE_KEYS = {"at_once", "most", "draws_to"}


@dataclass(slots=True)
class Draft:
    """A volume as far as it is read: what it says, and which volumes it names where."""

    phrase: said.Volume | Given | None = None
    text: Text | None = None
    who: list[tuple[said.Said, Text]] = field(default_factory=list)
    needs: list[tuple[str, Place]] = field(default_factory=list)


def volume_names(entries: dict[str, Entry]) -> list[str]:
    """Return the names of all volumes: the three that exist always first, then as written."""
    return [*DEFAULTS, *(name for name in entries if name not in DEFAULTS)]


def is_reserve(node: Node) -> bool:
    """Tell by its keys whether a volume's table is of a reserve."""
    return isinstance(node.value, dict) and not RESERVE_KEYS.isdisjoint(node.value)


@dataclass(slots=True)
class Volumes:
    """Reads the table `[volume]`."""

    meaning: Meaning
    entries: dict[str, Entry]
    drafts: dict[str, Draft] = field(default_factory=dict)

    def read(self) -> None:
        """Take every volume into the figures; what is wrong is noted, too many among it."""
        if len(self.entries) > limits.ENTRIES:
            self.meaning.volumes = dict.fromkeys(self.entries)
            return
        for name in volume_names(self.entries):
            self._check_name(name)
            self.drafts[name] = self._draft(name)
        for name in self.drafts:
            self._visit(name, [])

    def _check_name(self, name: str) -> None:
        entry = self.entries.get(name)
        if entry is None:
            return
        if not VOLUME_NAME.fullmatch(name):
            self.meaning.mistakes.add(
                entry.place, f"volume.{name}", f'"{name}" is no name of a volume.',
                "Begin with a capital letter; then letters, digits and _, at most 30.",
            )  # fmt: skip
        elif name in self.meaning.ranks:
            self.meaning.mistakes.add(
                entry.place, f"volume.{name}", f'A rank is called "{name}", too.',
                "Give the volume another name.",
            )  # fmt: skip

    def _draft(self, name: str) -> Draft:
        entry, path = self.entries.get(name), f"volume.{name}"
        if entry is None:
            text = Text(DEFAULTS[name], Node(DEFAULTS[name], Place(1, 1)), path)
            return self._phrase_draft(text)
        node = entry.node
        if node.broken:
            return Draft()
        if isinstance(node.value, str):
            return self._phrase_draft(Text(node.value, node, path))
        if not isinstance(node.value, dict):
            self.meaning.mistakes.add(
                node.place, path, "This is not what is wanted here.",
                f'Write a phrase, for example "{DEFAULTS["GV"]}".',
            )  # fmt: skip
            return Draft()
        model = ReserveTable if is_reserve(node) else LevelsTable
        check_shape(model, node, path, self.meaning.mistakes)
        return self._table_draft(Given(model, node, path))

    def _phrase_draft(self, text: Text) -> Draft:
        phrase: said.Volume | None = self.meaning.phrase("volume", text)
        draft = Draft(phrase, text)
        match phrase:
            case said.Sum():
                words = [part.volume for part in phrase.parts]
            case said.Group() | said.Compressed() | said.OverTime():
                words = [phrase.volume]
            case _:
                words = []
        draft.needs = [(word.text, text.place(word.at)) for word in words]
        return draft

    def _table_draft(self, given: Given) -> Draft:
        draft = Draft(given)
        of = given.text("of")
        if of is not None and not (given.model is LevelsTable and of.value == "people"):
            if of.value in self.meaning.names.volumes:
                draft.needs.append((of.value, of.place()))
            else:
                known = [*self.meaning.names.volumes, *["people"] * (given.model is LevelsTable)]
                self.meaning.mistakes.add(
                    of.place(), of.path, f'There is no volume "{of.value}".',
                    f"Write {one_of(known)}.", closest(of.value, known),
                )  # fmt: skip
                draft.phrase = None
        if given.model is LevelsTable:
            for text in given.texts("who"):
                phrase: said.Said | None = self.meaning.phrase("requirement", text)
                if phrase is not None:
                    draft.who.append((phrase, text))
                    draft.needs += [(w.text, text.place(w.at)) for w in volumes_in(phrase)]
        return draft

    def _visit(self, name: str, path: list[str]) -> None:
        """Take in a volume after all that it is made of; a circle is noted with its path."""
        if name in self.meaning.volumes:
            return
        for needed, place in self.drafts[name].needs:
            if needed in [*path, name]:
                way = [*path, name]
                circle = " -> ".join([*way[way.index(needed) :], needed])
                self.meaning.mistakes.add(
                    place, f"volume.{name}", f"This goes round in a circle: {circle}.",
                    "Take one of them out.",
                )  # fmt: skip
                self.meaning.volumes[needed] = None
            else:
                self._visit(needed, [*path, name])
        if name not in self.meaning.volumes:
            figure = self._figure(name, self.drafts[name])
            if figure is None:
                self.meaning.volumes[name] = None
            else:
                self.meaning.add_volume(name, figure)

    def _figure(self, name: str, draft: Draft) -> Figure | None:
        phrase, text = draft.phrase, draft.text
        if isinstance(phrase, Given):
            reader = TableFigures(self.meaning, name, phrase)
            return reader.reserve() if phrase.model is ReserveTable else reader.levels(draft.who)
        if phrase is None or text is None:
            return None
        return PhraseFigures(self.meaning, name, text).figure(phrase)


def volumes_in(phrase: said.Said) -> list[Word]:
    """Return the names of volumes in a requirement."""
    asked: list[Word | said.OverTime] = []
    for ask in phrase.asks:
        match ask:
            case said.AskAtLeast() | said.AskLimited():
                asked.append(ask.volume)
            case said.AskShare():
                asked += [ask.volume, ask.of]
            case said.AskCount(counted=said.Customers(volume=volume)):
                asked.append(volume)
            case said.AskCount(counted=said.People(conditions=conditions)):
                asked += [one.volume for one in conditions if isinstance(one, said.AskAtLeast)]
    return [one if isinstance(one, Word) else one.volume for one in asked]
