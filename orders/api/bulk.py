"""How many orders are answered: one result each, in their order, and how many of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from mlm.api import problem_details
from mlm.errors import DomainError
from mlm.fields import shown
from orders.api.serializers import RESULTS, OrderBriefOut
from orders.placing import Taken


def bulk_answer(
    outcomes: Sequence[Taken | DomainError | ValidationError], *, request: Request
) -> dict[str, Any]:
    """Return the body: what became of each order, refusals as the problems they are alone."""
    results = [_result(outcome, request) for outcome in outcomes]
    count = Counter(result["result"] for result in results)
    return {**{result: count[result] for result in RESULTS}, "results": results}


def _result(outcome: Taken | DomainError | ValidationError, request: Request) -> dict[str, Any]:
    if isinstance(outcome, Taken):
        return {
            "result": "created" if outcome.is_new else "existing",
            "status": HTTPStatus.CREATED.value if outcome.is_new else HTTPStatus.OK.value,
            "order": shown(OrderBriefOut, outcome.order),
        }
    response = problem_details(outcome, {"request": request})
    if response is None:
        raise outcome
    return {"result": "refused", "status": response.status_code, "problem": response.data}
