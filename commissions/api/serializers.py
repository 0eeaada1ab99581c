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
    """One requirement of a rank: points, how many, or yes or no."""

    requirement = serializers.CharField(source="phrase", help_text="As the plan words it.")
    part_of = serializers.CharField(
        source="requirement",
        help_text="The whole requirement; where it can be met in several ways, this is the nearest"
        " of them.",
    )
    unit = serializers.SerializerMethodField(
        help_text="points; count: people, customers, days or months; yes_or_no: 1 for yes, 0 for"
        " no."
    )
    compare = serializers.SerializerMethodField(
        help_text="at_least: what is there must reach what is needed; less_than: stay below it."
    )
    met = serializers.BooleanField(source="is_met")
    have = serializers.SerializerMethodField()
    need = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": ["points", "count", "yes_or_no"]})
    def get_unit(self, progress: Progress) -> str:
        """Return what is counted."""
        if progress.is_yes_or_no:
            return "yes_or_no"
        return "points" if progress.is_volume else "count"

    @extend_schema_field({"type": "string", "enum": ["at_least", "less_than"]})
    def get_compare(self, progress: Progress) -> str:
        """Return in which way what is there is compared with what is needed."""
        return "less_than" if progress.is_below else "at_least"

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


class VolumeOut(serializers.Serializer[Any]):
    """One of the plan's volumes."""

    name = serializers.CharField(help_text="As the plan calls it.")
    points = PointsOut()


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
    volumes = VolumeOut(many=True, help_text="Every volume that the plan names, in its order.")
    to_be_active = RequirementOut(many=True, help_text="What it takes to be active.")
    rank = serializers.CharField(allow_null=True, help_text="By this period's figures.")
    paid_as = serializers.CharField(allow_null=True, help_text="The rank that pay uses.")
    title = serializers.CharField(allow_null=True, help_text="What the member may call themselves.")
    highest = serializers.CharField(allow_null=True, help_text="The highest rank ever reached.")
    to_keep = NextRankOut(
        allow_null=True, help_text="What keeps the rank that pay uses; null without one."
    )
    next_rank = NextRankOut(allow_null=True, help_text="Null at the top.")
    earnings = MoneyOut("total_minor", of="run.currency")


def _shown(progress: Progress, figure: int) -> str:
    return shown_points(figure) if progress.is_volume else str(figure)
