"""The pass from the bottom up itself: a compiled loop over the tables of `Work`.

It is one function on purpose. A call that takes columns along costs ten times what it does, for
each of some hundred million small steps; calls that take numbers only cost nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bottom_up.keeping import Kept, paid_as_rank, title_held
from commissions.engine.bottom_up.sets import Nodes, joined_sets, number_below, put_in
from commissions.engine.bottom_up.work import (
    ABOVE,
    ACC,
    ASKS_BIT,
    COMPRESSED,
    END,
    FIRST,
    FRONT,
    INNER,
    IS_ACTIVE,
    LARGEST,
    LAST,
    LEVELS,
    LIMITED,
    MARKET,
    MAY,
    MIX,
    OF,
    OP,
    PAID_AS,
    PAST,
    PEOPLE_DOWN,
    PEOPLE_FRONT,
    PEOPLE_LEGS,
    PLACES,
    RANK,
    RESULT,
    SUM,
    T_ASKS,
    T_COLUMN,
    T_NEED,
    T_PPM,
    TEST,
    TITLE,
    TWO_LEGS,
    A,
    B,
    Work,
)
from commissions.engine.money import share
from commissions.engine.plan import AND, Asks, Keeping, Past, Scope
from commissions.engine.requirements import is_share
from commissions.engine.rounding import PPM
from commissions.engine.snapshot import Flag
from commissions.engine.standings import Standings

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Ranks = NDArray[np.int16]

BELOW, SHARE = int(Asks.BELOW), int(Asks.SHARE)
BEFORE, GROWTH = int(Past.BEFORE), int(Past.GROWTH)
LEFT, RIGHT, WEAKER = int(Scope.LEFT_LEG), int(Scope.RIGHT_LEG), int(Scope.WEAKER_LEG)
IS_LEG, OCCUPIES = int(Flag.COUNTS_AS_LEG), int(Flag.OCCUPIES_LEVEL)


def work_up(
    order: Rows, work: Work, found: Standings, before: Kept, misses: Ranks, keeping: Keeping
) -> None:
    """Work out everybody in this order, writing into the work's matrix and the standings."""
    rules = np.array(
        [
            keeping.by_title, keeping.grace, keeping.window_met, keeping.window_of,
            keeping.falls_one_step,
        ],
        np.int64,
    )  # fmt: skip
    _work_up(
        order, work.matrix, work.steps, work.terms, work.programs, work.tests, work.is_ranking,
        work.sets, work.bits,
        rules, before.paid_as, before.title, before.highest, before.grace, before.held, misses,
        found.qualified, found.highest, found.grace, found.held,
    )  # fmt: skip
    if work.is_ranking:
        found.paid_as = work.matrix[:, PAID_AS].astype(np.int16)
        found.title = work.matrix[:, TITLE].astype(np.int16)
        found.active = work.matrix[:, IS_ACTIVE] != 0


@kernel
def _holds(asks: int, have: int, need: int, of: int, ppm: int) -> bool:
    """Tell whether a term holds, of numbers that are read already."""
    if asks == ASKS_BIT:
        return (have >> need) & 1 == 1
    if asks == BELOW:
        return have < need
    if asks == SHARE:
        return is_share(have, of, ppm)
    return have >= need


@kernel
def _joined(stack: int, word: int) -> int:
    """Return a stack of answers, one a bit, with the last two joined.

    >>> _joined(0b101, -1), _joined(0b101, -2)
    (2, 3)
    """
    last = stack & (stack >> 1) if word == AND else stack | (stack >> 1)
    return (stack >> 2) * 2 + (last & 1)


@kernel
def _over_time(past: int, before: int, now: int) -> int:
    if past == BEFORE:
        return before
    return max(now - before, 0) if past == GROWTH else before + now


@kernel
def _of_two_legs(scope: int, left: int, right: int) -> int:
    if scope == LEFT:
        return left
    if scope == RIGHT:
        return right
    return min(left, right) if scope == WEAKER else max(left, right)


