"""Placement trees in members.csv: everybody's parent and leg, checked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine.plan import TreeKind, TreeRule
from commissions.engine.snapshot import NOT_IN_TREE, Placement
from commissions.lab.links import NOBODY, SHOWN, Links

SIDES = {"left": 1, "right": 2}
TOP = -1
WRONG = -3


def read_places(links: Links, rule: TreeRule, row: NDArray[np.int32]) -> Placement:
    """Return the places that are given in a tree, by engine row; mistakes are noted."""
    places = _Places(links, rule)
    parent = np.array(places.parents(), np.int64).reshape(-1)
    leg = np.array(places.legs(parent), np.int32).reshape(-1)
    places.check_parents(parent)
    places.check_circles(parent)
    to_row = np.append(row, [NOT_IN_TREE, NOT_IN_TREE, TOP])  # from -3, -2 and -1
    of_rows = np.flatnonzero(row >= 0)
    return Placement(to_row[parent][of_rows].astype(np.int32), leg[of_rows])


class _Places:
    """One tree's columns while they are read; everything is by number."""

    def __init__(self, links: Links, rule: TreeRule) -> None:
        self.links = links
        self.rule = rule
        self.parent_column = f"{rule.name}.parent"
        self.leg_column = f"{rule.name}.leg"

    def parents(self) -> list[int]:
        """Return each one's parent's number: -1 for a top, -2 without a place, -3 for mistakes."""
        found = []
        cells = self.links.cells(self.parent_column)
        for number, (text, own) in enumerate(zip(cells, self.links.ids, strict=True)):
            other = self.links.number.get(text, NOBODY)
            problem = ""
            if not text:
                other = NOT_IN_TREE
            elif not self.links.keeps[number]:
                problem = "a customer has no place in a tree"
            elif text == own:
                other = TOP
            elif other == NOBODY:
                problem = self.links.missing(text)
            elif not self.links.keeps[other]:
                problem = f'"{text}" is a customer and has no place in a tree'
            if problem:
                self.links.refuse(number, self.parent_column, problem)
            found.append(WRONG if problem else other)
        return found

    def legs(self, parent: NDArray[np.int64]) -> list[int]:
        """Return each one's leg, 0 where there is none; a leg that is taken is noted."""
        taken: dict[tuple[int, int], int] = {}
        found = []
        cells = self.links.cells(self.leg_column)
        for number, (text, above) in enumerate(zip(cells, parent.tolist(), strict=True)):
            leg, problem = self._leg(text, above)
            if leg and above >= 0 and not problem:
                first = taken.setdefault((above, leg), number)
                if first != number:
                    name, holder = self.links.ids[above], self.links.ids[first]
                    problem = f'"{holder}" stands there already, in leg {text} of "{name}"'
            if problem:
                self.links.refuse(number, self.leg_column, problem)
            found.append(leg)
        return found

    def _leg(self, text: str, above: int) -> tuple[int, str]:
        """Return which leg a text names, and what is wrong with it."""
        has_legs = self.rule.kind != TreeKind.FREE
        if not text:
            return 0, "this may not be empty: which leg is it?" if has_legs and above >= 0 else ""
        if above == TOP:
            return 0, "a top stands in no leg; leave it empty"
        if above == NOT_IN_TREE:
            return 0, "there is a leg, but no parent"
        if not has_legs:
            return 0, "a free tree has no legs; leave it empty"
        sides = SIDES if self.rule.kind == TreeKind.BINARY else {}
        leg = sides.get(text, int(text) if text.isascii() and text.isdigit() else 0)
        if not 1 <= leg <= self.rule.width:
            legs = "left or right" if sides else f"a number from 1 to {self.rule.width}"
            return 0, f'"{text}" is no leg; write {legs}'
        return leg, ""

    def check_parents(self, parent: NDArray[np.int64]) -> None:
        """Note who hangs under somebody without a place."""
        homeless = (parent >= 0) & (parent[np.maximum(parent, 0)] == NOT_IN_TREE)
        for number in np.flatnonzero(homeless).tolist():
            name = self.links.ids[parent[number]]
            self.links.refuse(number, self.parent_column, f'"{name}" has no place in the tree')

    def check_circles(self, parent: NDArray[np.int64]) -> None:
        """Note each circle at the first one in it."""
        above = parent.tolist()
        seen = [0] * len(above)
        for start in range(len(above)):
            path = []
            at = start
            while at >= 0 and not seen[at]:
                seen[at] = start + 1
                path.append(at)
                at = above[at]
            if at >= 0 and seen[at] == start + 1:
                circle = [self.links.ids[number] for number in [*path[path.index(at) :], at]]
                told = " -> ".join(circle[:SHOWN])
                self.links.refuse(at, self.parent_column, f"places go round in a circle: {told}")
