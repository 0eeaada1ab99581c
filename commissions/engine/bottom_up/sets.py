"""Sets of places that are handed upwards, joined on the way, and asked how many lie in a stretch.

A set is a tree over the bits of its places, the highest first; it is called by its root, 0 if it is
empty. Joining uses both up, and costs no more than what it saves later: all that is ever done is
linear in places times their bits, however long the way up is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel

Int64s = NDArray[np.int64]
Nodes = NDArray[np.int32]

UNSET, SET, SIZE = range(3)
"""Columns of a node: the node of places with that bit, and how many places there are."""


def room_for(places: int, bits: int) -> Nodes:
    """Return room for sets of so many places altogether. Node 0 is nobody's; it counts the used."""
    return np.zeros((places * (bits + 1) + 1, SIZE + 1), np.int32)


@kernel
def put_in(nodes: Nodes, root: int, place: int, bits: int) -> int:
    """Return the set with one more place, which was not in it.

    >>> nodes = room_for(3, 3)
    >>> root = put_in(nodes, put_in(nodes, 0, 5, 3), 2, 3)
    >>> [number_below(nodes, root, place, 3) for place in (2, 3, 5, 6, 8)]
    [0, 1, 1, 2, 2]
    """
    if root == 0:
        root = _new_node(nodes)
    at = root
    nodes[at, SIZE] += 1
    for bit in range(bits - 1, -1, -1):
        side = (place >> bit) & 1
        if nodes[at, side] == 0:
            nodes[at, side] = _new_node(nodes)
        at = nodes[at, side]
        nodes[at, SIZE] += 1
    return root


@kernel
def _new_node(nodes: Nodes) -> int:
    nodes[0, SIZE] += 1
    new: int = nodes[0, SIZE]
    return new


@kernel
def joined_sets(nodes: Nodes, one: int, other: int, bits: int) -> int:
    """Return the set of what is in either; nothing is in both.

    >>> nodes = room_for(4, 3)
    >>> one = put_in(nodes, put_in(nodes, 0, 5, 3), 2, 3)
    >>> root = joined_sets(nodes, one, put_in(nodes, put_in(nodes, 0, 4, 3), 7, 3), 3)
    >>> [number_below(nodes, root, place, 3) for place in (2, 4, 5, 6, 8)]
    [0, 1, 2, 3, 4]
    """
    if one == 0 or other == 0:
        return one + other
    waiting = np.empty((bits + 2, 2), np.int32)
    waiting[0], left = (one, other), 1
    while left > 0:
        left -= 1
        here, there = waiting[left, 0], waiting[left, 1]
        nodes[here, SIZE] += nodes[there, SIZE]
        for side in (UNSET, SET):
            if nodes[here, side] == 0:
                nodes[here, side] = nodes[there, side]
            elif nodes[there, side] != 0:
                waiting[left, 0], waiting[left, 1] = nodes[here, side], nodes[there, side]
                left += 1
    return one


@kernel
def number_below(nodes: Nodes, root: int, place: int, bits: int) -> int:
    """Return how many of a set lie before a place."""
    if place >> bits:
        return nodes[root, SIZE] if root else 0
    number, at = 0, root
    for bit in range(bits - 1, -1, -1):
        if at == 0:
            break
        if (place >> bit) & 1:
            number += nodes[nodes[at, UNSET], SIZE] if nodes[at, UNSET] else 0
            at = nodes[at, SET]
        else:
            at = nodes[at, UNSET]
    return number
