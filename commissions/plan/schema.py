"""The JSON Schema of a plan file, made from the models that check one.

`python -m commissions.plan > docs/plan.schema.json` writes it anew.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from commissions.plan.bonuses import KINDS, market_table
from commissions.plan.models import LevelsTable, PlanTable, ReserveTable, Table
from commissions.plan.texts import VolumeText


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema; an editor that knows it completes keys and marks mistakes."""
    bonuses = [kind.table for kind in KINDS.values()]
    in_markets = [market_table(kind) for kind in KINDS]
    models: list[type[Table]] = [PlanTable, *bonuses, LevelsTable, ReserveTable, *in_markets]
    where, schema = models_json_schema([(model, "validation") for model in models])
    parts = schema["$defs"]

    def either(*those: Any) -> list[Any]:
        return [where[model, "validation"] for model in those]

    plan = parts.pop("PlanTable")
    plan["properties"]["bonus"]["items"] = {"oneOf": either(*bonuses)}
    plan["properties"]["volume"]["additionalProperties"] = {
        "anyOf": [TypeAdapter(VolumeText).json_schema(), *either(LevelsTable, ReserveTable)]
    }
    parts["MarketTable"]["properties"]["bonus"]["additionalProperties"] = {
        "anyOf": either(*in_markets)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": parts,
        **plan,
        "title": "Compensation plan",
    }
