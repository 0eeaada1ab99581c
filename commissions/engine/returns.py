"""Taking back what a posted run paid on a sale that comes back later, in whole or in parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commissions.engine.errors import BadSnapshot
from commissions.engine.money import LIMIT, Rounding, reduced, share

Int64s = NDArray[np.int64]


def reverse_lines(
    base: Int64s | Sequence[int],
    amount: Int64s | Sequence[int],
    *,
    returned: Int64s | Sequence[int],
    reversed_already: Int64s | Sequence[int],
    rounding: Rounding = Rounding.HALF_AWAY,
) -> Int64s:
    """Return what a return changes each posted line by: the opposite sign of its amount.

    All columns are of the posted lines: `returned` is how much of each base has come back by
    now, this return included (more than the base counts as all of it); `reversed_already` the sum
    of what earlier returns changed the line by. Returned so far is valued as a share of the line's
    amount and rounded as a total, so that parts add up to the whole exactly.

    >>> reverse_lines([300], [10], returned=[100], reversed_already=[0])
    array([-3])
    >>> reverse_lines([300], [10], returned=[300], reversed_already=[-7])
    array([-3])
    """
    columns = zip(base, amount, returned, reversed_already, strict=True)
    return np.array(
        [-_total(int(b), int(a), int(r), rounding) - int(done) for b, a, r, done in columns],
        np.int64,
    )


def _total(base: int, amount: int, returned: int, rounding: Rounding) -> int:
    if base == 0 or returned * base < 0:
        raise BadSnapshot(f"{returned} of a base of {base} cannot have come back")
    if returned == 0 or amount == 0:
        return 0
    num, den = reduced(min(abs(returned), abs(base)), abs(base))
    if max(abs(amount), den) >= LIMIT:
        raise BadSnapshot(f"{amount} is too large")
    return int(share(amount, num, den, int(rounding), product_fits=False))
