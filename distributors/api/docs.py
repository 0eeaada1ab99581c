"""How the API describes members."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter, extend_schema

from accounts.api.docs import answered
from distributors.api.serializers import MemberOut

MEMBER_CODE: Final = OpenApiParameter(
    "code",
    {"type": "string", "pattern": "^[0-9A-Z]{1,12}$"},
    OpenApiParameter.PATH,
    description="The member's code.",
)
SHOW_MEMBER: Final = extend_schema(
    operation_id="show_member",
    tags=["Members"],
    summary="Show a member",
    description="What others may know of a member: no contact, no orders, no earnings.",
    parameters=[MEMBER_CODE],
    responses={200: MemberOut},
    examples=[
        answered(
            "a distributor",
            {
                "code": "H4T8W3ZB",
                "name": "Dora D.",
                "role": "distributor",
                "status": "active",
                "market": "US",
                "sponsor": "B9C2R6YK",
                "joined_at": "2026-01-05T12:00:00Z",
            },
        )
    ],
)
