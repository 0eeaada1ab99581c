"""Tree primitives and the network's order: on any shape, against what is slow and plain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import BadNetwork, order_network, tree
from tests.commissions.engine.networks import below, chain, downlines, networks, star

DEEP = 300_000


@given(networks)
def test_preorder_puts_sponsors_first_and_downlines_together(above: list[int]) -> None:
    network = order_network(np.arange(len(above)), np.array(above, np.int32))

    for row, inside in downlines(above).items():
        place = int(network.row[row])
        assert set(network.order[place : network.end[place]].tolist()) == inside
    assert (network.sponsor < np.arange(len(above))).all()


@given(networks)
def test_frontlines_and_tops_are_in_the_order_of_numbers(above: list[int]) -> None:
    member = np.arange(len(above))[::-1] * 10
    network = order_network(member, np.array(above, np.int32))

    for parent in range(-1, len(above)):
        frontline = network.member[network.sponsor == parent].tolist()
        assert frontline == sorted(frontline)


values = st.lists(st.integers(-50, 100), min_size=12, max_size=12)
yes_or_no = st.lists(st.booleans(), min_size=12, max_size=12)


@given(networks, values, yes_or_no)
def test_groups_legs_and_levels_are_what_the_slow_way_says(
    above: list[int], value: list[int], counted: list[bool]
) -> None:
    n = len(above)
    network = order_network(np.arange(n), np.array(above, np.int32))
    parent, amount = network.sponsor, np.array(value[:n], np.int64)
    heads = np.array(counted[:n], np.bool_)

    group = tree.downline_total(parent, amount)

    slow = downlines(parent.tolist())
    assert group.tolist() == [sum(value[at] for at in slow[row]) for row in range(n)]
    legs = [below(parent.tolist(), row, counted) for row in range(n)]
    assert tree.frontline_total(parent, amount, heads).tolist() == [
        sum(value[head] for head in legs[row]) for row in range(n)
    ]
    assert tree.largest_leg(parent, group, heads).tolist() == [
        max([0, *(int(group[head]) for head in legs[row])]) for row in range(n)
    ]
    level, expected = legs, []
    for _ in range(3):
        expected.append([sum(value[at] for at in level[row]) for row in range(n)])
        level = [[far for at in level[row] for far in legs[at]] for row in range(n)]
    assert tree.level_totals(parent, amount, heads, 3).tolist() == expected


@given(networks, yes_or_no)
def test_the_nearest_who_is_kept_is_found_going_up(above: list[int], kept: list[bool]) -> None:
    network = order_network(np.arange(len(above)), np.array(above, np.int32))

    found = tree.nearest(network.sponsor, np.array(kept[: len(above)], np.bool_))

    for row in range(len(above)):
        at = row
        while at >= 0 and not kept[at]:
            at = int(network.sponsor[at])
        assert found[row] == at


def test_a_chain_as_deep_as_the_network_is_ordered_and_summed() -> None:
    bottom_first = np.where(np.arange(DEEP) == DEEP - 1, -1, np.arange(DEEP) + 1).astype(np.int32)
    network = order_network(np.arange(DEEP), bottom_first)

    assert tree.downline_total(network.sponsor, np.ones(DEEP, np.int64))[0] == DEEP
    assert tree.nearest(network.sponsor, np.arange(DEEP) == 0).max() == 0
    assert all(high > low for low, high in pairwise(network.order[::-1][:100].tolist()))


def test_a_star_has_one_frontline() -> None:
    parent, everybody = star(DEEP), np.ones(DEEP, np.bool_)

    assert tree.frontline_total(parent, np.ones(DEEP, np.int64), everybody)[0] == DEEP - 1
    assert tree.downline_end(parent).tolist()[:2] == [DEEP, 2]
    assert tree.downline_end(chain(DEEP)).min() == DEEP


def test_a_circle_is_refused_by_the_numbers_of_its_members() -> None:
    with pytest.raises(BadNetwork, match="circle: 10 -> 20 -> 30 -> 10"):
        order_network(np.array([5, 10, 20, 30]), np.array([-1, 2, 3, 1], np.int32))


def test_of_a_large_circle_a_dozen_are_named() -> None:
    around = np.append(np.arange(1, 100), 0).astype(np.int32)

    with pytest.raises(BadNetwork, match=r"circle: 0 -> 1 -> .* -> 11 -> 0$"):
        order_network(np.arange(100), around)


def test_a_parent_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadNetwork, match="row 0 has parent 4"):
        tree.preorder(np.array([4, -1], np.int32))


def test_rows_out_of_order_are_refused() -> None:
    with pytest.raises(BadNetwork):
        tree.check_order(np.array([1, -1], np.int32))


def test_a_member_is_found_by_number() -> None:
    network = order_network(np.array([30, 10]), np.array([1, -1], np.int32))

    assert network.row_of(30) == 1
    with pytest.raises(KeyError):
        network.row_of(20)
