"""Columns that grow: what was there stays as it was, in a room of its own kind."""

from __future__ import annotations

import numpy as np

from commissions.growing import appended, goes_on

SALES = np.dtype([("sale_id", "i8"), ("pv", "i8")])


def test_the_figure_of_a_single_row_does_not_grow_in_the_room_of_its_rows() -> None:
    rows = appended(np.empty(0, SALES), np.array([(7, 100)], SALES))
    pv = np.ascontiguousarray(rows["pv"])

    assert appended(pv, pv[:0]).tolist() == [100]
    assert appended(pv, np.array([200])).tolist() == [100, 200]
    assert rows.tolist() == [(7, 100)]


def test_nothing_more_is_the_very_same_column() -> None:
    column = np.array([1, 2])

    assert appended(column, column[:0]) is column
    assert goes_on(appended(column, column[:0]), column)


def test_what_was_seen_stays_whatever_is_appended_to_it_twice() -> None:
    first = appended(np.array([1]), np.array([2]))
    one, other = appended(first, np.array([3])), appended(first, np.array([4]))

    assert (first.tolist(), one.tolist(), other.tolist()) == ([1, 2], [1, 2, 3], [1, 2, 4])
    assert goes_on(one, first)
    assert not goes_on(other, first)
