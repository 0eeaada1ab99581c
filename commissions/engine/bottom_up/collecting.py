"""What the pass from the bottom up collects from those below, and hands on to those above."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bottom_up.asking import holds, read
from commissions.engine.bottom_up.work import (
    ACC,
    COMPRESSED,
    FIRST,
    FRONT,
    LARGEST,
    LAST,
    LEVELS,
    LIMITED,
    MIX,
    OF,
    OP,
    PAST,
    PEOPLE_DOWN,
    PEOPLE_FRONT,
    PEOPLE_LEGS,
    RANK,
    SUM,
    T_PPM,
    T_REF,
    TREE,
    TWO_LEGS,
    A,
    B,
    C,
)
from commissions.engine.money import share
from commissions.engine.plan import Past, Scope
from commissions.engine.rounding import PPM

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Ranks = NDArray[np.int16]

BEFORE, GROWTH = int(Past.BEFORE), int(Past.GROWTH)
LEFT, RIGHT, WEAKER = int(Scope.LEFT_LEG), int(Scope.RIGHT_LEG), int(Scope.WEAKER_LEG)


@kernel
def finish(  # long: one branch for each kind of step
    k: int, slot: int, row: int, steps: Int64s, terms: Int64s, active: Bools, value: Int64s,
    base: Int64s, collected: Int64s,
) -> None:  # fmt: skip
    """Work out somebody's figure from what has been collected and from the own figures."""
    op, acc, a = steps[k, OP], steps[k, ACC], steps[k, A]
    if op == MIX:
        total = 0
        for term in range(steps[k, FIRST], steps[k, LAST]):
            ppm = terms[term, T_PPM]
            figure = read(terms[term, T_REF], row, value, base)
            part = share(figure, abs(ppm), PPM, 0, False)  # noqa: FBT003 - kernels take no keywords
            total += part if ppm >= 0 else -part
        value[slot, row] = total
    elif op == PAST:
        was, now = read(steps[k, C], row, value, base), read(steps[k, OF], row, value, base)
        if a == BEFORE:
            value[slot, row] = was
        elif a == GROWTH:
            value[slot, row] = max(now - was, 0)
        else:
            value[slot, row] = was + now
    elif op == LIMITED:
        own = read(steps[k, OF], row, value, base) - collected[acc + 1, row]
        if steps[k, B]:
            own = min(own, a)
        value[slot, row] = own + collected[acc, row]
    elif op == LARGEST:
        most = collected[acc + 1, row]
        value[slot, row] = most if a else collected[acc, row] - most
    elif op == LEVELS:
        total = 0
        for level in range(steps[k, B] - 1, a):
            total += collected[acc + level, row]
        value[slot, row] = total
    elif op == TWO_LEGS:
        left, right = collected[acc + 1, row], collected[acc + 2, row]
        if a == LEFT:
            value[slot, row] = left
        elif a == RIGHT:
            value[slot, row] = right
        else:
            value[slot, row] = min(left, right) if a == WEAKER else max(left, right)
    elif op == COMPRESSED:
        own = read(steps[k, OF], row, value, base)
        value[slot, row] = own + collected[acc, row] if active[row] else 0
    elif op == PEOPLE_DOWN and a:
        total = 0
        for level in range(a):
            total += collected[acc + level, row]
        value[slot, row] = total
    else:
        value[slot, row] = collected[acc, row]
        if (op == SUM or op == FRONT) and a:
            value[slot, row] += read(steps[k, OF], row, value, base)


@kernel
def hand_on(
    k: int, slot: int, row: int, steps: Int64s, terms: Int64s, parents: NDArray[np.int32],
    legs: NDArray[np.int32], places: NDArray[np.int32], is_leg: Bools, occupies: Bools,
    active: Bools, paid_as: Ranks, title: Ranks, value: Int64s, base: Int64s,
    bits: NDArray[np.uint64], collected: Int64s,
) -> None:  # fmt: skip
    """Give the parent what somebody and those below have for one step."""
    op, tree = steps[k, OP], steps[k, TREE]
    if op == MIX or op == PAST:
        return
    above = parents[tree, row]
    if above < 0:
        return
    if op >= PEOPLE_FRONT and op <= PEOPLE_LEGS:
        good = True
        for term in range(steps[k, FIRST], steps[k, LAST]):
            if not holds(term, row, terms, value, base, bits, active, paid_as, title):
                good = False
                break
        _hand_on_people(k, row, above, good, steps, parents, places, is_leg, occupies, collected)
        return
    if steps[k, RANK] and paid_as[row] >= steps[k, RANK]:
        return
    if op == LIMITED:
        part = read(steps[k, OF], row, value, base)
        if steps[k, FIRST]:
            part += read(steps[k, C], row, value, base)
        _hand_on_limited(steps[k, ACC], steps[k, A], part, row, above, is_leg[row], collected)
        return
    own = read(steps[k, OF], row, value, base)
    _hand_on_volume(k, row, above, own, steps, legs[tree, row], is_leg, occupies, active, collected)


