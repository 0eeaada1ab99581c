"""What a member missed, as storefronts get it: codes, sizes, and the largest orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commissions.api.serializers import PeriodOut
from commissions.engine.reasons import CODES, MEANINGS
from commissions.selectors.periods import FiguresState
from mlm.fields import MomentOut, PointsOut, shown_money, shown_points


def _code(reason: str) -> str:
    return reason.replace(" ", "_")


REASONS: Final = tuple(dict.fromkeys(_code(code) for code in CODES.values()))
"""Every reason that there is, as the API writes it."""


class OrderMissedOut(serializers.Serializer[Any]):
    """One of the largest orders that were not paid: never products, or the customer."""

    order = serializers.CharField(help_text="The order's code.")
    at = serializers.SerializerMethodField()
    base = PointsOut()

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_at(self, order: dict[str, Any]) -> str:
        """Return the order's commission date, in UTC."""
        moment = MomentOut().to_representation(datetime.fromisoformat(order["at"]))
        return str(moment)


class MissedRowOut(serializers.Serializer[Any]):
    """What reached the member in one bonus on one level and was not paid, for one reason."""

    bonus = serializers.CharField(source="name", help_text="As the plan calls it.")
    level = serializers.IntegerField(help_text="Level or generation; 0 where a bonus has none.")
    reason = serializers.SerializerMethodField(
        help_text="Why the member was not paid: "
        + "; ".join(f"{_code(code)}: {said}" for code, said in MEANINGS.items())
        + "."
    )
    passed_on = serializers.BooleanField(
        source="taken", help_text="Somebody above was paid for it instead; else nobody was."
    )
    because = serializers.SerializerMethodField(
        help_text="Of what a leg lost: why it could not be paired, as in reason; else null."
    )
    base = serializers.SerializerMethodField(
        help_text="What all of it would have been paid on, in points; null where it is no volume."
    )
    taken_off = serializers.SerializerMethodField(
        help_text="What a limit took off, if that is the reason; else null."
    )
    people = serializers.IntegerField(
        min_value=0,
        help_text="Of a bonus on others' earnings: how many people earned it. What, stays theirs.",
    )
    orders = serializers.IntegerField(min_value=0, help_text="How many orders that is.")
    largest = OrderMissedOut(many=True, help_text="The largest of them, at most five.")

    @extend_schema_field({"type": "string", "enum": list(REASONS)})
    def get_reason(self, row: dict[str, Any]) -> str:
        """Return the reason's code."""
        return _code(row["reason"])

    @extend_schema_field({"type": ["string", "null"]})
    def get_because(self, row: dict[str, Any]) -> str | None:
        """Return the code of the reason behind a loss."""
        return _code(row["because"]) if row["because"] else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_base(self, row: dict[str, Any]) -> str | None:
        """Return the volume; nothing of what others earned."""
        is_volume = not row["in_money"] and row["amount_minor"] is None
        return shown_points(row["base"]) if is_volume else None

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        }
    )
    def get_taken_off(self, row: dict[str, Any]) -> dict[str, str] | None:
        """Return the money that a limit took off."""
        if row["amount_minor"] is None:
            return None
        return shown_money(row["amount_minor"], self.context["currency"])


class MissedOut(serializers.Serializer[Any]):
    """What a member did not earn in a period, and why; the largest first."""

    member = serializers.CharField(source="member.code")
    period = PeriodOut(source="run.period")
    state = serializers.ChoiceField(choices=[state.value for state in FiguresState])
    answer = serializers.ChoiceField(
        choices=["none", "asked", "older", "current"],
        help_text="none: nobody has asked yet; asked: it is being looked up, come again in a few"
        " seconds; older: of figures before the present ones, ask again for those; current.",
    )
    as_of = MomentOut(allow_null=True, help_text="Orders up to this moment are looked at.")
    missed = MissedRowOut(many=True)
