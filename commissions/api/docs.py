"""How the API describes standings, and what was missed."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import extend_schema

from accounts.api.docs import IDEMPOTENCY_KEY, answered, sent
from commissions.api.missed import MissedOut
from commissions.api.serializers import StandingIn, StandingOut
from distributors.api.docs import MEMBER_CODE


def _needed(
    phrase: str, *, have: str, need: str, missing: str = "0.00", unit: str = "points"
) -> dict[str, object]:
    """Return a requirement as answers write it."""
    return {
        "requirement": phrase,
        "part_of": phrase,
        "unit": unit,
        "compare": "at_least",
        "met": missing in ("0", "0.00"),
        "have": have,
        "need": need,
        "missing": missing,
    }


_ACTIVE: Final = _needed("active", have="1", need="1", missing="0", unit="yes_or_no")
SHOW_STANDING: Final = extend_schema(
    operation_id="show_standing",
    tags=["Members"],
    summary="Show a member's volumes, rank and earnings",
    description="The figures that the distributor sees, with how far they can be relied on. They"
    " are worked out a moment after an order is paid; `as_of` says which orders are in them.",
    parameters=[MEMBER_CODE, StandingIn],
    responses={200: StandingOut},
    examples=[
        answered(
            "in the middle of a month",
            {
                "member": "H4T8W3ZB",
                "period": {
                    "label": "2026-11",
                    "starts_at": "2026-11-01T00:00:00Z",
                    "ends_at": "2026-12-01T00:00:00Z",
                },
                "state": "estimated",
                "as_of": "2026-11-20T13:06:33.412007Z",
                "active": True,
                "pv": "115.00",
                "gv": "412.50",
                "cv": "80.00",
                "volumes": [
                    {"name": "PV", "points": "115.00"},
                    {"name": "CV", "points": "80.00"},
                    {"name": "GV", "points": "412.50"},
                ],
                "to_be_active": [_needed("PV >= 10", have="115.00", need="10.00")],
                "rank": "Starter",
                "paid_as": "Starter",
                "title": "Starter",
                "highest": "Starter",
                "to_keep": {"name": "Starter", "requirements": [_ACTIVE]},
                "next_rank": {
                    "name": "Leader",
                    "requirements": [
                        _ACTIVE,
                        _needed("GV >= 500", have="412.50", need="500.00", missing="87.50"),
                    ],
                },
                "earnings": {"amount": "38.25", "currency": "USD"},
            },
        )
    ],
)


_PERIOD: Final = {
    "label": "2026-11",
    "starts_at": "2026-11-01T00:00:00Z",
    "ends_at": "2026-12-01T00:00:00Z",
}
_MISSED: Final[dict[str, object]] = {
    "member": "H4T8W3ZB",
    "period": _PERIOD,
    "state": "estimated",
    "answer": "current",
    "as_of": "2026-11-20T13:06:33.412007Z",
    "missed": [
        {
            "bonus": "Team",
            "level": 2,
            "reason": "not_covered",
            "because": None,
            "passed_on": True,
            "base": "320.00",
            "taken_off": None,
            "people": 0,
            "orders": 14,
            "largest": [
                {
                    "order": "or_5f0c2d9a7b1e4c3d8a6f",
                    "at": "2026-11-20T13:05:00Z",
                    "base": "60.00",
                }
            ],
        }
    ],
}
_NONE: Final[dict[str, object]] = _MISSED | {"answer": "none", "as_of": None, "missed": []}
_ASKED: Final[dict[str, object]] = _MISSED | {"answer": "asked", "as_of": None, "missed": []}
SHOW_MISSED: Final = extend_schema(
    operation_id="show_missed",
    tags=["Members"],
    summary="Show what a member did not earn, and why",
    description="What reached the member in a period and was not paid, by bonus, level and reason,"
    " the largest first. A worker looks it up when somebody asks: POST to the same address, and"
    " come again until `answer` is `current`. Looking asks for nothing.",
    parameters=[MEMBER_CODE, StandingIn],
    responses={200: MissedOut},
    examples=[answered("an answer", _MISSED), answered("before anybody asked", _NONE)],
)
ASK_MISSED: Final = extend_schema(
    operation_id="ask_missed",
    tags=["Members"],
    summary="Have what a member did not earn looked up",
    description="Asks a worker, unless there is an answer of the present figures already: then it"
    " comes at once. Asking again while a question is open asks no second time.",
    parameters=[MEMBER_CODE, IDEMPOTENCY_KEY],
    request=StandingIn,
    responses={200: MissedOut, 202: MissedOut},
    examples=[
        sent("the period of today", {}),
        sent("an earlier one", {"period": "2026-10"}),
        answered("there is one already", _MISSED),
        answered("it is being looked up", _ASKED, 202),
    ],
)
