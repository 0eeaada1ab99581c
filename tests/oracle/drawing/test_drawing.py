"""Drawing is the same every time, and what is drawn can be written down and read again."""

import hashlib
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle.cases import oracle_answers
from tests.oracle.drawing.case import Case
from tests.oracle.drawing.cases import case_of
from tests.oracle.saving import read_case, text_of, told
from tests.oracle.shrinking import Shrinking

ROOT = Path(__file__).parents[3]
DIGEST = """
import hashlib
from tests.oracle.drawing.cases import case_of
print(hashlib.sha256(repr([case_of(seed) for seed in range(30)]).encode()).hexdigest())
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_number_draws_the_same_case_in_every_process(hash_seed: str) -> None:
    ours = hashlib.sha256(repr([case_of(seed) for seed in range(30)]).encode()).hexdigest()

    theirs = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert theirs.stdout.strip() == ours


@pytest.mark.parametrize("seed", range(12))
def test_a_case_that_is_written_down_says_the_same_when_it_is_read(seed: int) -> None:
    case = case_of(seed)
    answers = [told(answer) for _, answer in oracle_answers(case)]

    again, says = read_case(text_of(case, "why"))

    assert says == answers
    assert [told(answer) for _, answer in oracle_answers(again)] == answers


def test_most_cases_pay_something() -> None:
    answers = [[answer for _, answer in oracle_answers(case_of(seed))] for seed in range(100)]

    paying = [any(answer.lines for answer in some) for some in answers]

    assert sum(paying) >= 75


def test_a_failing_case_is_made_small() -> None:
    """Somebody buys at least 10 points, a bonus is there: nothing else is needed to fail."""

    def fails(case: Case) -> bool:
        bought = max((row.figures.get("pv", Fraction(0)) for row in case.sales), default=0)
        return bought >= 10 and bool(case.plan.get("bonus"))

    case = next(case for seed in range(50) if fails(case := case_of(seed)))

    small = Shrinking(case, fails).smallest()

    assert fails(small)
    assert (len(small.sales), len(small.people), len(small.state)) == (1, 1, 0)
    assert len(small.plan["bonus"]) == 1
    assert set(small.plan) == {"name", "currency", "cadence", "bonus"}
