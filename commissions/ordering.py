"""Rows of a structured array in the order of several columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mlm.copying import Rows


def in_order(rows: Rows, names: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return the places of rows in the order of some columns of whole numbers, the first first.

    Rows that are alike in all of them stay as they are. Where the columns fit into one number
    together, which is several times quicker, that is sorted.

    >>> rows = np.array([(2, 5), (1, 7), (2, 3)], dtype=[("member", "i8"), ("level", "i4")])
    >>> in_order(rows, ["member", "level"]).tolist()
    [1, 2, 0]
    """
    together = np.zeros(len(rows), np.int64)
    span = 1
    for name in names:
        least, most = (int(rows[name].min()), int(rows[name].max())) if len(rows) else (0, 0)
        span *= most - least + 1
        if span >= 2**63:
            return np.lexsort([rows[other] for other in reversed(names)])
        together *= most - least + 1
        together += rows[name] - least
    return np.argsort(together, kind="stable")
