"""How large figures may become: what could leave 64 bits is refused before it is added up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.errors import TooLarge
from commissions.engine.money import LIMIT, absolute_total

Int64s = NDArray[np.int64]


class Size(NamedTuple):
    """How large the values of a column are at most, regardless of their sign: each, all together.

    Both may be more than 64 bits hold.
    """

    each: int
    together: int


@kernel
def _ends(values: Int64s) -> tuple[int, int]:
    lowest, highest = 0, 0
    for i in range(len(values)):
        lowest = min(lowest, values[i])
        highest = max(highest, values[i])
    return lowest, highest


def size_of(values: Int64s, room: int = LIMIT) -> Size:
    """Return the size of a column; all together is exact if a rough figure is not below `room`.

    >>> size_of(np.array([3, -5])), size_of(np.array([3, -5]), room=10)
    (Size(each=5, together=10), Size(each=5, together=8))
    >>> size_of(np.array([-(2**63)])).each == 2**63
    True
    """
    lowest, highest = (int(end) for end in _ends(values))
    each = max(-lowest, highest)
    together = each * len(values)
    return Size(each, together if together < room or each >= LIMIT else absolute_total(values))


def refuse_from_limit(size: int, what: str) -> None:
    """Refuse what could be so large that a sum of two would leave 64 bits.

    >>> refuse_from_limit(2**62, "GV: all volumes together")
    Traceback (most recent call last):
    commissions.engine.errors.TooLarge: GV: all volumes together leave 64 bits
    """
    if size >= LIMIT:
        raise TooLarge(f"{what} leave 64 bits")
