"""Requests that nobody would write, made from the description: no 5xx, no breach of the schema.

Each operation gets `API_FUZZ_EXAMPLES` requests, few and always the same by default. 10,000 in all:

    API_FUZZ_EXAMPLES=1250 ./upline test tests/api/test_fuzz.py
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, GenerationMode, checks
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from mlm.wsgi import application
from tests.api.calling import Caller, just_now, order_of, written
from tests.factories import Cast

EXAMPLES: Final = int(os.environ.get("API_FUZZ_EXAMPLES") or 10)
FILE: Final = Path(__file__).parents[2] / "docs" / "openapi.yaml"
# A body may fit its schema and still be refused: codes nobody has, times in the future, and a
# customer in the wrong currency cannot be told from its form.
BEYOND_A_SCHEMA: Final[list[Any]] = [positive_data_acceptance]
# In bulk a wrong order is refused in its place, and the request as a whole is answered 200
IN_BULK: Final[list[Any]] = [negative_data_rejection]

checks.load_all_checks()
description = schemathesis.openapi.from_dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))
description.app = application
description.config.generation.update(with_security_parameters=False)  # the key is always right


@pytest.fixture
def known(shop: Caller, cast: Cast, settings: Any) -> Iterator[dict[str, Any]]:
    """Return what exists, so that not every request ends at something unknown.

    Requests share the test's connection, as those of Django's own test client do.
    """
    settings.API_REQUESTS_PER_MINUTE = 10**9
    body = order_of(cast.dora, paid_at=written(just_now()))
    found = {
        "key": shop.key,
        "order": shop.post("/orders", body).json()["code"],
        "member": cast.dora.code,
        "moment": body["ordered_at"],
    }
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield found
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@description.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="API_FUZZ_EXAMPLES" not in os.environ,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_api(case: Case[Any], known: dict[str, Any]) -> None:
    if case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE:
        _make_likely(case, known)

    beyond = BEYOND_A_SCHEMA + (IN_BULK if case.path.endswith("/bulk") else [])
    case.call_and_validate(
        headers={"Authorization": f"Bearer {known['key']}"}, excluded_checks=beyond
    )


def _make_likely(case: Case[Any], known: dict[str, Any]) -> None:
    """Let most requests name an order, member and product that exist, at a time that may be."""
    luck = random.Random(repr(case.body) + repr(case.path_parameters))  # noqa: S311  (no secret)
    if case.path_parameters and luck.random() < 0.8:
        name = "order" if "/orders/" in case.path else "member"
        case.path_parameters["code"] = known[name]
    if isinstance(case.body, dict):
        for field, value in (
            ("buyer", known["member"]),
            ("ordered_at", known["moment"]),
            ("paid_at", known["moment"]),
            ("returned_at", known["moment"]),
        ):
            if isinstance(case.body.get(field), str) and luck.random() < 0.8:
                case.body[field] = value
        lines = case.body.get("lines")
        for line in lines if isinstance(lines, list) else []:
            if isinstance(line, dict) and isinstance(line.get("sku"), str) and luck.random() < 0.8:
                line["sku"] = "COFFEE"
