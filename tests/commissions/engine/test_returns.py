"""Late returns: parts cost exactly what the whole does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import BadSnapshot, reverse_lines
from commissions.engine.money import Rounding


@given(
    st.integers(1, 500),
    st.integers(-60, 60),
    st.lists(st.integers(0, 200), max_size=5),
    st.sampled_from(list(Rounding)),
)
def test_parts_that_come_back_take_back_exactly_the_whole(
    base: int, amount: int, parts: list[int], rounding: Rounding
) -> None:
    returned, taken = 0, 0
    for part in [*parts, base]:
        returned = min(base, returned + part)
        change = reverse_lines(
            [base], [amount], returned=[returned], reversed_already=[taken], rounding=rounding
        )
        taken += int(change[0])

    assert taken == -amount


@given(st.integers(1, 500), st.integers(-60, 60), st.integers(0, 500))
def test_the_return_of_a_negative_line_is_the_mirror_of_a_positive_one(
    base: int, amount: int, returned: int
) -> None:
    one = reverse_lines([base], [amount], returned=[returned], reversed_already=[0])
    other = reverse_lines([-base], [-amount], returned=[-returned], reversed_already=[0])

    assert int(one[0]) == -int(other[0])


def test_thirds_of_ten_cents_are_three_four_three() -> None:
    first = reverse_lines([300], [10], returned=[100], reversed_already=[0])
    second = reverse_lines([300], [10], returned=[200], reversed_already=[-3])
    third = reverse_lines([300], [10], returned=[300], reversed_already=[-7])

    assert [first[0], second[0], third[0]] == [-3, -4, -3]


def test_more_than_the_whole_is_the_whole() -> None:
    assert reverse_lines([300], [10], returned=[999], reversed_already=[0])[0] == -10


def test_huge_figures_are_reversed_exactly() -> None:
    taken = reverse_lines([3 * 10**17], [10**18 + 1], returned=[10**17], reversed_already=[0])

    assert taken[0] == -333333333333333334


def test_a_return_of_the_wrong_sign_is_refused() -> None:
    with pytest.raises(BadSnapshot):
        reverse_lines([300], [10], returned=[-1], reversed_already=[0])
