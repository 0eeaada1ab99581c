"""A run on two cores, with trees that are in order already, finds the same to the last byte."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from commissions.engine import (
    BooksBroken,
    Snapshot,
    calculate_run,
    cores,
    make_snapshot,
    order_network,
    order_trees,
    result_digest,
)
from commissions.engine.run import Stage
from commissions.engine.sales import arrange_sales
from tests.oracle.drawing.cases import case_of
from tests.oracle.lab_side import lab_outcomes

CASES = range(40, 80)


def digests() -> list[str]:
    return [
        result_digest(outcome.result)
        for number in CASES
        for outcome in lab_outcomes(case_of(number))
    ]


def test_two_cores_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = digests()
    monkeypatch.setattr(cores, "MANY", 0)

    assert digests() == alone


def test_trees_in_order_already_change_nothing() -> None:
    looked_at = 0
    for number in CASES:
        for outcome in lab_outcomes(case_of(number)):
            snapshot, plan = outcome.snapshot, outcome.plan
            network = order_network(snapshot.member, snapshot.sponsor)
            frames = order_trees(snapshot, network, plan)
            looked_at += len(frames)

            again = calculate_run(snapshot, plan, network, frames)

            assert result_digest(again) == result_digest(outcome.result)
            assert all(again.ground.frames[index] is frames[index] for index in frames)
    assert looked_at


def test_a_run_says_what_it_turns_to_and_ends_when_it_is_told_to() -> None:
    (outcome,) = list(lab_outcomes(case_of(CASES[0])))[:1]
    seen: list[Stage] = []

    calculate_run(outcome.snapshot, outcome.plan, begins=seen.append)

    assert list(dict.fromkeys(seen)) == [stage for stage in Stage if stage in seen]
    assert {Stage.SALES, Stage.FIGURES, Stage.BONUSES, Stage.BOOKS} <= set(seen)

    def cancelled(stage: Stage) -> None:
        if stage == Stage.BONUSES:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calculate_run(outcome.snapshot, outcome.plan, begins=cancelled)


@pytest.mark.parametrize("rows", [0, cores.MANY])
def test_what_a_part_raises_is_raised_where_its_result_is_asked_for(rows: int) -> None:
    def fails() -> None:
        raise BooksBroken("here")

    with cores.Cores(rows) as both:
        failing, fine = both.take_on(fails), both.take_on(lambda: 5)

        assert fine.result() == 5
        with pytest.raises(BooksBroken, match="here"):
            failing.result()


@pytest.mark.parametrize(("rows", "are_many"), [(cores.MANY - 1, False), (cores.MANY, True)])
def test_threads_are_for_large_runs_only(rows: int, *, are_many: bool) -> None:
    with cores.Cores(rows) as both:
        thread = both.take_on(threading.current_thread).result()

    assert (thread is not threading.current_thread()) == are_many


def many_sales(members: int, orders: int) -> Snapshot:
    random = np.random.default_rng(7)
    own = random.random(orders) < 0.5
    seller = random.integers(0, members, orders)
    return make_snapshot(
        member=np.arange(members), sponsor=np.arange(members) - 1,
        sale=random.permutation(orders), seller=seller, own=own,
        customer=np.where(own, -1, members + seller), columns={"pv": random.integers(1, 9, orders)},
        flags=np.where(random.random(members) < 0.1, 31 - 16, 31).astype(np.uint8),
    )  # fmt: skip


@pytest.mark.parametrize("orders", [0, 1, 70_000])
def test_sales_are_grouped_by_owner_and_in_the_order_of_numbers_however_many(orders: int) -> None:
    """So many members that groups are put in order in several steps."""
    snapshot = many_sales(80_000, orders)
    network = order_network(snapshot.member, snapshot.sponsor)

    sales = arrange_sales(snapshot, network)

    keeps = (snapshot.flags[network.order] & 16) != 0
    kept = np.maximum.accumulate(np.where(keeps, np.arange(80_000), -1))
    at = network.row[snapshot.seller]
    owner = np.where(snapshot.own, at, np.where(kept[at] < 0, 80_000, kept[at]))
    expected = np.lexsort((snapshot.sale, ~snapshot.own, owner))
    assert np.array_equal(sales.at, expected)
    assert np.array_equal(sales.owner, owner[expected])
    assert np.array_equal(sales.own, snapshot.own[expected])
    assert np.array_equal(np.diff(sales.start), np.bincount(owner, minlength=80_001))