@kernel
def _hand_on_people(
    k: int, row: int, above: int, good: bool, steps: Int64s, parents: NDArray[np.int32],  # noqa: FBT001 - kernels take no keywords
    places: NDArray[np.int32], is_leg: Bools, occupies: Bools, collected: Int64s,
) -> None:  # fmt: skip
    op, acc, a = steps[k, OP], steps[k, ACC], steps[k, A]
    counts = 1 if good else 0
    if op == PEOPLE_LEGS:
        has = max(counts, collected[acc + 1, row])
        collected[acc, above] += has if is_leg[row] else collected[acc, row]
        collected[acc + 1, above] = max(collected[acc + 1, above], has)
    elif op == PEOPLE_DOWN and a == 0:
        collected[acc, above] += collected[acc, row] + counts
    elif op == PEOPLE_DOWN:
        if occupies[row]:
            collected[acc, above] += counts
            for level in range(1, a):
                collected[acc + level, above] += collected[acc + level - 1, row]
        else:
            for level in range(a):
                collected[acc + level, above] += collected[acc + level, row]
    elif a == 0:
        collected[acc, above] += counts if is_leg[row] else collected[acc, row]
    elif good and is_leg[row]:
        # In which leg somebody sits is another matter for each of those whose frontline they are in
        tree, other = steps[k, TREE], steps[k, B]
        at = above
        while at >= 0:
            if _sits_in(row, at, a, other, places):
                collected[acc, at] += 1
            at = -1 if is_leg[at] else parents[tree, at]


@kernel
def _sits_in(row: int, above: int, leg: int, tree: int, places: NDArray[np.int32]) -> bool:
    """Tell whether somebody sits in a leg of somebody else, in a binary tree."""
    child = places[tree, 1 + leg, above]
    if child < 0:
        return False
    place = places[tree, 0, row]
    return places[tree, 0, child] <= place and place < places[tree, 1, child]


@kernel
def _hand_on_limited(
    acc: int,
    most: int,
    part: int,
    row: int,
    above: int,
    is_leg: bool,
    collected: Int64s,  # noqa: FBT001 - kernels take no keywords
) -> None:
    if is_leg:
        collected[acc, above] += min(part, most)
        collected[acc + 1, above] += part
    else:
        collected[acc, above] += collected[acc, row]
        collected[acc + 1, above] += collected[acc + 1, row]


@kernel
def _hand_on_volume(
    k: int, row: int, above: int, own: int, steps: Int64s, leg: int, is_leg: Bools,
    occupies: Bools, active: Bools, collected: Int64s,
) -> None:  # fmt: skip
    op, acc = steps[k, OP], steps[k, ACC]
    if op == SUM:
        collected[acc, above] += collected[acc, row] + own
    elif op == LARGEST:
        group = collected[acc, row] + own
        collected[acc, above] += group
        largest = group if is_leg[row] else collected[acc + 1, row]
        collected[acc + 1, above] = max(collected[acc + 1, above], largest)
    elif op == FRONT:
        collected[acc, above] += own if is_leg[row] else collected[acc, row]
    elif op == LEVELS:
        high = steps[k, A]
        if occupies[row]:
            collected[acc, above] += own
            for level in range(1, high):
                collected[acc + level, above] += collected[acc + level - 1, row]
        else:
            for level in range(high):
                collected[acc + level, above] += collected[acc + level, row]
    elif op == TWO_LEGS:
        group = collected[acc, row] + own
        collected[acc, above] += group
        if leg == 1 or leg == 2:
            collected[acc + leg, above] += group
    elif op == COMPRESSED and not active[row]:
        collected[acc, above] += collected[acc, row] + own
