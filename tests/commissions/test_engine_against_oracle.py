"""Engine and oracle answer the same questions, and agree on every figure.

`ORACLE_CASES=200000 pytest tests/commissions/test_engine_against_oracle.py` compares as many
random cases as it says, and lets hypothesis look for as long in proportion; a test run compares
2,000. Case number 7 is the same case everywhere and always.
"""

import os
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissions.engine import EngineError, reverse_lines
from commissions.engine.money import Rounding
from tests.oracle.cases import Case, case_of, draw_case
from tests.oracle.comparing import compare, differences, oracle_says
from tests.oracle.engine_side import Question, ask
from tests.oracle.money import ROUNDINGS
from tests.oracle.reading import read_plan
from tests.oracle.returns import taken_back

CASES = int(os.environ.get("ORACLE_CASES", "2000"))
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_engine_agrees_with_the_oracle_on_numbered_cases(part: int) -> None:
    for number in range(part, CASES, PARTS):
        case = case_of(number)

        found = compare(case)

        assert found == [], f"case {number}\n{case}"


@settings(max_examples=CASES // 20, derandomize=True, database=None, deadline=None)
@given(st.builds(draw_case, st.randoms(use_true_random=False)))
def test_engine_agrees_with_the_oracle_on_the_smallest_case_that_hypothesis_finds(
    case: Case,
) -> None:
    assert compare(case) == [], str(case)


@pytest.mark.parametrize("power", [4, 11, 14, 15])
def test_enormous_figures_are_paid_exactly_or_refused(power: int) -> None:
    agreed, refused = 0, 0
    for number in range(CASES // 10):
        case = case_of(number)
        times = [
            replace(sale, pv=sale.pv * 10**power, cv=sale.cv * 10**power) for sale in case.sales
        ]
        case = replace(case, sales=times)
        try:
            answer = ask(Question(case))
        except EngineError:
            refused += 1
            continue

        assert differences(oracle_says(case), answer) == [], f"case {number}\n{case}"
        agreed += bool(answer.lines)

    assert agreed > 0
    assert refused > 0 or power == 4


def test_numbered_cases_reach_every_option_at_least_fifty_times() -> None:
    reached: Counter[object] = Counter()

    for number in range(2000):
        reached.update(options_that_pay(case_of(number)))

    assert {option: reached[option] for option in OPTIONS if reached[option] < 50} == {}


OPTIONS = [
    *((mode, to) for mode in ("none", "inactive", "dynamic") for to in ("ranks", "everybody")),
    *((mode, decimals) for mode in ROUNDINGS for decimals in (0, 2, 3)),
    *((mode, "a half") for mode in ROUNDINGS),
    *(("level", level) for level in (1, 2, 3)),
    *(("rule", rule) for rule in range(1, 8)),
    *("PV pays", "CV pays", "negative", "rounds to zero", "a customer counted", "rank by hand"),
]


def options_that_pay(case: Case) -> set[object]:
    """Return what of the language plays a part in this case's lines."""
    plan, answer = read_plan(case.plan_text), oracle_says(case)
    mode = next(name for name, rounded in ROUNDINGS.items() if rounded is plan.rounded)
    bonuses = {bonus.name: bonus for bonus in plan.bonuses}
    reached: set[object] = {("rule", met.rule) for way in answer.met.values() for met in way}
    for line in answer.lines:
        bonus = bonuses[line.bonus]
        exactly = line.base * plan.point_value * line.rate * 10**plan.decimals
        reached |= {(bonus.compression, "everybody" if None in bonus.rates else "ranks")}
        reached |= {(mode, plan.decimals), ("level", line.level), f"{bonus.pays_on} pays"}
        reached |= {(mode, "a half")} if exactly.denominator == 2 else set()
        reached |= {"negative"} if line.amount < 0 else set()
        reached |= {"rounds to zero"} if line.amount == 0 else set()
        reached |= {"rank by hand"} if case.network[line.earner].rank_by_hand else set()
        if any(answer.standings[line.earner].customers.values()):
            reached |= {"a customer counted"}
    return reached


ENGINE_ROUNDING = {
    "half away from zero": Rounding.HALF_AWAY,
    "half to even": Rounding.HALF_EVEN,
    "toward zero": Rounding.TOWARD_ZERO,
}


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_late_returns_take_back_the_same_in_parts_and_the_whole_at_last(mode: str) -> None:
    dice = Random(mode)  # noqa: S311 - the same dice every time are what we want
    for _ in range(CASES // 4):
        sign = dice.choice([1, 1, 1, -1])
        base, amount = sign * dice.randint(1, 60), sign * dice.randint(0, 40)
        parts = [sign * dice.randint(0, 25) for _ in range(dice.randint(1, 5))]

        takes = taken_back(ROUNDINGS[mode], Fraction(base), amount, [Fraction(p) for p in parts])

        assert [-change for change in changes(base, amount, parts, mode)] == takes
        assert sum(takes) == amount or abs(sum(parts)) < abs(base)


def changes(base: int, amount: int, parts: list[int], mode: str) -> list[int]:
    """Return by how much the engine changes a line at each return of a part of its base."""
    changed: list[int] = []
    for number in range(len(parts)):
        returned = sum(parts[: number + 1])
        change = reverse_lines(
            [base],
            [amount],
            returned=[returned],
            reversed_already=[sum(changed)],
            rounding=ENGINE_ROUNDING[mode],
        )
        changed.append(int(change[0]))
    return changed