@kernel
def _work_up(  # noqa: C901, PLR0912, PLR0915 # long: for the reason that the module gives
    order: Rows, matrix: Int64s, steps: Int64s, terms: Int64s, programs: Int64s, tests: Int64s,
    is_ranking: bool, sets: Nodes, bits: int, rules: Int64s,
    was_paid: Ranks, was_title: Ranks, was_highest: Ranks, was_grace: Ranks, was_held: Ranks,
    misses: Ranks, qualified: Ranks, highest: Ranks, grace: Ranks, held: Ranks,
) -> None:  # fmt: skip
    for i in range(len(order)):
        row = order[i]
        market = matrix[row, MARKET] if matrix[row, MARKET] < len(tests) else 0
        best = 0
        # What is known of somebody once everybody below is worked out: figures, activity, ranks
        for k in range(len(steps)):
            op, acc, a, b = steps[k, OP], steps[k, ACC], steps[k, A], steps[k, B]
            if op == TEST:
                at, number = tests[market, k, 0], tests[market, k, 1]
                if at < 0 or best > 0 or (b and was_paid[row] < a):
                    continue
                good = True
                for _ in range(number):
                    stack = 0
                    while programs[at] != END:
                        word = programs[at]
                        if word >= 0:
                            asks, need = terms[word, T_ASKS], terms[word, T_NEED]
                            stack *= 2
                            if _holds(
                                asks, matrix[row, terms[word, T_COLUMN]], need,
                                matrix[row, need] if asks == SHARE else 0, terms[word, T_PPM],
                            ):  # fmt: skip
                                stack += 1
                        else:
                            stack = _joined(stack, word)
                        at += 1
                    at += 1
                    if stack & 1 == 0:
                        good = False
                        break
                if a == 0:
                    matrix[row, IS_ACTIVE] = 1 if good else 0
                elif good:
                    best = a
                continue
            if op == SUM or op == FRONT:
                figure = matrix[row, acc] + (matrix[row, steps[k, OF]] if a else 0)
            elif op == LARGEST:
                figure = matrix[row, acc + 1] if a else matrix[row, acc] - matrix[row, acc + 1]
            elif op == LEVELS or op == PEOPLE_DOWN:
                figure = 0
                for level in range(max(b - 1, 0), max(a, 1)):
                    figure += matrix[row, acc + level]
            elif op == TWO_LEGS:
                figure = _of_two_legs(a, matrix[row, acc + 1], matrix[row, acc + 2])
            elif op == COMPRESSED:
                figure = matrix[row, steps[k, OF]] + matrix[row, acc]
                if not matrix[row, IS_ACTIVE]:
                    figure = 0
            elif op == LIMITED:
                own = matrix[row, acc + 1] + (matrix[row, steps[k, OF]] if b & 2 else 0)
                figure = matrix[row, acc] + (min(own, a) if b & 1 else own)
            elif op == PAST:
                figure = _over_time(a, matrix[row, steps[k, INNER]], matrix[row, steps[k, OF]])
            elif op == MIX:
                figure = 0
                for term in range(steps[k, FIRST], steps[k, LAST]):
                    ppm, whole = terms[term, T_PPM], matrix[row, terms[term, T_COLUMN]]
                    figure += share(whole if ppm >= 0 else -whole, abs(ppm), PPM, 0, False)
            else:
                figure = matrix[row, acc]
                if op == PEOPLE_FRONT and a and matrix[row, acc + 1]:
                    root, inner = matrix[row, acc + 1], steps[k, INNER]
                    figure += number_below(sets, root, matrix[row, inner + 2], bits)
                    figure -= number_below(sets, root, matrix[row, inner + 1], bits)
            matrix[row, steps[k, RESULT]] = figure
        if is_ranking:
            title, held[row] = title_held(
                best, was_title[row], was_held[row], misses[row], (rules[2], rules[3]), rules[4]
            )
            paid, grace[row] = paid_as_rank(
                title if rules[0] else best, matrix[row, PAID_AS], was_paid[row], was_grace[row],
                rules[1],
            )  # fmt: skip
            matrix[row, TITLE], matrix[row, PAID_AS] = title, paid
            qualified[row], highest[row] = best, max(best, was_highest[row])
        # What those above get
        for k in range(len(steps)):
            op, acc, a = steps[k, OP], steps[k, ACC], steps[k, A]
            if op == TEST or op >= PAST:
                continue
            above = matrix[row, steps[k, ABOVE]]
            if above < 0 or (steps[k, RANK] and matrix[row, PAID_AS] >= steps[k, RANK]):
                continue
            is_leg = matrix[row, MAY] & IS_LEG or steps[k, PLACES]
            stands = matrix[row, MAY] & OCCUPIES
            if op >= PEOPLE_FRONT:
                own = 1
                for term in range(steps[k, FIRST], steps[k, LAST]):
                    asks, need = terms[term, T_ASKS], terms[term, T_NEED]
                    if not _holds(
                        asks, matrix[row, terms[term, T_COLUMN]], need,
                        matrix[row, need] if asks == SHARE else 0, terms[term, T_PPM],
                    ):  # fmt: skip
                        own = 0
                        break
            else:
                own = matrix[row, steps[k, OF]]
            if op == SUM or (op == PEOPLE_DOWN and a == 0):
                matrix[above, acc] += matrix[row, acc] + own
            elif op == LIMITED:
                # Legs as far as they count; people who head none; the group
                group = matrix[row, acc + 2] + own
                matrix[above, acc] += min(group, a) if is_leg else matrix[row, acc]
                matrix[above, acc + 1] += 0 if is_leg else matrix[row, acc + 1] + own
                matrix[above, acc + 2] += group
            elif op == PEOPLE_LEGS:
                has = max(own, matrix[row, acc + 1])
                matrix[above, acc] += has if is_leg else matrix[row, acc]
                matrix[above, acc + 1] = max(matrix[above, acc + 1], has)
            elif op == FRONT or (op == PEOPLE_FRONT and a == 0):
                matrix[above, acc] += own if is_leg else matrix[row, acc]
            elif op == LEVELS or op == PEOPLE_DOWN:
                # One level further down; who stands on none hands them on as they are
                if stands:
                    matrix[above, acc] += own
                    for level in range(1, a):
                        matrix[above, acc + level] += matrix[row, acc + level - 1]
                else:
                    for level in range(a):
                        matrix[above, acc + level] += matrix[row, acc + level]
            elif op == LARGEST:
                group = matrix[row, acc] + own
                largest = group if is_leg else matrix[row, acc + 1]
                matrix[above, acc] += group
                matrix[above, acc + 1] = max(matrix[above, acc + 1], largest)
            elif op == TWO_LEGS:
                group, leg = matrix[row, acc] + own, matrix[row, steps[k, INNER]]
                matrix[above, acc] += group
                if leg == 1 or leg == 2:
                    matrix[above, acc + leg] += group
            elif op == COMPRESSED:
                if not matrix[row, IS_ACTIVE]:
                    matrix[above, acc] += matrix[row, acc] + own
            elif is_leg and own:
                # In which leg somebody sits differs among those whose frontline they are in
                place, inner = matrix[row, steps[k, INNER]], steps[k, INNER]
                if not matrix[above, MAY] & IS_LEG:
                    matrix[above, acc + 1] = put_in(sets, matrix[above, acc + 1], place, bits)
                elif matrix[above, inner + 1] <= place < matrix[above, inner + 2]:
                    matrix[above, acc] += 1
            elif not is_leg:
                matrix[above, acc + 1] = joined_sets(
                    sets, matrix[above, acc + 1], matrix[row, acc + 1], bits
                )
