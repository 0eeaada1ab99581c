"""docs/api.md is true: its commands are run, and their answers have the shape it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from commissions.services.refreshing import refresh_period
from tests.api.calling import Caller, just_now, order_of
from tests.api.test_members import PLAN_WITH_RANKS
from tests.factories import Cast, make_month, make_order

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
MARK = "===="


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_guide_work_and_answer_as_it_shows(
    live_server: LiveServer, shop: Caller, cast: Cast, tmp_path: Path
) -> None:
    month = make_month(PLAN_WITH_RANKS, at=timezone.now())
    make_order(cast.dora, paid_at=just_now())
    refresh_period(month)
    commands = [text for kind, mark, text in BLOCKS if kind == "sh" and mark != "setup"]
    script = f"\nprintf '\\n{MARK}\\n'\n".join(commands)

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607  (found on the path, as by readers)
        cwd=tmp_path,
        env={
            "PATH": f"{_programs(tmp_path)}{os.pathsep}{os.environ['PATH']}",
            "UPLINE": live_server.url,
            "KEY": shop.key,
            "REFERRAL_CODE": cast.dora.referral_code,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    answers = [json.loads(text) for text in ran.stdout.split(MARK) if text.strip()]
    shown = _answers_shown()
    assert len(answers) == len(shown) == 10
    for answer, example in zip(answers, shown, strict=True):
        assert example is None or _shape(answer) == _shape(example)


def _programs(folder: Path) -> Path:
    """Return a folder with a curl of our own where the machine has none, else an empty one."""
    programs = folder / "programs"
    programs.mkdir()
    if not shutil.which("curl"):
        ours = programs / "curl"
        stand_in = Path(__file__).with_name("curl_stand_in.py")
        ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{stand_in}" "$@"\n', encoding="utf-8")
        ours.chmod(0o755)
    return programs


def _answers_shown() -> list[Any]:
    """Return the answer that stands right after each command; None where there is none."""
    shown: list[Any] = []
    for kind, mark, text in BLOCKS:
        if kind == "sh" and not mark:
            shown.append(None)
        elif kind == "json" and not mark:
            shown[-1] = json.loads(text)
    return shown


def _shape(value: Any) -> Any:
    """Return names and kinds of a value: of a list, that of its first row."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value[:1]]
    return type(value).__name__


def test_the_problem_of_the_guide_is_the_one_that_is_answered(shop: Caller, cast: Cast) -> None:
    (shown,) = [json.loads(text) for kind, mark, text in BLOCKS if mark == "problem"]
    body = order_of(cast.dora, ordered_at="2026-11-20", lines=[{"sku": "COFFEE", "quantity": 0}])

    answer = shop.post("/orders", body).json()

    assert answer | {"request_id": ""} == shown | {"request_id": ""}
