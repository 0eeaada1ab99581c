"""The same input gives the same bytes in another process, whatever its hashes are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commissions.engine import result_digest
from tests.oracle.drawing.cases import case_of
from tests.oracle.lab_side import lab_outcomes

ROOT = Path(__file__).parents[3]
CASES = (3, 25, 60, 107, 140)
PROBE = f"""
from commissions.engine import result_digest
from tests.oracle.drawing.cases import case_of
from tests.oracle.lab_side import lab_outcomes

for number in {CASES}:
    for outcome in lab_outcomes(case_of(number)):
        print(result_digest(outcome.result))
"""


def test_a_fresh_process_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "7")

    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        result_digest(outcome.result)
        for number in CASES
        for outcome in lab_outcomes(case_of(number))
    ]
