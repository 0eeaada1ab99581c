"""Who calls: a storefront, by the key in the Authorization header."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from typing_extensions import override

from accounts.models import ApiKey
from accounts.services import find_key, note_use

SCHEME: Final = "Bearer"


class KeyAuthentication(BaseAuthentication):
    """Takes `Authorization: Bearer <key>`; the key says which storefront it is."""

    @override
    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """Return nobody signed in and the key; None without a key, an error for a wrong one."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower() or not text.strip():
            return None
        at = timezone.now()
        key = find_key(text.strip(), at=at)
        if key is None:
            raise AuthenticationFailed("This key is wrong, revoked or expired.", "key_refused")
        note_use(key, at=at)
        return AnonymousUser(), key

    @override
    def authenticate_header(self, request: Request) -> str:
        """Return what WWW-Authenticate says with a 401."""
        return f'{SCHEME} realm="Upline API"'


def key_of(request: Request) -> ApiKey:
    """Return the key that a request came with; there is one wherever a scope was asked for."""
    if not isinstance(request.auth, ApiKey):
        raise NotAuthenticated
    return request.auth


class KeyScheme(OpenApiAuthenticationExtension):
    """Says in the API's description how a key is sent."""

    target_class = KeyAuthentication
    name = "ApiKey"

    @override
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "upl_live_…",
            "description": "A storefront's key, as it was shown when it was made.",
        }
