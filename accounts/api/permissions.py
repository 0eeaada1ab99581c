"""What a key may do: each view names one scope for each of its methods, else nobody may."""

from __future__ import annotations

from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from accounts.models import ApiKey


class ScopeMissing(PermissionDenied):
    """The key is right but was not made for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope {scope}.", "scope_missing")
        self.extra = {"scope": scope}
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class HasScope(BasePermission):
    """Lets a key in that has the scope which the view declares for the method."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether there is a key; a key without the scope is told which one it lacks."""
        if not isinstance(request.auth, ApiKey):
            return False
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        scopes = getattr(view, "scopes", {})
        method = "GET" if request.method == "HEAD" else request.method
        if method not in scopes:
            return False
        if scopes[method] not in request.auth.scopes:
            raise ScopeMissing(scopes[method])
        return True
