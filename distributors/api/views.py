"""What storefronts may ask about members."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import StorefrontApi
from accounts.models import ApiKey
from distributors.api.docs import SHOW_MEMBER
from distributors.api.serializers import MemberOut
from distributors.selectors import versions_at


@extend_schema_view(get=SHOW_MEMBER)
class MemberApi(StorefrontApi):
    """One member."""

    scopes = {"GET": ApiKey.Scope.MEMBERS_READ}

    def get(self, request: Request, code: str) -> Response:
        """Show what others may know of a member, by code."""
        found = versions_at(self.at).select_related("member", "sponsor")
        version = found.filter(member__code=code).first()
        if version is None:
            raise NotFound("There is no member with this code.")
        return Response(MemberOut(version).data)
