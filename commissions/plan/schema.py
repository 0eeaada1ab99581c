"""The JSON Schema of a plan file, made from the models that check one."""

from __future__ import annotations

from typing import Any

from commissions.plan.bonuses import KINDS
from commissions.plan.models import PlanTable


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema; an editor that knows it completes keys and marks mistakes."""
    schema = PlanTable.model_json_schema()
    kinds = [kind.table.model_json_schema() for kind in KINDS.values()]
    schema["properties"]["bonus"]["items"] = {"oneOf": kinds}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Compensation plan"
    return schema
