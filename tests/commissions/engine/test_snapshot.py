"""What is refused at the engine's door."""

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
    explain_sale,
    lines_of,
    make_snapshot,
    order_network,
)
from commissions.engine.warm import small_plan

GOOD: dict[str, Any] = {
    "member": [1, 2], "sponsor": [-1, 0], "flags": [31, 31], "rank_override": [-1, -1],
    "sale": [1, 2], "seller": [0, 1], "own": [True, False], "customer": [-1, 9],
    "pv": [100, 100], "cv": [100, 100], "returns": [-1, -1],
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "values", "error", "words"),
    [
        ("member", [1, 1], BadSnapshot, "1 stands twice"),
        ("member", [-1, 1], BadSnapshot, "negative"),
        ("member", [[1, 2]], BadSnapshot, "one column of 1 values"),
        ("sponsor", [-1, 2], BadSnapshot, "row 1 holds 2, which is not from -1 to 1"),
        ("sponsor", [-1, 0, 1], BadSnapshot, "one column of 2 values"),
        ("flags", [31, 32], BadSnapshot, "flags: row 1"),
        ("flags", [31, 300], BadSnapshot, "does not fit uint8"),
        ("rank_override", [-2, -1], BadSnapshot, "rank_override: row 0"),
        ("sale", [2, 2], BadSnapshot, "2 stands twice"),
        ("seller", [0, 2], BadSnapshot, "seller: row 1"),
        ("own", [1, 0], BadSnapshot, "true or false are wanted"),
        ("customer", [-1, -1], BadSnapshot, "sale 2"),
        ("customer", [3, 9], BadSnapshot, "sale 1"),
        ("pv", [1.5, 2.5], BadSnapshot, "integers are wanted, not float64"),
        ("cv", [2**61, 2**61], TooLarge, "leave 64 bits"),
        ("pv", [-(2**63), 0], TooLarge, "leaves 64 bits"),
        ("returns", [-1, 7], BadSnapshot, "there is no sale 7"),
    ],
)
def test_a_bad_column_is_refused(
    column: str, values: list[Any], error: type[EngineError], words: str
) -> None:
    with pytest.raises(error, match=words):
        make_snapshot(**{**GOOD, column: values})


def test_a_rank_that_the_plan_does_not_have_is_refused() -> None:
    snapshot = make_snapshot(**{**GOOD, "rank_override": [-1, 7]})

    with pytest.raises(BadSnapshot, match="no rank number 7"):
        calculate_run(snapshot, small_plan())


def test_circles_are_refused_when_the_network_is_ordered() -> None:
    snapshot = make_snapshot(**{**GOOD, "sponsor": [1, 0]})

    with pytest.raises(BadNetwork):
        order_network(snapshot.member, snapshot.sponsor)


def test_amounts_that_could_leave_64_bits_are_refused() -> None:
    snapshot = make_snapshot(**{**GOOD, "cv": [2**60, 2**60]})
    plan = small_plan()

    assert calculate_run(snapshot, plan).total >= 0
    with pytest.raises(TooLarge):
        calculate_run(snapshot, replace(plan, point_num=10**6))


def test_unknown_numbers_are_key_errors() -> None:
    snapshot, plan = make_snapshot(**GOOD), small_plan()
    result = calculate_run(snapshot, plan)

    with pytest.raises(KeyError):
        lines_of(snapshot, plan, result, sale=99)
    with pytest.raises(KeyError):
        lines_of(snapshot, plan, result, earner=99)
    with pytest.raises(KeyError):
        explain_sale(snapshot, plan, result, 99)


def test_nobody_and_nothing_is_a_run_too() -> None:
    result = calculate_run(make_snapshot(member=[], sponsor=[]), small_plan())

    assert result.total == 0
    assert len(result.member) == 0


def test_returns_are_taken_off_their_sales_and_make_no_rows() -> None:
    snapshot = make_snapshot(
        **{**GOOD, "sale": [2, 1], "cv": [-30, 100], "pv": [-100, 100], "returns": [1, -1],
           "own": [False, False], "customer": [9, 9]}
    )  # fmt: skip

    assert snapshot.sale.tolist() == [1]
    assert snapshot.cv.tolist() == [70]
    assert snapshot.pv.tolist() == [0]
    assert np.array_equal(snapshot.seller, [1])
