"""Closed unless opened. A file of its own, because the framework's views read it as they load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from typing_extensions import override

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default: a view that does not say who may call it is closed."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return no."""
        return False
