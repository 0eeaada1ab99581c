"""What the descriptions of several operations share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from accounts.api.idempotency import HEADER, LONGEST, REPLAYED

IDEMPOTENCY_KEY: Final = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Any text of your own, new for each new request. The same request sent again with"
    f" the same key has no further effect and gets the same answer, with {REPLAYED}: true.",
    examples=[OpenApiExample("a UUID", "6f1b1f0e-58cb-4a5e-8a4a-0d9b9e2f8d7c")],
)


def sent(name: str, body: Mapping[str, Any]) -> OpenApiExample:
    """Return an example of a body that is sent."""
    return OpenApiExample(name, value=dict(body), request_only=True)


def answered(name: str, body: Mapping[str, Any], *statuses: int) -> OpenApiExample:
    """Return an example of an answer."""
    codes = [str(status) for status in statuses or (200,)]
    return OpenApiExample(name, value=dict(body), response_only=True, status_codes=codes)
