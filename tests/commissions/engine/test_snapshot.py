"""What is refused at the engine's door, and what it makes of returns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commissions.engine import (
    BadNetwork,
    BadSnapshot,
    EngineError,
    TooLarge,
    calculate_run,
    make_snapshot,
    order_network,
)
from commissions.engine.plan import SaleFigure, TreeKind, UnilevelRule, Whose
from commissions.engine.plan.words import Compression
from commissions.engine.snapshot import Carried, Placement, PostedPay
from tests.commissions.engine.plans import BINARY, CV, build_plan, rates, tree

GOOD: dict[str, Any] = {
    "member": [1, 2], "sponsor": [-1, 0], "enroller": [-1, 0], "joined": [0, 1],
    "flags": [31, 31], "rank_override": [-1, -1], "market": [0, 0], "holder": [1, 1],
    "sale": [1, 2], "seller": [0, 1], "own": [True, False], "customer": [-1, 9],
    "columns": {"pv": [100, 100], "cv": [100, 100]}, "returns": [-1, -1],
}  # fmt: skip


def ints(*values: int, dtype: type[np.integer[Any]] = np.int32) -> Any:
    return np.array(values, dtype)


@pytest.mark.parametrize(
    ("column", "values", "error", "words"),
    [
        ("member", [1, 1], BadSnapshot, "1 stands twice"),
        ("member", [-1, 1], BadSnapshot, "negative"),
        ("member", [[1, 2]], BadSnapshot, "one column of 1 values"),
        ("sponsor", [-1, 2], BadSnapshot, "row 1 holds 2, which is not from -1 to 1"),
        ("sponsor", [-1, 0, 1], BadSnapshot, "one column of 2 values"),
        ("enroller", [-2, 0], BadSnapshot, "enroller: row 0"),
        ("flags", [31, 32], BadSnapshot, "flags: row 1"),
        ("flags", [31, 300], BadSnapshot, "does not fit uint8"),
        ("market", [-1, 0], BadSnapshot, "market: row 0"),
        ("rank_override", [-2, -1], BadSnapshot, "rank_override: row 0"),
        ("sale", [2, 2], BadSnapshot, "2 stands twice"),
        ("seller", [0, 2], BadSnapshot, "seller: row 1"),
        ("own", [1, 0], BadSnapshot, "true or false are wanted"),
        ("customer", [-1, -1], BadSnapshot, "sale 2"),
        ("customer", [3, 9], BadSnapshot, "sale 1"),
        ("first", [1, 0], BadSnapshot, "first: true or false"),
        ("age_days", [2**40, 0], BadSnapshot, "does not fit int32"),
        ("columns", {"pv": [1.5, 2.5]}, BadSnapshot, "pv: integers are wanted, not float64"),
        ("columns", {"pv": [1]}, BadSnapshot, "pv: one column of 2 values"),
        ("columns", {"sv": [2**61, 2**61]}, TooLarge, "sv: all volumes together leave 64 bits"),
        ("columns", {"pv": [-(2**63), 0]}, TooLarge, "pv: all volumes together leave 64 bits"),
        ("returns", [-1, 7], BadSnapshot, "there is no sale 7"),
        ("placements", {"b": Placement(ints(-1, 2), ints(0, 1))}, BadSnapshot, "b.parent: row 1"),
        ("placements", {"b": Placement(ints(-1), ints(0))}, BadSnapshot, "b.parent: 2 values"),
        (
            "carried",
            Carried(("lifetime.PV",), ints(0), ints(2), ints(-1), ints(5, dtype=np.int64)),
            BadSnapshot,
            "carried: row 0 holds 2",
        ),
        (
            "posted",
            PostedPay(ints(0), ints(-1), ints(5, dtype=np.int64)),
            BadSnapshot,
            "posted: row 0 holds -1",
        ),
    ],
)
def test_a_bad_column_is_refused(
    column: str, values: Any, error: type[EngineError], words: str
) -> None:
    with pytest.raises(error, match=words):
        make_snapshot(**{**GOOD, column: values})


def test_what_is_left_out_is_the_simplest() -> None:
    snapshot = make_snapshot(member=[7, 9], sponsor=[-1, 0])

    assert snapshot.enroller.tolist() == [-1, 0]
    assert snapshot.flags.tolist() == [31, 31]
    assert len(set(snapshot.holder.tolist())) == 2
    assert len(snapshot.sale) == 0


def test_a_rank_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(BadSnapshot, match="no rank number 7"):
        calculate_run(make_snapshot(**{**GOOD, "rank_override": [-1, 7]}), build_plan())


def test_a_column_that_the_plan_asks_for_must_be_there() -> None:
    plan = build_plan(figures=[SaleFigure("SV", 2, Whose.BOTH)], columns=("pv", "cv", "sv"))

    with pytest.raises(BadSnapshot, match="asks for the column sv"):
        calculate_run(make_snapshot(**GOOD), plan)


def test_a_tree_that_the_plan_asks_for_must_be_there_and_be_one() -> None:
    rule = UnilevelRule(
        name="U", pays_on=CV, tree=BINARY, compression=Compression.NONE, rates=rates(10_000)
    )
    plan = build_plan(rule, trees=[tree("binary", TreeKind.BINARY, 2)])
    around = {"binary": Placement(ints(1, 0), ints(1, 1))}

    with pytest.raises(BadNetwork, match="no places in the tree binary"):
        calculate_run(make_snapshot(**GOOD), plan)
    with pytest.raises(BadNetwork, match="in the tree binary: row 0 is among its own upline"):
        calculate_run(make_snapshot(**GOOD, placements=around), plan)


def test_circles_are_refused_when_the_network_is_ordered() -> None:
    snapshot = make_snapshot(**{**GOOD, "sponsor": [1, 0]})

    with pytest.raises(BadNetwork):
        order_network(snapshot.member, snapshot.sponsor)


def test_nobody_and_nothing_is_a_run_too() -> None:
    rule = UnilevelRule(name="U", pays_on=CV, compression=Compression.NONE, rates=rates(10_000))

    result = calculate_run(
        make_snapshot(member=[], sponsor=[], columns={"pv": [], "cv": []}), build_plan(rule)
    )

    assert result.total == 0
    assert len(result.member) == 0


def test_returns_are_taken_off_their_sales_and_make_no_rows() -> None:
    columns = {"cv": [-30, 100, -60], "pv": [-100, 100, 0]}
    snapshot = make_snapshot(
        **{**GOOD, "sale": [2, 1, 3], "columns": columns, "returns": [1, -1, 1],
           "own": [False] * 3, "customer": [9] * 3, "seller": [0, 1, 0],
           "age_days": [1, 2, 3], "late": [False] * 3}
    )  # fmt: skip

    assert snapshot.sale.tolist() == [1]
    assert snapshot.columns["cv"].tolist() == [10]
    assert snapshot.columns["pv"].tolist() == [0]
    assert (snapshot.seller.tolist(), snapshot.age_days.tolist()) == ([1], [2])


def test_a_return_of_a_return_is_refused() -> None:
    given = {**GOOD, "own": [True, True], "customer": [-1, -1], "returns": [2, 1]}

    with pytest.raises(BadSnapshot, match="there is no sale 2"):
        make_snapshot(**given)


def test_a_period_in_which_columns_are_replaced_is_looked_at_anew() -> None:
    period = make_snapshot(
        member=[1], sponsor=[-1], sale=[5], seller=[0], own=[True], customer=[-1],
        columns={"pv": [100], "cv": [100]},
    )  # fmt: skip

    assert period.calm
    assert make_snapshot(member=[1], sponsor=[-1], pays=[], late=[]).calm
    for name, value in (("pays", False), ("counts", False), ("late", True)):
        changed: dict[str, Any] = {name: np.array([value])}
        assert not replace(period, **changed).calm
