"""Tree primitives on random trees, on chains as deep as the network, and on what is no tree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import BadNetwork, order_network, tree
from tests.commissions.engine.networks import sponsors

DEEP = 300_000


@given(st.integers(1, 12).flatmap(lambda size: sponsors(size)))
def test_preorder_puts_sponsors_first_and_downlines_together(above: list[int]) -> None:
    sponsor = np.array(above, np.int32)
    network = order_network(np.arange(len(above)), sponsor)

    downlines = {row: {row} for row in range(len(above))}
    for row in range(len(above)):
        at = above[row]
        while at >= 0:
            downlines[at].add(row)
            at = above[at]
    for row in range(len(above)):
        place = int(network.row[row])
        inside = set(network.order[place : network.end[place]].tolist())
        assert inside == downlines[row]
    assert (network.sponsor < np.arange(len(above))).all()


def test_a_chain_as_deep_as_the_network_is_ordered_and_summed() -> None:
    sponsor = np.where(np.arange(DEEP) == DEEP - 1, -1, np.arange(DEEP) + 1).astype(np.int32)
    network = order_network(np.arange(DEEP), sponsor)

    total = tree.downline_total(network.sponsor, np.ones(DEEP, np.int64))

    assert total[0] == DEEP
    assert tree.depth(network.sponsor)[-1] == DEEP - 1
    assert tree.nearest(network.sponsor, np.arange(DEEP) == 0).max() == 0


def test_a_circle_is_refused_by_the_numbers_of_its_members() -> None:
    with pytest.raises(BadNetwork, match="circle: 10 -> 20 -> 30 -> 10"):
        order_network(np.array([5, 10, 20, 30]), np.array([-1, 2, 3, 1], np.int32))


def test_a_sponsor_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadNetwork, match="row 0 has parent 4"):
        tree.preorder(np.array([4, -1], np.int32))


def test_rows_out_of_order_are_refused() -> None:
    with pytest.raises(BadNetwork):
        tree.check_order(np.array([1, -1], np.int32))
