"""A member's figures as storefronts get them: each with its state and the moment it shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commissions.plan import Progress
from commissions.selectors.periods import FiguresState
from mlm.fields import MomentOut, MoneyOut, PointsOut, StrictSerializer, TextField, shown_points

PERIOD_LABEL = r"^[0-9A-Za-z][0-9A-Za-z -]{0,38}[0-9A-Za-z]$"


class StandingIn(StrictSerializer):
    """Which period."""

    period = TextField(
        pattern=PERIOD_LABEL,
        wrong='Write a period\'s label, as in "2026-11".',
        required=False,
        help_text="A period's label; without it, the period of today.",
    )


class PeriodOut(serializers.Serializer[Any]):
    """A period: from its start up to, and without, its end."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the field's label
    starts_at = MomentOut()
    ends_at = MomentOut()


class RequirementOut(serializers.Serializer[Any]):
    """One requirement of a rank: points, or how many."""

    requirement = serializers.CharField(source="phrase", help_text="As the plan words it.")
    unit = serializers.SerializerMethodField()
    have = serializers.SerializerMethodField()
    need = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": ["points", "count"]})
    def get_unit(self, progress: Progress) -> str:
        """Return what is counted."""
        return "points" if progress.is_volume else "count"

    def get_have(self, progress: Progress) -> str:
        """Return what is there."""
        return _shown(progress, progress.have)

    def get_need(self, progress: Progress) -> str:
        """Return what is asked for."""
        return _shown(progress, progress.need)

    def get_missing(self, progress: Progress) -> str:
        """Return what is missing; 0 where the requirement is met."""
        return _shown(progress, progress.missing)


class NextRankOut(serializers.Serializer[Any]):
    """The rank above the one that pay uses."""

    name = serializers.CharField()
    requirements = RequirementOut(many=True)


class StandingOut(serializers.Serializer[Any]):
    """A distributor's volumes, rank and earnings in a period."""

    member = serializers.CharField(source="member.code")
    period = PeriodOut(source="run.period")
    state = serializers.ChoiceField(
        choices=[state.value for state in FiguresState],
        help_text="estimated: may still change; provisional: moreover, the period before is not"
        " final; final: posted, it stays.",
    )
    as_of = MomentOut(source="run.as_of", help_text="Orders up to this moment are counted.")
    active = serializers.BooleanField(source="standing.is_active")
    pv = PointsOut(source="standing.pv")
    gv = PointsOut(source="standing.gv")
    cv = PointsOut(source="standing.cv")
    rank = serializers.CharField(allow_null=True, help_text="By this period's figures.")
    paid_as = serializers.CharField(allow_null=True, help_text="The rank that pay uses.")
    next_rank = NextRankOut(allow_null=True, help_text="Null at the top.")
    earnings = MoneyOut("total_minor", of="run.currency")


def _shown(progress: Progress, figure: int) -> str:
    return shown_points(figure) if progress.is_volume else str(figure)
