"""Whether somebody meets terms and programs of the pass from the bottom up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bottom_up.work import (
    ASKS_BIT,
    T_ASKS,
    T_NEED,
    T_OTHER,
    T_PPM,
    T_REF,
)
from commissions.engine.plan import Asks
from commissions.engine.requirements import is_share

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Ranks = NDArray[np.int16]

IS_ACTIVE, IS_BELOW, IS_SHARE = int(Asks.ACTIVE), int(Asks.BELOW), int(Asks.SHARE)
IS_RANK, IS_TITLE = int(Asks.RANK), int(Asks.TITLE)


@kernel
def read(ref: int, row: int, value: Int64s, base: Int64s) -> int:
    """Return a figure of somebody by its reference."""
    if ref >= 0:
        return value[ref, row]
    return base[-1 - ref, row]


@kernel
def holds(
    term: int, row: int, terms: Int64s, value: Int64s, base: Int64s, bits: NDArray[np.uint64],
    active: Bools, paid_as: Ranks, title: Ranks,
) -> bool:  # fmt: skip
    """Tell whether one term holds for somebody."""
    asks, ref = terms[term, T_ASKS], terms[term, T_REF]
    if asks == ASKS_BIT:
        word = bits[ref // 64, row] >> np.uint64(ref % 64)
        return (word & np.uint64(1)) == np.uint64(1)
    need = terms[term, T_NEED]
    if asks == IS_ACTIVE:
        return active[row]
    if asks == IS_RANK:
        return paid_as[row] >= need
    if asks == IS_TITLE:
        return title[row] >= need
    have = read(ref, row, value, base)
    if asks == IS_BELOW:
        return have < need
    if asks == IS_SHARE:
        return is_share(have, read(terms[term, T_OTHER], row, value, base), terms[term, T_PPM])
    return have >= need


@kernel
def all_met(
    first: int, number: int, row: int, programs: Int64s, terms: Int64s, value: Int64s,
    base: Int64s, bits: NDArray[np.uint64], active: Bools, paid_as: Ranks, title: Ranks,
) -> bool:  # fmt: skip
    """Tell whether somebody meets so many programs from `first` on, each ended by -3.

    The stack of a program is the bits of one number.
    """
    at = first
    for _ in range(number):
        stack = 0
        while programs[at] != -3:
            word = programs[at]
            if word >= 0:
                answer = holds(word, row, terms, value, base, bits, active, paid_as, title)
                stack = stack * 2 + (1 if answer else 0)
            elif word == -1:
                stack = (stack >> 2) * 2 + (stack & (stack >> 1) & 1)
            else:
                stack = (stack >> 2) * 2 + ((stack | (stack >> 1)) & 1)
            at += 1
        if not stack & 1:
            return False
        at += 1
    return True
