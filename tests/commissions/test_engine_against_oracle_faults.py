"""The comparison can fail: each planted fault is noticed by the drawn cases.

Faults are planted in processes of their own, in which kernels are not compiled
(tests/oracle/planting.py); those of one part share a process.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
PARTS = 8


def test_there_are_enough_faults_and_each_has_a_name_of_its_own() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= 80


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_what_a_fault_changes_stands_in_its_module_once(fault: Fault) -> None:
    path = ROOT / f"{fault.module.replace('.', '/')}.py"

    assert path.read_text(encoding="utf-8").count(fault.old) == 1


@pytest.mark.parametrize("part", range(PARTS))
def test_planted_faults_are_noticed(part: int) -> None:
    names = [fault.what for fault in FAULTS[part::PARTS]]

    told = subprocess.run(
        [sys.executable, "-m", "tests.oracle.planting", *names],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    noticed = {said["what"]: said["noticed"] for said in map(json.loads, told.stdout.splitlines())}
    assert set(noticed) == set(names)
    assert [name for name in names if noticed[name] is None] == []
