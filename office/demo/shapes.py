"""Sponsor trees of every shape, as arrays: who sponsors whom, sponsors always first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from office.demo.columns import Flags, Ints

CHAIN_LEG: Final = 20_000


def wide(count: int, random: np.random.Generator) -> Ints:
    """Return sponsors in about five levels, each of roughly the same width a head."""
    frontline = max(round(count ** (1 / 5)), 2)
    place = np.arange(count, dtype=np.int64) - 1
    sponsor = (place + random.integers(0, frontline, count)) // frontline
    return _with_top(np.minimum(sponsor, place))


def mixed(count: int, random: np.random.Generator) -> Ints:
    """Return sponsors as people find them: mostly recent joiners, often whoever has many already.

    Half of all join under the later of two members drawn at random, which makes deep lines; the
    others under a random member's sponsor: who has many in the frontline is drawn more often.
    """
    drawn = np.maximum(random.integers(0, _ahead(count)), random.integers(0, _ahead(count)))
    copies = random.random(count) < 0.5
    return _with_top(_sponsors_of_copied(drawn, copies))


def deep(count: int, random: np.random.Generator) -> Ints:
    """Return a leg that is one chain of up to 20,000, and everybody else as in `mixed`."""
    leg = min(count // 2, CHAIN_LEG)
    below = mixed(count - leg, random)[1:]
    others = np.where(below == 0, 0, below + leg)
    in_chain = random.random(len(others)) < 0.1
    others[in_chain] = random.integers(0, leg + 1, int(in_chain.sum()))
    return np.concatenate([chain(leg + 1, random), others])


def chain(count: int, random: np.random.Generator) -> Ints:
    """Return a chain as deep as the network."""
    del random
    return np.arange(count, dtype=np.int64) - 1


SHAPES: Final[Mapping[str, Callable[[int, np.random.Generator], Ints]]] = {
    "wide": wide,
    "mixed": mixed,
    "deep": deep,
    "chain": chain,
}


def depths(sponsor: Ints) -> Ints:
    """Return everyone's distance from the top, doubling the stride: few passes for any depth.

    >>> depths(np.array([-1, 0, 0, 1, 3]))
    array([0, 1, 1, 2, 3])
    """
    depth = (sponsor >= 0).astype(np.int64)
    above = sponsor.copy()
    while (above >= 0).any():
        known = above >= 0
        step = np.where(known, depth[above], 0)
        depth = depth + step
        above = np.where(known, above[above], -1)
    return depth


def _ahead(count: int) -> Ints:
    """Return how many joined before each; 1 for the first, so that something can be drawn."""
    return np.maximum(np.arange(count, dtype=np.int64), 1)


def _with_top(sponsor: Ints) -> Ints:
    sponsor[0] = -1
    return sponsor


def _sponsors_of_copied(drawn: Ints, copies: Flags) -> Ints:
    """Return the drawn member, or where `copies` is set that member's own sponsor.

    Whoever copies somebody who copies has to look further; all do so at once, in strides that
    double.
    """
    copies = copies.copy()
    copies[:2] = False  # the top has no sponsor to copy, and the next has only the top
    sponsor = drawn.copy()
    sponsor[copies & (drawn == 0)] = 0
    copies[drawn == 0] = False
    waiting = copies
    while waiting.any():
        source = sponsor
        resolved = waiting & ~waiting[source]
        sponsor = np.where(waiting, source[source], source)
        waiting = waiting & ~resolved
    return sponsor
