"""What storefronts are told about members: what stands on a visiting card, and no contact."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from distributors.models import MemberVersion, Role, Status
from distributors.names import shortened
from mlm.fields import MomentOut


class MemberOut(serializers.Serializer[Any]):
    """A member as others may know them."""

    code = serializers.CharField(source="member.code")
    name = serializers.SerializerMethodField(help_text="First name and initial.")
    role = serializers.ChoiceField(choices=Role.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    market = serializers.CharField(source="member.market_id")
    sponsor = serializers.SerializerMethodField(help_text="Their sponsor's code.")
    joined_at = MomentOut(source="member.joined_at")

    def get_sponsor(self, version: MemberVersion) -> str | None:
        """Return who they sit under; nobody at the top."""
        return version.sponsor.code if version.sponsor else None

    def get_name(self, version: MemberVersion) -> str:
        """Return as much of the name as strangers see."""
        return shortened(version.member.name)
