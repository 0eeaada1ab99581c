"""Parting amounts by largest remainder: to the last unit, in any size."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import TooLarge
from commissions.engine.money import exact_sum
from commissions.engine.sharing import part_by_weight, part_in_groups

SMALL = st.integers(1, 9)
LARGE = st.integers(1, 2**58)


@given(amount=st.integers(0, 2**61), weights=st.lists(SMALL | LARGE, min_size=1, max_size=8))
def test_parts_are_those_of_the_definition_in_any_size(amount: int, weights: list[int]) -> None:
    number = np.arange(len(weights), 0, -1)

    parts = part_by_weight(amount, np.array(weights), number)

    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    expected = [int(part) for part in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: (expected[i] - exact[i], number[i]))
    for i in by_rest[: amount - sum(expected)]:
        expected[i] += 1
    assert parts.tolist() == expected


@given(
    groups=st.lists(
        st.tuples(st.integers(0, 100), st.lists(SMALL, min_size=1, max_size=5)), max_size=5
    )
)
def test_groups_are_parted_like_each_by_itself(groups: list[tuple[int, list[int]]]) -> None:
    sizes = [len(weights) for _, weights in groups]
    first = np.array([0, *np.cumsum(sizes)], np.int64)
    weight = np.array([w for _, weights in groups for w in weights], np.int64)

    parts = part_in_groups(first, np.array([amount for amount, _ in groups], np.int64), weight)

    expected = [
        part_by_weight(amount, np.array(weights), np.arange(len(weights))).tolist()
        for amount, weights in groups
    ]
    assert parts.tolist() == [part for group in expected for part in group]


def test_shares_that_leave_64_bits_are_refused() -> None:
    with pytest.raises(TooLarge):
        part_by_weight(1, np.array([2**61, 2**61]), np.array([1, 2]))
    with pytest.raises(TooLarge):
        part_by_weight(2**62, np.array([1]), np.array([1]))


@given(values=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6))
def test_a_sum_is_exact_in_any_size(values: list[int]) -> None:
    assert exact_sum(np.array(values, np.int64)) == sum(values)
