"""Python in a process of its own, so that nothing is warm that would not be, nor memory shared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.machine import ROOT


class ChildFailed(Exception):
    """A process that was started failed; with a large size, for lack of memory."""


def said(*arguments: str, environment: Mapping[str, str] = os.environ) -> str:
    """Run Python with these arguments; return what it printed. `ChildFailed` if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = f"{done.stdout[-2000:]}{done.stderr[-4000:]}"
        raise ChildFailed(f"{' '.join(arguments)} failed:\n{told}")
    return done.stdout


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of manage.py; return what it printed."""
    return said("manage.py", *arguments, environment=environment)


def step(environment: Mapping[str, str], name: str, *given: str) -> dict[str, Any]:
    """Run a step of `bench.stages`; return what it tells."""
    told: dict[str, Any] = json.loads(
        said("-m", "bench.stages", name, *given, environment=environment)
    )
    return told
