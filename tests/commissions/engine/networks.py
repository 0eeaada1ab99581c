"""Networks of any shape, drawn small, and the two extreme shapes, large."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

MANY = 100_000


@st.composite
def sponsors(draw: st.DrawFn, size: int) -> list[int]:
    """Draw sponsors of any shape: chains, stars, forests; rows in any order, -1 at the top."""
    shape = draw(st.sampled_from(["chain", "star", "any"]))
    above = [-1]
    for row in range(1, size):
        if shape == "chain":
            above.append(row - 1)
        elif shape == "star":
            above.append(0)
        else:
            above.append(draw(st.integers(-1, row - 1)))
    order = draw(st.permutations(range(size)))
    place = {row: at for at, row in enumerate(order)}
    return [place[above[row]] if above[row] >= 0 else -1 for row in order]


networks = st.integers(1, 12).flatmap(lambda size: sponsors(size))
"""Sponsors of up to a dozen."""


def downlines(above: list[int]) -> dict[int, set[int]]:
    """Return everybody's downline, oneself included, the slow way."""
    found = {row: {row} for row in range(len(above))}
    for row in range(len(above)):
        at = above[row]
        while at >= 0:
            found[at].add(row)
            at = above[at]
    return found


def below(parent: list[int], row: int, counted: list[bool]) -> list[int]:
    """Return the frontline; in the place of who does not count, their own one."""
    found: list[int] = []
    for child in range(len(parent)):
        if parent[child] == row:
            found += [child] if counted[child] else below(parent, child, counted)
    return found


@st.composite
def places(draw: st.DrawFn, size: int, width: int = 2) -> tuple[list[int], list[int]]:
    """Draw parents (-1 a top, -2 no place) and legs of a placement tree; parents in any order."""
    free: list[tuple[int, int]] = []
    parent, leg = [-2] * size, [0] * size
    for row in draw(st.permutations(range(size))):
        where = draw(st.integers(-2, len(free) - 1))
        if where >= 0:
            parent[row], leg[row] = free.pop(where)
        elif where == -1:
            parent[row] = -1
        if where >= -1:
            free += [(row, which) for which in range(1, width + 1)]
    return parent, leg


def chain(size: int = MANY) -> NDArray[np.int32]:
    """Return the sponsors of a chain as deep as the network, the top first."""
    return np.arange(-1, size - 1, dtype=np.int32)


def star(size: int = MANY) -> NDArray[np.int32]:
    """Return the sponsors of a network in which all but the first are the first one's frontline."""
    above = np.zeros(size, np.int32)
    above[0] = -1
    return above
