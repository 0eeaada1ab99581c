"""Who is above whom in members.csv: links by `id`, looked up and held against circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.lab.tables import Table

NOBODY = -1
ON_PATH = -2
UNKNOWN = -3
SHOWN = 12
"""So many members of a circle are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Who is in the network, by number; `kept` has each one's place in the table."""

    table: Table
    kept: list[int]
    ids: list[str]
    number: dict[str, int]
    later: set[str]
    """Members who joined too late to be in the network."""
    keeps: NDArray[np.bool_]
    """Who is a distributor."""

    def refuse(self, number: int, column: str, problem: str) -> None:
        """Note a mistake in somebody's row."""
        self.table.refuse(self.kept[number], column, problem)

    def cells(self, column: str) -> list[str]:
        """Return a column of those who are in the network."""
        texts = self.table.texts(column)
        return [texts[at] for at in self.kept]

    def read(self, column: str, instead: Sequence[int] | None = None) -> list[int]:
        """Return whom a column names, -1 for nobody; `instead` stands where it is empty."""
        found = []
        for number, text in enumerate(self.cells(column)):
            other = self.number.get(text, NOBODY) if text else NOBODY
            if not text:
                other = instead[number] if instead is not None else NOBODY
            elif other == NOBODY:
                self.refuse(number, column, self.missing(text))
            elif other == number:
                self.refuse(number, column, "nobody is their own sponsor or enroller")
                other = NOBODY
            found.append(other)
        return found

    def missing(self, text: str) -> str:
        """Return why somebody is not in the network."""
        if text in self.later:
            return f'"{text}" joined later and is not in the network'
        return f'there is no member "{text}"'


def links_in(table: Table, ids: list[str], is_later: NDArray[np.bool_], roles: list[str]) -> Links:
    """Return who is in the network; an `id` that stands twice is noted."""
    kept: list[int] = []
    number: dict[str, int] = {}
    later: set[str] = set()
    for at, (id_, too_late) in enumerate(zip(ids, is_later.tolist(), strict=True)):
        if not id_:
            continue  # it is noted already, and nobody can be linked to it
        if id_ in number or id_ in later:
            table.refuse(at, "id", f'"{id_}" stands in an earlier row already')
        elif too_late:
            later.add(id_)
        else:
            number[id_] = len(kept)
            kept.append(at)
    keeps = np.array([roles[at] == "distributor" for at in kept], np.bool_)
    return Links(table, kept, list(number), number, later, keeps)


def nearest_above(links: Links, column: str, above: Sequence[int]) -> list[int]:
    """Return the nearest distributor above each member, -1 for none; a circle is noted and cut."""
    keeps = links.keeps.tolist()
    found = [UNKNOWN] * len(above)
    for start in range(len(above)):
        path = []
        at = start
        while at != NOBODY and found[at] == UNKNOWN:
            found[at] = ON_PATH
            path.append(at)
            at = above[at]
        if at != NOBODY and found[at] == ON_PATH:
            _note_circle(links, column, path[path.index(at) :])
        for number in reversed(path):
            over = above[number]
            if over == NOBODY or keeps[over]:
                found[number] = over
            else:
                found[number] = max(found[over], NOBODY)
    return found


def _note_circle(links: Links, column: str, circle: list[int]) -> None:
    names = [links.ids[number] for number in [*circle, circle[0]]]
    links.refuse(circle[0], column, f"{column}s go round in a circle: {' -> '.join(names[:SHOWN])}")
