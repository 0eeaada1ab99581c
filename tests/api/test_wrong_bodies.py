"""Each file of tests/wrong/api is a body that must be refused, with every mistake and its place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orders.models import Order, Return
from tests.api.calling import Caller, just_now, order_of, written
from tests.factories import Cast

FOLDER = Path(__file__).parents[1] / "wrong" / "api"
CASES = sorted(FOLDER.glob("*.json"))


def test_there_are_wrong_bodies() -> None:
    assert len(CASES) > 50


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_wrong_body_is_refused_with_all_its_mistakes(
    shop: Caller, cast: Cast, file: Path
) -> None:
    paid = order_of(cast.dora, external_id="PAID", paid_at=written(just_now()))
    words = {
        "{dora}": cast.dora.code,
        "{order}": shop.post("/orders", paid).json()["code"],
        "{now}": written(just_now()),
        "{tomorrow}": written(just_now() + timedelta(days=1)),
    }
    case = json.loads(file.read_text(encoding="utf-8"))
    body = case["text"] if "text" in case else json.dumps(case["body"])

    answer = shop.post(_filled(case["post"], words), _filled(body, words))

    problem: dict[str, Any] = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["code"]) == (case["status"], case["code"]), problem
    found = [(mistake["pointer"], mistake["code"]) for mistake in problem.get("errors", [])]
    assert found == [(mistake["pointer"], mistake["code"]) for mistake in case.get("errors", [])]
    assert (Order.objects.count(), Return.objects.count()) == (1, 0)


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
