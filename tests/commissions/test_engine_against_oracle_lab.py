"""The lab, from files to files: three months with late returns, row by row against the oracle.

`ORACLE_QUARTERS=4000 pytest tests/commissions/test_engine_against_oracle_lab.py` looks longer.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle import months, sales, standings
from tests.oracle.comparing import of_tables
from tests.oracle.lab_side import Month, ask_the_lab
from tests.oracle.model import Line, Member, Network
from tests.oracle.months import (
    Quarter,
    Reversal,
    Row,
    in_order,
    quarter_of,
    what_the_oracle_says,
)
from tests.oracle.period import Answer, earnings_of
from tests.oracle.reading import read_plan

QUARTERS = int(os.environ.get("ORACLE_QUARTERS", "160"))
PARTS = 8

Asked = list[tuple[Quarter, list[Month]]]


def asked_of_the_lab(numbers: Sequence[int], folders: pytest.TempPathFactory) -> Asked:
    asked = []
    for number in numbers:
        quarter = quarter_of(number)
        decimals = read_plan(quarter.plan_text).decimals
        folder = folders.mktemp(f"quarter-{number}")
        asked.append((quarter, ask_the_lab(quarter, folder, decimals)))
    return asked


@pytest.mark.parametrize("part", range(PARTS))
def test_lab_agrees_with_the_oracle_over_three_months(
    part: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for number in range(part, QUARTERS, PARTS):
        ((quarter, written),) = asked_of_the_lab([number], tmp_path_factory)

        assert differences(quarter, written) == [], f"quarter {number}"


def differences(quarter: Quarter, written: list[Month]) -> list[str]:
    return [
        sentence
        for month, (answer, reversals) in zip(written, what_the_oracle_says(quarter), strict=True)
        for sentence in differences_of_a_month(quarter, answer, reversals, month)
    ]


def differences_of_a_month(
    quarter: Quarter, answer: Answer, reversals: list[Reversal], month: Month
) -> list[str]:
    """Compare every file: standings, lines in their order, sums, and the total."""
    plan = read_plan(quarter.plan_text)
    lines = in_order(quarter, plan, [*answer.lines, *(each.line for each in reversals)])
    reverses = {each.line.sale: each.reverses for each in reversals}
    return [
        *of_tables("standing of", answer.standings, month.standings()),
        *of_tables("line", dict(enumerate(lines)), dict(enumerate(month.lines))),
        *of_tables(
            "sale reversed by line",
            {place: reverses.get(line.sale, "") for place, line in enumerate(lines)},
            dict(enumerate(month.reverses)),
        ),
        *of_tables("earning", earnings_of(lines), month.earnings()),
        *of_tables("total", {"": sum(line.amount for line in lines)}, {"": month.total()}),
    ]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Quarters with what the lab wrote of them, of which nothing is wrong."""
    return asked_of_the_lab(range(60), tmp_path_factory)


def each_part_by_itself(
    rounded: Callable[[Fraction], int], base: Fraction, amount: int, parts: Sequence[Fraction]
) -> list[int]:
    return [rounded(amount * part / base) for part in parts]


def all_at_once(
    rounded: Callable[[Fraction], int], base: Fraction, amount: int, parts: Sequence[Fraction]
) -> list[int]:
    return [amount, *(len(parts) - 1) * [0]] if parts else []


def stopping_at_customers(network: Network, member: Member) -> str | None:
    above = member.sponsor
    return None if above is None or network[above].is_customer else above


def in_order_of_sales(quarter: Quarter, plan: object, lines: list[Line]) -> list[Line]:
    rows = [row.sale.id for row in quarter.rows]
    return sorted(lines, key=lambda line: rows.index(line.sale))


Patch = pytest.MonkeyPatch
IN_THE_RULES: dict[str, tuple[Any, str, Any]] = {
    "each part rounded by itself": (months, "taken_back", each_part_by_itself),
    "all taken back at the first part": (months, "taken_back", all_at_once),
    "credit stops at customers": (sales, "distributor_above", stopping_at_customers),
    "groups stop at customers": (standings, "distributor_above", stopping_at_customers),
}


@pytest.mark.parametrize("fault", IN_THE_RULES)
def test_fault_in_a_rule_is_noticed(fault: str, asked: Asked, monkeypatch: Patch) -> None:
    monkeypatch.setattr(*IN_THE_RULES[fault])

    assert any(differences(quarter, written) for quarter, written in asked)


def test_other_order_of_lines_is_noticed(asked: Asked, monkeypatch: Patch) -> None:
    monkeypatch.setitem(globals(), "in_order", in_order_of_sales)

    assert any(differences(quarter, written) for quarter, written in asked)


def is_late(quarter: Quarter, row: Row) -> bool:
    month_of = {each.sale.id: each.month for each in quarter.rows}
    return row.sale.returns is not None and row.month > month_of[row.sale.returns]


def late_returns_forgotten(quarter: Quarter) -> Quarter:
    return replace(quarter, rows=[row for row in quarter.rows if not is_late(quarter, row)])


def late_returns_as_negative_sales(quarter: Quarter) -> Quarter:
    rows = [
        replace(row, sale=replace(row.sale, returns=None)) if is_late(quarter, row) else row
        for row in quarter.rows
    ]
    return replace(quarter, rows=rows)


def months_in_utc(quarter: Quarter) -> Quarter:
    """Take a moment that is written in UTC for one of the company's time."""
    rows = [
        replace(row, month=int(row.at[5:7]) - 1) if row.at.endswith("+00:00") else row
        for row in quarter.rows
    ]
    return replace(quarter, rows=rows)


def everybody_from_the_start(quarter: Quarter) -> Quarter:
    return replace(quarter, joined=dict.fromkeys(quarter.joined, 0))


@pytest.mark.parametrize(
    "overlook",
    [
        late_returns_forgotten,
        late_returns_as_negative_sales,
        months_in_utc,
        everybody_from_the_start,
    ],
)
def test_fault_in_the_facts_is_noticed(
    overlook: Callable[[Quarter], Quarter], asked: Asked
) -> None:
    assert any(differences(overlook(quarter), written) for quarter, written in asked)


def test_nothing_is_noticed_while_nothing_is_wrong(asked: Asked) -> None:
    assert [quarter for quarter, written in asked if differences(quarter, written)] == []
