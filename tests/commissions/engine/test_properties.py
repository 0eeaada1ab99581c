"""What is true of every run, whatever the network, the sales and the plan."""

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import (
    Flag,
    Outcome,
    Plan,
    Snapshot,
    calculate_run,
    explain_sale,
    lines_of,
    result_digest,
    snapshot_digest,
)
from tests.commissions.engine.networks import plans, snapshots


def shuffled(snapshot: Snapshot, seed: int) -> Snapshot:
    """Return the same facts with rows and sales in another order."""
    random = np.random.default_rng(seed)
    rows = random.permutation(len(snapshot.member))
    place = np.argsort(rows).astype(np.int32)
    sales = random.permutation(len(snapshot.sale))
    sponsor = np.where(snapshot.sponsor < 0, -1, place[snapshot.sponsor]).astype(np.int32)[rows]
    return dataclasses.replace(
        snapshot,
        member=snapshot.member[rows],
        sponsor=sponsor,
        flags=snapshot.flags[rows],
        rank_override=snapshot.rank_override[rows],
        sale=snapshot.sale[sales],
        seller=place[snapshot.seller[sales]],
        own=snapshot.own[sales],
        customer=snapshot.customer[sales],
        pv=snapshot.pv[sales],
        cv=snapshot.cv[sales],
    )


@given(snapshots(), plans(), st.integers(0, 99))
def test_the_same_facts_give_the_same_bytes_in_whatever_order_they_come(
    snapshot: Snapshot, plan: Plan, seed: int
) -> None:
    other = shuffled(snapshot, seed)

    first, second = calculate_run(snapshot, plan), calculate_run(other, plan)

    assert snapshot_digest(snapshot) == snapshot_digest(other)
    assert result_digest(first) == result_digest(second)
    one, two = lines_of(snapshot, plan, first), lines_of(other, plan, second)
    assert all(
        np.array_equal(getattr(one, name), getattr(two, name))
        for name in ("sale", "earner", "bonus", "level", "rate_ppm", "base", "amount")
    )


@given(snapshots(), plans())
def test_the_negative_of_all_sales_takes_back_every_amount(snapshot: Snapshot, plan: Plan) -> None:
    back = dataclasses.replace(snapshot, pv=-snapshot.pv, cv=-snapshot.cv)
    everybody = dataclasses.replace(plan, active=(), ranks=plan.ranks)
    ranks = np.maximum(snapshot.rank_override, 0)
    snapshot = dataclasses.replace(snapshot, rank_override=ranks)
    back = dataclasses.replace(back, rank_override=ranks)

    paid = lines_of(snapshot, everybody, calculate_run(snapshot, everybody))
    taken = lines_of(back, everybody, calculate_run(back, everybody))

    assert np.array_equal(paid.sale, taken.sale)
    assert np.array_equal(paid.amount, -taken.amount)


@given(snapshots(), plans())
def test_volume_is_conserved_by_those_who_keep_it(snapshot: Snapshot, plan: Plan) -> None:
    flags = np.full(len(snapshot.member), int(Flag.ALL), np.uint8)
    snapshot = dataclasses.replace(snapshot, flags=flags)

    result = calculate_run(snapshot, plan)

    tops = result.network.sponsor < 0
    assert result.standings.pv.sum() == snapshot.pv.sum()
    assert result.standings.cv.sum() == snapshot.cv.sum()
    assert result.standings.gv[tops].sum() == snapshot.pv.sum()


@given(snapshots(), plans())
def test_without_sales_nobody_is_paid(snapshot: Snapshot, plan: Plan) -> None:
    nothing = np.zeros_like(snapshot.pv)

    result = calculate_run(dataclasses.replace(snapshot, pv=nothing, cv=nothing), plan)

    assert result.total == 0
    assert len(result.earnings.earner) == 0


@given(snapshots(), plans())
def test_lines_of_a_sale_and_of_an_earner_are_those_among_all(
    snapshot: Snapshot, plan: Plan
) -> None:
    result = calculate_run(snapshot, plan)
    everything = lines_of(snapshot, plan, result)

    for sale in snapshot.sale[:3]:
        some = lines_of(snapshot, plan, result, sale=int(sale))
        assert np.array_equal(some.amount, everything.amount[everything.sale == sale])
        assert np.array_equal(some.earner, everything.earner[everything.sale == sale])
    for row in range(min(3, len(snapshot.member))):
        some = lines_of(snapshot, plan, result, earner=int(result.member[row]))
        assert np.array_equal(some.amount, everything.amount[everything.earner == row])
        assert np.array_equal(some.sale, everything.sale[everything.earner == row])
    parts = [
        lines_of(snapshot, plan, result, rows=range(row, row + 2)).amount
        for row in range(0, len(snapshot.member), 2)
    ]
    assert np.array_equal(np.concatenate(parts), everything.amount)
    assert int(everything.amount.sum()) == result.total


@given(snapshots(), plans())
def test_an_explanation_pays_exactly_the_lines_of_the_sale(snapshot: Snapshot, plan: Plan) -> None:
    result = calculate_run(snapshot, plan)

    for sale in map(int, snapshot.sale):
        told = {
            (met.member, met.bonus, met.level, met.rate_ppm, met.base, met.amount)
            for met in explain_sale(snapshot, plan, result, sale)
            if met.outcome == Outcome.PAID and met.rate_ppm
        }
        lines = lines_of(snapshot, plan, result, sale=sale)
        assert told == {
            (int(result.member[earner]), bonus, level, rate, base, amount)
            for earner, bonus, level, rate, base, amount in zip(
                lines.earner.tolist(), lines.bonus.tolist(), lines.level.tolist(),
                lines.rate_ppm.tolist(), lines.base.tolist(), lines.amount.tolist(), strict=True,
            )
        }  # fmt: skip


@given(snapshots(), plans())
def test_somebody_new_who_does_nothing_changes_nobodys_pay(snapshot: Snapshot, plan: Plan) -> None:
    one_more = dataclasses.replace(
        snapshot,
        member=np.append(snapshot.member, 7),
        sponsor=np.append(snapshot.sponsor, np.int32(0)),
        flags=np.append(snapshot.flags, np.uint8(31)),
        rank_override=np.append(snapshot.rank_override, np.int16(-1)),
    )

    before, after = calculate_run(snapshot, plan), calculate_run(one_more, plan)

    assert before.total == after.total
    assert sorted(before.member[before.earnings.earner].tolist()) == sorted(
        after.member[after.earnings.earner].tolist()
    )
