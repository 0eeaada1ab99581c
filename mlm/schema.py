"""How the API describes itself: OpenAPI 3.1, every operation with the problems it may answer."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class ProblemSchema(AutoSchema):
    """Describes an operation together with its problems."""
