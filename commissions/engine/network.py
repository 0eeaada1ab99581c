"""The network in the order that the engine works in; worked out once, kept warm between runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.errors import BadNetwork


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Distributors in **network order**: sponsors first, each downline one range.

    Frontlines, and tops, are in the order of their numbers, so that the order depends on the
    facts alone and not on how rows came in. The downline of row r is rows r + 1 to end[r] - 1.
    """

    member: NDArray[np.int64]
    sponsor: NDArray[np.int32]
    end: NDArray[np.int32]
    row: NDArray[np.int32]
    """Network row of each row of the snapshot."""
    order: NDArray[np.int32]
    """Snapshot row of each network row."""

    def row_of(self, member: int) -> int:
        """Return the network row of a member's number; `KeyError` if there is none."""
        found = np.flatnonzero(self.member == member)
        if not len(found):
            raise KeyError(member)
        return int(found[0])


def order_network(member: NDArray[np.int64], sponsor: NDArray[np.int32]) -> Network:
    """Return the network in order; refuse sponsors that go round in a circle.

    >>> network = order_network(np.array([30, 10, 20]), np.array([2, -1, 1], np.int32))
    >>> network.member, network.sponsor
    (array([10, 20, 30]), array([-1,  0,  1], dtype=int32))
    """
    by_number = _by_number(member)
    place = np.empty(len(member), np.int32)
    place[by_number] = np.arange(len(member), dtype=np.int32)
    above = _through(place, sponsor[by_number])
    try:
        inner = tree.preorder(above)
    except BadNetwork as problem:
        raise BadNetwork(_in_numbers(problem, member, sponsor)) from problem
    order = by_number[inner]
    row = np.empty(len(member), np.int32)
    row[order] = np.arange(len(member), dtype=np.int32)
    ordered = _through(row, sponsor[order])
    tree.check_order(ordered)
    return Network(
        member=member[order],
        sponsor=ordered,
        end=tree.downline_end(ordered),
        row=row,
        order=order,
    )


def _by_number(member: NDArray[np.int64]) -> NDArray[np.int32]:
    if (np.diff(member) > 0).all():
        return np.arange(len(member), dtype=np.int32)
    return np.argsort(member, kind="stable").astype(np.int32)


def _through(place: NDArray[np.int32], sponsor: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the place of each sponsor, and -1 where there is none."""
    if not len(place):
        return sponsor
    return np.where(sponsor < 0, np.int32(-1), place[sponsor])


def _in_numbers(problem: BadNetwork, member: NDArray[np.int64], sponsor: NDArray[np.int32]) -> str:
    """Name the circle by members' numbers, the first dozen of them."""
    row = 0
    seen = np.zeros(len(member), np.bool_)
    safe = np.zeros(len(member), np.bool_)
    for start in range(len(member)):
        row = start
        path = []
        while row >= 0 and not safe[row] and not seen[row]:
            seen[row] = True
            path.append(row)
            row = int(sponsor[row])
        if row >= 0 and not safe[row]:
            break
        safe[path] = True
    circle = [int(member[row])]
    at = int(sponsor[row])
    while at != row and len(circle) < 12:
        circle.append(int(member[at]))
        at = int(sponsor[at])
    return f"sponsors go round in a circle: {' -> '.join(map(str, circle))} -> {circle[0]}"
