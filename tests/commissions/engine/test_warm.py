"""Warming up compiles everything: plans of every family compile nothing more after it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROBE = """
import pkgutil
from importlib import import_module
from pathlib import Path

import commissions.engine
from commissions.engine import warm_up
from commissions.lab.examples import run_examples


def compiled():
    found = set()
    for part in pkgutil.walk_packages(commissions.engine.__path__, "commissions.engine."):
        for name, kernel in vars(import_module(part.name)).items():
            if getattr(kernel, "__module__", "") == part.name and hasattr(kernel, "signatures"):
                found |= {f"{part.name}.{name}{signature}" for signature in kernel.signatures}
    return found


warm_up()
before = compiled()
for path in [*Path("plans").glob("*.toml"), *Path("tests/oracle/examples").glob("*.toml")]:
    run_examples(path.read_text(encoding="utf-8"))
print(len(before))
for more in sorted(compiled() - before):
    print(more)
"""


def test_no_plan_compiles_anything_after_warming_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    number, *more = done.stdout.splitlines()
    assert int(number) > 50
    assert more == []
