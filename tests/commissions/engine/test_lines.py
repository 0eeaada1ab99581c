"""Single lines: all of them, those of one earner, and parts that are all together."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from commissions.engine import BooksBroken, RunResult
from commissions.engine.earned import Evidence
from commissions.engine.lines import Lines, lines_of
from commissions.engine.plan import (
    BonusRule,
    Cap,
    Compression,
    Deduction,
    DifferentialRule,
    GenerationRule,
    InfinityRule,
    Leaders,
    MatchingRule,
    PersonalRule,
    PlanCap,
    RoundAt,
    UnilevelRule,
)
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    EVE,
    FINN,
    GINA,
    SILVER,
    plan_of,
    run,
    told,
)
from tests.commissions.engine.plans import CV, by_rank, has_rank, rates

LINE = [0, ALICE, BOB, CARL, ALICE, EVE, EVE]
"""Alice > Bob > Carl > Dora; Alice > Eve > Finn, Gina, who does nothing."""
NAMES = [field.name for field in fields(Lines)]
LEADERS = Leaders((has_rank(BRONZE),))

BONUSES: list[BonusRule] = [
    UnilevelRule(
        name="Unilevel", pays_on=CV, compression=Compression.INACTIVE, of_the_tree=True,
        rates=rates(100_000, 50_000, 20_000), cap=Cap(per_earner=rates(300, money=True)),
    ),
    DifferentialRule(
        name="Differential", pays_on=CV, rates=by_rank([20_000], [50_000], [80_000]),
        round_at=RoundAt.BONUS,
    ),
    GenerationRule(
        name="Generation", pays_on=CV, leaders=LEADERS, rates=rates(50_000, 30_000),
        own_group=rates(10_000), guarantee=100_000,
    ),
    InfinityRule(name="Infinity", pays_on=CV, rates=rates(10_000), begins=2),
    PersonalRule(name="Retail", pays_on=CV, rates=rates(100_000), customers_only=True),
    MatchingRule(
        name="Matching", of=(0, 4), compression=Compression.NONE, rates=rates(100_000, 50_000)
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def result() -> RunResult:
    plan = plan_of(
        *BONUSES, cap=PlanCap(inside=(0, 1, 2, 3, 4, 5), payout=2000),
        deductions=[Deduction("Tax", 100_000)],
    )  # fmt: skip
    sales = [(FINN, 0, 33), (DORA, ANN, 17), (DORA, 0, 25), (CARL, 0, -3), (BOB, ANN, 9),
             (EVE, 0, 41), (DORA, ANN, 8)]  # fmt: skip
    return run(plan, LINE, sales, ranks={BOB: BRONZE, CARL: SILVER, EVE: BRONZE}, pv={CARL: 0})


def columns(lines: Lines) -> dict[str, Any]:
    return {name: getattr(lines, name).tolist() for name in NAMES}


def test_every_bonus_cap_and_deduction_has_lines(result: RunResult) -> None:
    assert set(lines_of(result).bonus.tolist()) == set(range(len(result.ground.plan.pays)))


def test_the_lines_of_each_earning_sum_to_it(result: RunResult) -> None:
    lines, earnings = lines_of(result), result.earnings
    first = np.concatenate([[0], np.cumsum(earnings.lines)])

    assert len(lines.amount) == first[-1]
    for at in range(len(earnings.earner)):
        here = slice(first[at], first[at + 1])
        assert lines.amount[here].sum() == earnings.amount[at]
        assert lines.base[here].sum() == earnings.base[at]
        for name in ("earner", "bonus", "level", "rate_ppm"):
            assert set(getattr(lines, name)[here].tolist()) == {int(getattr(earnings, name)[at])}
    assert int(lines.amount.sum()) == result.total


def test_the_lines_of_one_earner_are_those_among_all(result: RunResult) -> None:
    everything = lines_of(result)

    for member in result.member.tolist():
        here = result.member[everything.earner] == member
        expected = {name: getattr(everything, name)[here].tolist() for name in NAMES}
        assert columns(lines_of(result, earner=member)) == expected


@pytest.mark.parametrize("size", [1, 2, 4, 100])
def test_parts_in_order_are_all_lines(result: RunResult, size: int) -> None:
    parts = [
        columns(lines_of(result, rows=range(begin, begin + size)))
        for begin in range(0, len(result.member), size)
    ]

    everything = columns(lines_of(result))
    assert {name: [v for part in parts for v in part[name]] for name in NAMES} == everything


def test_lines_are_in_the_order_of_earner_bonus_level_and_rate(result: RunResult) -> None:
    lines = lines_of(result)

    order = np.lexsort((-lines.rate_ppm, lines.level, lines.bonus, lines.earner))
    assert order.tolist() == list(range(len(lines.earner)))


def test_the_evidence_of_a_line_is_a_sale_or_somebodys_earnings(result: RunResult) -> None:
    lines = lines_of(result)
    on_sales = np.isin(lines.bonus, [0, 1, 3, 4]) | ((lines.bonus == 2) & (lines.rate_ppm > 0))

    assert set(lines.evidence[on_sales].tolist()) == {int(Evidence.SALE)}
    assert set(lines.evidence[~on_sales].tolist()) == {int(Evidence.EARNINGS)}
    assert set(lines.source[on_sales].tolist()) <= set(result.ground.snapshot.sale.tolist())
    assert set(lines.source[~on_sales].tolist()) <= set(result.member.tolist())


def test_somebody_unknown_is_a_key_error(result: RunResult) -> None:
    with pytest.raises(KeyError):
        lines_of(result, earner=99)


def test_who_earns_nothing_has_no_lines(result: RunResult) -> None:
    assert told(result) != []
    assert columns(lines_of(result, earner=GINA)) == {name: [] for name in NAMES}


def test_lines_that_do_not_add_up_are_refused(result: RunResult) -> None:
    """Somebody has changed a sum."""
    amount = result.earnings.amount.copy()
    amount[0] += 1
    changed = replace(result, earnings=replace(result.earnings, amount=amount))

    with pytest.raises(BooksBroken, match="lines of Unilevel do not add up"):
        lines_of(changed)
