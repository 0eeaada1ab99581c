"""How the API describes standings."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import extend_schema

from accounts.api.docs import answered
from commissions.api.serializers import StandingIn, StandingOut
from distributors.api.docs import MEMBER_CODE

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
                "rank": "Starter",
                "paid_as": "Starter",
                "next_rank": {
                    "name": "Leader",
                    "requirements": [
                        {
                            "requirement": "GV >= 500",
                            "unit": "points",
                            "have": "412.50",
                            "need": "500.00",
                            "missing": "87.50",
                        }
                    ],
                },
                "earnings": {"amount": "38.25", "currency": "USD"},
            },
        )
    ],
)
